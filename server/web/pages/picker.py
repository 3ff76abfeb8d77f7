"""The picking step: the first day that has a free time, its times, and the weeks around it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from markupsafe import Markup

from server import clock
from server.booking.slots import DaySlots, Slot, last_day, next_available, slots_between, times_are_current
from server.links.pages import SchedulingPage
from server.web.pages.days import WEEKS, Week, block_start, weeks_of
from server.web.pages.visit import Visit, written
from server.wording import say, say_html, when

_UNGROUPED = 6
# A range of times never wraps between its ends, nor after its hyphen.
_UNBROKEN = str.maketrans({" ": "\N{NO-BREAK SPACE}", "-": "-\N{WORD JOINER}"})


@dataclass(frozen=True, slots=True)
class Chip:
    """A time to tap: what is sent, what is seen, and the whole of it in words."""

    value: str
    clock: str
    words: str


@dataclass(frozen=True, slots=True)
class Group:
    """The times of a part of the day, with a heading where there are many."""

    title: str | None
    chips: tuple[Chip, ...]


@dataclass(frozen=True, slots=True)
class Segment:
    """One of the durations."""

    label: str
    href: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Turn:
    """Where the arrows lead; None where there is nothing further on."""

    title: str
    earlier: str | None
    later: str | None


@dataclass(frozen=True, slots=True)
class Picker:
    """Everything to choose from. `day` is None when the whole window has nothing."""

    durations: tuple[Segment, ...]
    weeks: tuple[Week, ...]
    weekdays: tuple[str, ...]
    by_week: Turn
    by_block: Turn
    date: str | None
    day: str | None
    groups: tuple[Group, ...]
    count: int
    note: Markup | None
    has_wide_times: bool
    all_weeks: str
    one_week: str


@dataclass(frozen=True, slots=True)
class _Found:
    first: date
    days: Sequence[DaySlots]
    chosen: DaySlots | None


@dataclass(frozen=True, slots=True)
class _Own:
    """What is the visitor's own, and not in their way."""

    meeting: int | None
    hold: int | None


async def picker_of(
    page: SchedulingPage, visit: Visit, *, moving: int | None = None, own_hold: int | None = None
) -> Picker:
    """The picking step for this visit. `moving` is a meeting about to be moved and `own_hold` the visitor's hold of
    another time: neither is in the way."""
    today = clock.now().astimezone(ZoneInfo(visit.tz)).date()
    found = await _found(page, visit, today, _Own(moving, own_hold))
    chosen = found.chosen.date if found.chosen else today
    counts = {one.date: len(one.slots) for one in found.days}
    groups = groups_of(found.chosen.slots, visit.tz, visit.locale) if found.chosen else ()
    return Picker(
        durations=() if moving else _durations(page, visit),
        weeks=weeks_of(
            found.first,
            counts,
            chosen=chosen,
            today=today,
            locale=visit.locale,
            href=lambda day: visit.address(date=day.isoformat()),
        ),
        weekdays=tuple(when.short_weekday(found.first + timedelta(days=one), visit.locale) for one in range(7)),
        by_week=_week_turn(visit, found, chosen, last_day(page, today)),
        by_block=_block_turn(visit, found.first, today, last_day(page, today)),
        date=chosen.isoformat() if found.chosen else None,
        day=when.day(chosen, visit.locale) if found.chosen else None,
        groups=groups,
        count=len(found.chosen.slots) if found.chosen else 0,
        note=_note(visit, found, today) or await _mark(page, visit),
        has_wide_times=any(len(chip.clock) > 5 for group in groups for chip in group.chips),
        all_weeks=visit.address(weeks="all"),
        one_week=visit.address(weeks=None),
    )


def groups_of(slots: Sequence[Slot], tz: str, locale: str) -> tuple[Group, ...]:
    """The times as chips; morning, afternoon and evening apart when there are more than six."""
    if len(slots) <= _UNGROUPED:
        return (Group(None, tuple(chip_of(one, tz, locale) for one in slots)),)
    parts: dict[str, list[Chip]] = {}
    for slot in slots:
        parts.setdefault(when.part_of_day(slot.starts_at.astimezone(ZoneInfo(tz)), locale), []).append(
            chip_of(slot, tz, locale)
        )
    return tuple(Group(say(locale, f"page.{part}"), tuple(chips)) for part, chips in parts.items())


