"""The minutes at which a page lets a slot start."""

from server.availability.intervals import Span, common
from server.availability.page import Page
from server.availability.zones import DAY, segments

_MINUTES_A_DAY = 1440


def starts_on_grid(page: Page, spans: list[Span]) -> list[int]:
    """The instants within the spans, in order, at which the page's wall clock reads a minute of the grid (rule 7)."""
    found: list[int] = []
    if not spans:
        return found
    pieces = segments(page.tz, spans[0][0], spans[-1][1])
    for start, end, offset in pieces:
        inside = spans if len(pieces) == 1 else common(spans, [(start, end)])
        found += _day_by_day(page, inside, offset) if _MINUTES_A_DAY % page.increment else _evenly(page, inside, offset)
    return found


def _evenly(page: Page, spans: list[Span], offset: int) -> list[int]:
    """An increment that divides the day goes on across midnight as if nothing had happened."""
    step, origin = page.increment * 60, page.grid_anchor * 60 - offset
    found: list[int] = []
    for start, end in spans:
        found += range(start + (origin - start) % step, end, step)
    return found


def _day_by_day(page: Page, spans: list[Span], offset: int) -> list[int]:
    """Any other increment starts anew at each local midnight."""
    first = page.grid_anchor % page.increment
    return [
        instant
        for start, end in spans
        for midnight in range((start + offset) // DAY * DAY - offset, end, DAY)
        for instant in range(midnight + first * 60, midnight + DAY, page.increment * 60)
        if start <= instant < end
    ]
