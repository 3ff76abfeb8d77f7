"""Weeks of days as a visitor picks from them. Pure: dates, counts and words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from server.wording import when

WEEKS = 5


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the strip. What is visible is a short weekday, a number and a count; `weekday_rest`, `before` and
    `after` are heard only, and make the spoken name whole. `href` is None where there is nothing to pick."""

    date: date
    weekday: str
    weekday_rest: str
    before: str
    number: str
    after: str
    month: str | None
    count: int
    href: str | None
    is_past: bool
    is_today: bool
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Week:
    """Seven days; `is_chosen` for the one that a phone shows."""

    days: tuple[Day, ...]
    is_chosen: bool


def block_start(of: date, today: date, locale: str) -> date:
    """The first day of the five weeks in which `of` stands, counted from the current week."""
    first = when.week_of(today, locale)
    return first + timedelta(weeks=max(0, (of - first).days // 7 // WEEKS * WEEKS))


def weeks_of(
    first: date,
    counts: Mapping[date, int],
    *,
    chosen: date,
    today: date,
    locale: str,
    href: Callable[[date], str],
) -> tuple[Week, ...]:
    """Five weeks from `first`: `counts` says how many free times a day has, `href` where a day leads."""
    weeks = []
    for number in range(WEEKS):
        dates = [first + timedelta(days=7 * number + offset) for offset in range(7)]
        days = tuple(_day(one, first, counts.get(one, 0), chosen, today, locale, href) for one in dates)
        weeks.append(Week(days, chosen in dates))
    return tuple(weeks)


def _day(of: date, first: date, count: int, chosen: date, today: date, locale: str, href: Callable[[date], str]) -> Day:
    weekday, in_full = when.short_weekday(of, locale), when.weekday(of, locale)
    number = when.day_number(of, locale)
    before, _, after = when.day_and_month(of, locale).partition(number)
    return Day(
        date=of,
        weekday=weekday,
        weekday_rest=in_full.removeprefix(weekday) if in_full.startswith(weekday) else f" {in_full}",
        before=before,
        number=number,
        after=after,
        month=when.short_day_and_month(of, locale) if of.day == 1 or (of == first and of > today) else None,
        count=count,
        href=href(of) if count else None,
        is_past=of < today,
        is_today=of == today,
        is_chosen=of == chosen,
    )