def chip_of(slot: Slot, tz: str, locale: str) -> Chip:
    """One time to tap."""
    span = when.span(slot.starts_at, slot.ends_at, tz, locale).translate(_UNBROKEN)
    day = when.short_day(slot.starts_at.astimezone(ZoneInfo(tz)), locale)
    words = say(locale, "when.joined", day=day, clock=span)
    return Chip(written(slot.starts_at), when.clock(slot.starts_at, tz, locale), words)


async def _found(page: SchedulingPage, visit: Visit, today: date, own: _Own) -> _Found:
    wanted = min(max(visit.day or today, today), max(today, last_day(page, today)))
    first = block_start(wanted, today, visit.locale)
    days = await _block(page, visit, first, today, own)
    if not days:
        soonest = await next_available(
            page, duration_minutes=visit.duration_minutes, viewer_tz=visit.tz, ignoring_meeting=own.meeting
        )
        if soonest is None:
            return _Found(first, (), None)
        wanted = soonest.starts_at.astimezone(ZoneInfo(visit.tz)).date()
        first = block_start(wanted, today, visit.locale)
        days = await _block(page, visit, first, today, own)
    return _Found(first, days, next((one for one in days if one.date >= wanted), days[-1] if days else None))


async def _block(page: SchedulingPage, visit: Visit, first: date, today: date, own: _Own) -> Sequence[DaySlots]:
    return await slots_between(
        page,
        start=max(first, today),
        end=first + timedelta(days=7 * WEEKS - 1),
        duration_minutes=visit.duration_minutes,
        viewer_tz=visit.tz,
        ignoring_meeting=own.meeting,
        ignoring_hold=own.hold,
    )


async def _mark(page: SchedulingPage, visit: Visit) -> Markup | None:
    """That the times rest on what a calendar said last, while it cannot be reached."""
    return None if await times_are_current(page) else say_html(visit.locale, "page.not_current")


def _durations(page: SchedulingPage, visit: Visit) -> tuple[Segment, ...]:
    offered = page.link.durations_minutes
    if len(offered) < 2:
        return ()
    return tuple(
        Segment(
            say(visit.locale, "page.minutes", count=minutes),
            visit.address(duration=minutes),
            minutes == visit.duration_minutes,
        )
        for minutes in offered
    )


def _week_turn(visit: Visit, found: _Found, chosen: date, last: date) -> Turn:
    """To the nearest week on either side that has free times; beyond the five weeks, to the next or last five."""
    week = when.week_of(chosen, visit.locale)
    earlier = [one.date for one in found.days if one.date < week]
    later = [one.date for one in found.days if one.date >= week + timedelta(days=7)]
    nearest_earlier = when.week_of(earlier[-1], visit.locale) if earlier else None
    block_ends = found.first + timedelta(weeks=WEEKS)
    before = next((one for one in earlier if nearest_earlier and one >= nearest_earlier), _before(found.first, visit))
    after = later[0] if later else (block_ends if block_ends <= last else None)
    title = when.days(week, week + timedelta(days=6), visit.locale)
    return Turn(title, _to(visit, before), _to(visit, after))


def _block_turn(visit: Visit, first: date, today: date, last: date) -> Turn:
    end = first + timedelta(weeks=WEEKS)
    before = first - timedelta(weeks=WEEKS) if first > today else None
    title = when.days(first, end - timedelta(days=1), visit.locale)
    return Turn(title, _to(visit, before), _to(visit, end if end <= last else None))


def _before(first: date, visit: Visit) -> date | None:
    today = clock.now().astimezone(ZoneInfo(visit.tz)).date()
    return first - timedelta(days=7) if first > today else None


def _to(visit: Visit, day: date | None) -> str | None:
    return visit.address(date=day.isoformat()) if day else None


def _note(visit: Visit, found: _Found, today: date) -> Markup | None:
    if found.chosen is None or found.chosen.date == visit.day:
        return None
    if visit.day is not None:
        return say_html(visit.locale, "page.nothing_that_day", day=when.day(visit.day, visit.locale))
    if when.week_of(found.chosen.date, visit.locale) == when.week_of(today, visit.locale):
        return None
    return say_html(visit.locale, "page.nothing_before", day=when.day(found.chosen.date, visit.locale))
