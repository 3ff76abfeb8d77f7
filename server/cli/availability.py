"""`parley slots` and `parley explain`: what a scheduling page offers, and why not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from textwrap import fill
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from server import clock
from server.availability import Reason, ReasonCode
from server.booking.slots import LONGEST_LIST, DaySlots, default_duration, explain_slot, slots_between
from server.booking.why_not import SENTENCES
from server.checks import valid_time_zone
from server.cli.answering import Json, answer
from server.cli.running import on_database, plainly
from server.errors import ErrorCode, refusal
from server.links.pages import SchedulingPage, scheduling_page_of

Slug = Annotated[str, typer.Argument(help="The last part of the page's address, such as ines-almeida.")]
Minutes = Annotated[int | None, typer.Option("--minutes", min=1, help="Length wanted; the page's first if left out.")]

_WIDTH = 96
_LONGEST_CODE = max(len(code) for code in ReasonCode)


def slots(
    slug: Slug,
    days: Annotated[int, typer.Option(min=1, max=LONGEST_LIST, help="How many days, from today on.")] = 7,
    minutes: Minutes = None,
    time_zone: Annotated[str | None, typer.Option(help="Whose days; the page's zone if left out.")] = None,
    as_json: Json = False,
) -> None:
    """List the free starts of a scheduling page."""

    async def look() -> tuple[SchedulingPage, str, list[DaySlots]]:
        page = await _page(slug)
        tz = valid_time_zone(time_zone, "timeZone") if time_zone else page.tz
        today = clock.now().astimezone(ZoneInfo(tz)).date()
        last = today + timedelta(days=days - 1)
        return page, tz, await slots_between(page, start=today, end=last, duration_minutes=minutes, viewer_tz=tz)

    page, tz, found = on_database(look)
    facts = [
        {"date": day.date.isoformat(), "slots": [clock.written(slot.starts_at) for slot in day.slots]} for day in found
    ]
    if not found:
        answer(facts, sentence=f"Nothing is free within {days} days.", as_json=as_json)
        return
    heading = f"Starts of {minutes or default_duration(page)} minutes on {page.slug}, {tz}:"
    answer(facts, sentence="\n".join([heading, *(_line(day, tz) for day in found)]), as_json=as_json)


def explain(
    slug: Slug,
    time: Annotated[str, typer.Argument(help="A start with its offset, such as 2026-11-24T10:00:00+01:00.")],
    minutes: Minutes = None,
    as_json: Json = False,
) -> None:
    """Say why a time can or cannot be booked, every reason at once."""

    async def look() -> tuple[SchedulingPage, list[Reason]]:
        page = await _page(slug)
        return page, await explain_slot(page, start, duration_minutes=minutes)

    with plainly():
        start = _start(time)
    page, reasons = on_database(look)
    facts = {
        "offered": not reasons,
        "reasons": [{"code": str(one.code), "until": _until(one), "member": one.member} for one in reasons],
    }
    length = f"{minutes or default_duration(page)} minutes"
    lines = [f"{time} cannot be booked for {length}:", *(_sentence(one, page, start) for one in reasons)]
    answer(facts, sentence="\n".join(lines) if reasons else f"{time} can be booked for {length}.", as_json=as_json)


async def _page(slug: str) -> SchedulingPage:
    page = await scheduling_page_of(slug)
    if page is None:
        raise refusal(ErrorCode.LINK_NOT_FOUND, f"No scheduling page has the slug {slug}. It is what follows /m/.")
    return page


def _start(text: str) -> datetime:
    try:
        start = datetime.fromisoformat(text)
    except ValueError:
        start = None
    if start is None or start.tzinfo is None:
        message = f"{text} is no time with an offset. Write it like 2026-11-24T10:00:00+01:00."
        raise refusal(ErrorCode.TIME_RANGE_INVALID, message)
    return start


def _sentence(reason: Reason, page: SchedulingPage, start: datetime) -> str:
    """The code, what it means, until when on the page's clock, and about whom it is."""
    names = {host.id: host.name for host in page.hosts}
    who = "" if reason.member is None else f" [{names.get(int(reason.member), f'user {reason.member}')}]"
    ends = ""
    if reason.until is not None:
        is_over = reason.until <= start.timestamp() and reason.code is ReasonCode.WINDOW
        ends = f", {'which ended' if is_over else 'until'} {_day_and_time(reason.until, page.tz)}"
    return f"  {reason.code:<{_LONGEST_CODE}}  {SENTENCES[reason.code]}{ends}{who}"


def _line(day: DaySlots, tz: str) -> str:
    """One day's starts, folded under each other where they are many."""
    starts = " ".join(_wall(slot.starts_at, tz) for slot in day.slots)
    return fill(starts, width=_WIDTH, initial_indent=f"{day.date:%a %d %b}  ", subsequent_indent=" " * 12)


def _day_and_time(instant: int, tz: str) -> str:
    return f"{datetime.fromtimestamp(instant, ZoneInfo(tz)):%a %d %b %Y %H:%M:%S} {tz}"


def _until(reason: Reason) -> str | None:
    return clock.written(datetime.fromtimestamp(reason.until, UTC)) if reason.until is not None else None


def _wall(instant: datetime, tz: str) -> str:
    return instant.astimezone(ZoneInfo(tz)).strftime("%H:%M")
