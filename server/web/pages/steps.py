"""The steps of the scheduling page as HTML: the times, the zone, the details."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from server import clock, ids
from server.booking.slots import last_day
from server.links.pages import SchedulingPage
from server.models import Rotation
from server.models.enums import LocationKind
from server.web.pages.about import About, about_of, zone_line
from server.web.pages.answering import page_answer
from server.web.pages.frame import frame_of
from server.web.pages.lost import Lost
from server.web.pages.picker import picker_of
from server.web.pages.rendering import rendered
from server.web.pages.spam_guard import seen_for
from server.web.pages.typed import MOST_GUESTS, Typed
from server.web.pages.visit import Visit, written
from server.web.pages.zones import guessed, zone_groups
from server.wording import say, when


@dataclass(frozen=True, slots=True)
class Details:
    """The second step as it has to be shown: what is typed, what was wrong, and the time that was lost."""

    typed: Typed
    lost: Lost | None = None
    mistakes: Mapping[str, str] = field(default_factory=dict)
    alarm: str | None = None
    status: int = 200
    retry_after: int | None = None


@dataclass(frozen=True, slots=True)
class Moving:
    """What is different when the time is chosen for a meeting that stands already: it is posted at once."""

    meeting_id: int
    title: str
    now_line: Markup
    button: str
    back: str
    lost: Lost | None = None


async def times_step(
    request: Request, page: SchedulingPage, visit: Visit, moving: Moving | None = None, *, status: int = 200
) -> Response:
    """The first thing a visitor sees: times to tap."""
    picker = await picker_of(page, visit, moving=moving.meeting_id if moving else None)
    key = ids.new_secret()[:22]
    today = clock.now().astimezone(ZoneInfo(visit.tz)).date()
    is_locked = page.link.locks_time_zone
    html = rendered(
        "picking.html",
        locale=visit.locale,
        **frame_of(
            page.account,
            visit.locale,
            lambda tag: visit.address(lang=tag),
            zone=visit.tz,
            guesses="tz" not in visit.carried and not is_locked,
        ),
        about=await about(page, visit, with_duration=not picker.durations),
        step="picking",
        picker=picker,
        shows_all=visit.shows_all_weeks,
        zone_line=zone_line(visit.tz, visit.locale),
        zone_words=when.zone_plain(visit.tz, visit.locale),
        zone_href=None if is_locked else visit.address(change="zone"),
        nothing_until=when.day(last_day(page, today), visit.locale),
        moving=moving,
        lost=moving.lost if moving else None,
        method="post" if moving else "get",
        action=visit.address() if moving else visit.path,
        hidden={"key": key} if moving else {**visit.carried, "key": key},
        button=moving.button if moving else say(visit.locale, "page.continue"),
    )
    return page_answer(request, html, status=status)


async def zone_step(request: Request, page: SchedulingPage, visit: Visit) -> Response:
    """Every zone by region, each with its present clock time."""
    near = (visit.tz, guessed(request.headers.get("accept-language", ""), page.tz), page.tz)
    kept = {name: value for name, value in visit.carried.items() if name != "tz"}
    html = rendered(
        "zone.html",
        locale=visit.locale,
        **frame_of(page.account, visit.locale, lambda tag: visit.address(lang=tag, change="zone")),
        about=await about(page, visit),
        step="zone",
        groups=zone_groups(clock.now(), visit.locale, visit.tz, near),
        action=visit.path,
        hidden={**kept, **({"date": visit.day.isoformat()} if visit.day else {})},
    )
    return page_answer(request, html)


async def details_step(request: Request, page: SchedulingPage, visit: Visit, details: Details) -> Response:
    """The chosen time in words, and the form, with everything that was typed still in it."""
    typed = details.typed
    starts_at = typed.starts_at or visit.starts_at
    if starts_at is None:
        return RedirectResponse(visit.address(), status_code=303)
    day = starts_at.astimezone(ZoneInfo(visit.tz)).date()
    key = typed.key or ids.new_secret()[:22]
    html = rendered(
        "details.html",
        locale=visit.locale,
        **frame_of(page.account, visit.locale, lambda tag: visit.address(lang=tag, start=written(starts_at), key=key)),
        about=await about(page, visit, with_duration=True),
        step="details",
        typed=typed,
        lost=details.lost,
        mistakes=details.mistakes,
        alarm=details.alarm,
        start=written(starts_at),
        summary={
            "day": when.date_in_full(day, visit.locale),
            "span": when.span(starts_at, starts_at + timedelta(minutes=visit.duration_minutes), visit.tz, visit.locale),
            "zone": when.zone_name(visit.tz, starts_at, visit.locale),
        },
        back=visit.address(date=day.isoformat()),
        action=visit.address(),
        keep_as=page.slug,
        hidden={"key": key, "seen": seen_for(typed, page.slug)},
        asks_phone=page.link.location_kind is LocationKind.PHONE and not page.link.location_text,
        questions=[_question(one) for one in page.link.questions],
        guests_max=min(page.link.guests_max, MOST_GUESTS),
    )
    return page_answer(request, html, status=details.status, retry_after=details.retry_after)


async def about(page: SchedulingPage, visit: Visit, *, with_duration: bool = False) -> About:
    """Who invites to what; a round robin under the name of its team."""
    rotation = await Rotation.get_or_none(id=page.link.rotation_id) if page.link.rotation_id is not None else None
    return about_of(
        page,
        visit.locale,
        team=rotation.name if rotation else None,
        duration_minutes=visit.duration_minutes if with_duration else None,
    )


def _question(question: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"kind": "TEXT", "required": False, "options": (), **question}
