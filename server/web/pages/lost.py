"""The time that somebody else took first: the nearest ones beside the form that is kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from markupsafe import Markup

from server import clock
from server.booking.already_booked import booked_by_form
from server.booking.form_hold import form_hold
from server.booking.nearest import nearest_free
from server.booking.slots import Slot, explain_slot, slots_between
from server.booking.why_not import is_taken
from server.links.pages import SchedulingPage
from server.web.pages.picker import Group, chip_of, groups_of
from server.web.pages.visit import Visit, written
from server.wording import say_html, when

_REACH_OF_ALL = timedelta(days=21)
_DAYS_OF_ALL = 3


@dataclass(frozen=True, slots=True)
class LostDay:
    """Free times of one day, under its name."""

    title: Markup
    groups: tuple[Group, ...]


@dataclass(frozen=True, slots=True)
class Lost:
    """The box above the form: what happened, and what is free instead. `value` is the time that is gone, `chosen`
    the one already picked, so that one more tap books."""

    value: str
    message: Markup
    days: tuple[LostDay, ...]
    chosen: str | None
    shows_all: bool
    has_wide_times: bool
    is_perhaps_theirs: bool = False


def nearest_instead(
    starts_at: datetime, free: Sequence[Slot], visit: Visit, *, was_taken: bool, is_perhaps_theirs: bool = False
) -> Lost:
    """The box with the nearest free times, the nearest one already picked."""
    nearest = min(free, key=lambda slot: abs(slot.starts_at - starts_at), default=None)
    days = [
        LostDay(
            say_html(visit.locale, "lost.nearest", day=when.day(day, visit.locale)),
            (Group(None, tuple(chip_of(slot, visit.tz, visit.locale) for slot in slots)),),
        )
        for day, slots in _by_day(free, visit.tz).items()
    ]
    return _box(starts_at, days, visit, was_taken, nearest, is_perhaps_theirs=is_perhaps_theirs)


async def all_instead(
    page: SchedulingPage, starts_at: datetime, visit: Visit, *, was_taken: bool, moving: int | None = None
) -> Lost:
    """The box with every free time of that day and the next ones, three days that have some."""
    today = clock.now().astimezone(ZoneInfo(visit.tz)).date()
    first = max(today, starts_at.astimezone(ZoneInfo(visit.tz)).date())
    found = await slots_between(
        page,
        start=first,
        end=first + _REACH_OF_ALL,
        duration_minutes=visit.duration_minutes,
        viewer_tz=visit.tz,
        ignoring_meeting=moving,
    )
    days = [
        LostDay(
            Markup("<bdi>{}</bdi>").format(when.day(one.date, visit.locale)),
            groups_of(one.slots, visit.tz, visit.locale),
        )
        for one in found[:_DAYS_OF_ALL]
    ]
    return _box(starts_at, days, visit, was_taken, None, shows_all=True)


async def lost_meanwhile(page: SchedulingPage, visit: Visit, starts_at: datetime, key: str) -> Lost | None:
    """What to say when the time is gone before the form is even shown; None while it is still free, or the form's."""
    own = await form_hold(page, key)
    reasons = await explain_slot(
        page, starts_at, duration_minutes=visit.duration_minutes, ignoring_hold=own.id if own else None
    )
    if not reasons:
        return None
    return nearest_instead(
        starts_at,
        await nearest_free(page, starts_at, duration_minutes=visit.duration_minutes),
        visit,
        was_taken=starts_at > clock.now() and is_taken(reasons, page.link.kind),
        is_perhaps_theirs=await _is_booked(page, starts_at, key),
    )


async def _is_booked(page: SchedulingPage, starts_at: datetime, key: str) -> bool:
    """Whether it was this very form that took the time."""
    booked = await booked_by_form(page, key)
    return any(one.starts_at == starts_at and one.canceled_at is None for one in booked)


def _box(
    starts_at: datetime,
    days: Sequence[LostDay],
    visit: Visit,
    was_taken: bool,
    chosen: Slot | None,
    *,
    shows_all: bool = False,
    is_perhaps_theirs: bool = False,
) -> Lost:
    kept_from_them = "lost.taken" if was_taken else "lost.too_close"
    key = "lost.booked" if is_perhaps_theirs else kept_from_them
    return Lost(
        value=written(starts_at),
        message=say_html(visit.locale, key, clock=when.clock(starts_at, visit.tz, visit.locale)),
        days=tuple(days),
        chosen=written(chosen.starts_at) if chosen else None,
        shows_all=shows_all,
        has_wide_times=any(len(chip.clock) > 5 for day in days for group in day.groups for chip in group.chips),
        is_perhaps_theirs=is_perhaps_theirs,
    )


def _by_day(free: Sequence[Slot], tz: str) -> dict[date, list[Slot]]:
    days: dict[date, list[Slot]] = {}
    for slot in free:
        days.setdefault(slot.starts_at.astimezone(ZoneInfo(tz)).date(), []).append(slot)
    return days
