"""How soon and how far ahead a page may be booked."""

from math import ceil

from server.availability.intervals import Span, common, without
from server.availability.member import weekday_of
from server.availability.page import Page, WindowKind
from server.availability.zones import day_at, day_number, readings

_FAR = 1 << 60


def notice_ends(page: Page, now: int) -> int:
    """The first instant that is not too soon (rule 8)."""
    return ceil(now + page.min_notice * 60)


def window_days(page: Page, now: int) -> tuple[int, int]:
    """The first and the last date, as day numbers in the page zone, on which a slot may start (rule 9)."""
    window = page.window
    if window is None:
        return -_FAR, _FAR
    if window.kind == WindowKind.DATE_RANGE:
        first = -_FAR if window.start is None else day_number(window.start)
        return first, _FAR if window.end is None else day_number(window.end)
    today = day_at(page.tz, now)
    if window.kind == WindowKind.ROLLING_CALENDAR:
        return today, today + window.days
    return today, _business_day(today, window.days)


def open_spans(page: Page, within: list[Span], *, now: int) -> list[Span]:
    """The part of `within` in which a slot may start as far as notice, window and daily limit of the page go, and
    whether it is active at all."""
    soonest = notice_ends(page, now)
    spans = [(max(start, soonest), end) for start, end in within if end > soonest]
    if not spans or not page.takes_bookings:
        return []
    first, last = window_days(page, now)
    first, last = max(first, day_at(page.tz, spans[0][0]) - 1), min(last, day_at(page.tz, spans[-1][1]) + 1)
    if last < first:
        return []
    spans = common(spans, readings(page.tz, first, last))
    return without_days(spans, page.full_days, page.tz)


def without_days(spans: list[Span], days: frozenset[int], tz: str) -> list[Span]:
    """The spans less the instants at which a wall clock in `tz` reads one of the days."""
    for day in days:
        spans = without(spans, readings(tz, day, day))
    return spans


def _business_day(today: int, days: int) -> int:
    """The `days`-th Monday-to-Friday date after today; any seven dates in a row hold five of them."""
    if days <= 0:
        return today
    whole_weeks = (days - 1) // 5
    day, left = today + whole_weeks * 7, days - whole_weeks * 5
    while left:
        day += 1
        left -= weekday_of(day) < 5
    return day
