"""The free starts of a scheduling page, and why a time is not one of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from server import clock
from server.availability import Member, Page, Reason, by_date, explain, offered
from server.availability.gather import Except, gather
from server.availability.silence import are_in_reach
from server.errors import ErrorCode, refusal
from server.links.pages import SchedulingPage
from server.models.enums import WindowKind

LONGEST_LIST = 62
"""Days that one list may span (the bound is named in the schema)."""

FIRST_LOOK = 7
"""Days in which the first free slot is looked for before whole months are read: it nearly always is there."""


class Slot(NamedTuple):
    """A start that can be booked right now, and the end that belongs to it."""

    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class DaySlots:
    """The slots that start on one local day of whoever asked; never empty."""

    date: date
    slots: list[Slot]


async def slots_between(
    page: SchedulingPage,
    *,
    start: date,
    end: date,
    duration_minutes: int | None,
    viewer_tz: str,
    ignoring_meeting: int | None = None,
    ignoring_hold: int | None = None,
) -> list[DaySlots]:
    """The free slots that start on the viewer's days `start` to `end`, both included, at most 62 days.

    `ignoring_meeting` is a meeting about to be moved and `ignoring_hold` the asker's own hold: neither is busy."""
    if end < start or (end - start).days >= LONGEST_LIST:
        raise refusal(
            ErrorCode.TIME_RANGE_INVALID, f"Ask for 1 to {LONGEST_LIST} days, the last not before the first.", "to"
        )
    if not page.is_open:
        return []
    duration = asked_duration(page, duration_minutes)
    exempt = Except(meeting_id=ignoring_meeting, hold_id=ignoring_hold)
    rules, members = await gathered(page, start=start, end=end, exempt=exempt)
    offers = offered(
        rules, members, now=clock.now_epoch(), start=start, end=end, duration=duration, viewer_tz=viewer_tz
    )
    days = by_date([offer.start for offer in offers], viewer_tz)
    length = timedelta(minutes=duration)
    return [DaySlots(day, [_slot(start, length) for start in starts]) for day, starts in days]


async def next_available(
    page: SchedulingPage, *, duration_minutes: int | None, viewer_tz: str, ignoring_meeting: int | None = None
) -> Slot | None:
    """The first free slot from now on, looked for as far as the page's window reaches; None if there is none."""
    today = clock.now().astimezone(ZoneInfo(viewer_tz)).date()
    last = last_day(page, today) + timedelta(days=1)
    first = max(today, _first_day(page, today))
    length = FIRST_LOOK
    while first <= last:
        until = min(first + timedelta(days=length - 1), last)
        days = await slots_between(
            page,
            start=first,
            end=until,
            duration_minutes=duration_minutes,
            viewer_tz=viewer_tz,
            ignoring_meeting=ignoring_meeting,
        )
        if days:
            return days[0].slots[0]
        first, length = until + timedelta(days=1), LONGEST_LIST
    return None


async def explain_slot(
    page: SchedulingPage,
    starts_at: datetime,
    *,
    duration_minutes: int | None = None,
    ignoring_meeting: int | None = None,
    ignoring_hold: int | None = None,
) -> list[Reason]:
    """Every reason why this start is not offered; none when it is. Of a host's time they say "Busy" and no more."""
    day = starts_at.astimezone(UTC).date()
    exempt = Except(meeting_id=ignoring_meeting, hold_id=ignoring_hold)
    rules, members = await gathered(page, start=day, end=day, exempt=exempt)
    start, duration = int(starts_at.timestamp()), asked_duration(page, duration_minutes)
    return explain(rules, members, now=clock.now_epoch(), start=start, duration=duration)


async def times_are_current(page: SchedulingPage) -> bool:
    """Whether every calendar of the page's hosts could be reached; else the times rest on what one of them said last,
    for as long as that holds (rule 20)."""
    return await are_in_reach([host.id for host in page.hosts])


async def gathered(
    page: SchedulingPage, *, start: date, end: date, exempt: Except | None = None
) -> tuple[Page, list[Member]]:
    """The page and its members as the slot engine takes them, with what is busy around these days in any zone."""
    return await gather(
        page.link,
        page.hosts,
        places=page.places,
        tz=page.tz,
        start=start,
        end=end,
        exempt=exempt,
        version=page.account.data_version,
    )


def asked_duration(page: SchedulingPage, minutes: int | None) -> int:
    """The minutes asked for, whatever they are; those that the page offers first if none were."""
    return default_duration(page) if minutes is None else minutes


def default_duration(page: SchedulingPage) -> int:
    """The length in minutes that a visitor gets who did not choose one: the first of the link's list."""
    return page.link.durations_minutes[0]


def _slot(start: int, length: timedelta) -> Slot:
    """The slot that begins at an epoch second."""
    starts_at = datetime.fromtimestamp(start, UTC)
    return Slot(starts_at, starts_at + length)


def _first_day(page: SchedulingPage, today: date) -> date:
    """The first day of the page's window in any zone; today where the window goes with the day."""
    starts_on = page.link.window_starts_on if page.link.window_kind is WindowKind.DATE_RANGE else None
    return today if starts_on is None else starts_on - timedelta(days=1)


def last_day(page: SchedulingPage, today: date) -> date:
    """The last day of the page's window in its own zone, or one soon after it; other zones may still have the next."""
    link = page.link
    if link.window_kind is WindowKind.DATE_RANGE and link.window_ends_on is not None:
        return link.window_ends_on
    is_business = link.window_kind is WindowKind.ROLLING_BUSINESS
    return today + timedelta(days=link.window_days * 7 // 5 + 2 if is_business else link.window_days)
