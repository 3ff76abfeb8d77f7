"""Time zones as stretches of constant offset, so that everything above reckons in whole seconds and never in clocks."""

from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from server.availability.intervals import Span

DAY = 86_400
Segment = tuple[int, int, int]

_FIRST_DAY = date(1970, 1, 1).toordinal()
_FARTHEST = 2 * DAY
_EARLIEST, _LATEST = -62_135_596_800 + _FARTHEST, 253_402_300_799 - _FARTHEST
_STRETCH = 400 * DAY


def day_number(day: date) -> int:
    """The date as days since 1-1-1970."""
    return day.toordinal() - _FIRST_DAY


def date_of(day: int) -> date:
    """The date that many days after 1-1-1970."""
    return date.fromordinal(day + _FIRST_DAY)


def day_at(tz: str, instant: int) -> int:
    """The date, as a day number, that a wall clock in `tz` reads at the instant."""
    return (instant + _offset_at(ZoneInfo(tz), instant)) // DAY


@lru_cache(maxsize=2048)
def segments(tz: str, start: int, end: int) -> tuple[Segment, ...]:
    """[start, end) cut into (start, end, offset in seconds) wherever a clock in `tz` is put forward or back."""
    found: list[Segment] = []
    for number in range(start // _STRETCH, (end - 1) // _STRETCH + 1):
        for piece_start, piece_end, offset in _stretch(tz, number):
            piece_start, piece_end = max(piece_start, start), min(piece_end, end)
            if piece_start >= piece_end:
                continue
            if found and found[-1][2] == offset:
                piece_start = found.pop()[0]
            found.append((piece_start, piece_end, offset))
    return tuple(found)


def readings(tz: str, first_day: int, last_day: int) -> list[Span]:
    """The instants at which a wall clock in `tz` reads one of the dates, both ends included. More than one span where
    a clock is put back across midnight; none where the zone skips the date."""
    wall_start, wall_end = first_day * DAY, (last_day + 1) * DAY
    found: list[Span] = []
    for start, end, offset in segments(tz, wall_start - _FARTHEST, wall_end + _FARTHEST):
        start, end = max(start, wall_start - offset), min(end, wall_end - offset)
        if start >= end:
            continue
        if found and found[-1][1] == start:
            start = found.pop()[0]
        found.append((start, end))
    return found


@lru_cache(maxsize=2048)
def _stretch(tz: str, number: int) -> tuple[Segment, ...]:
    """One stretch of 400 days as segments. Looked at once a day: no zone has had two changes within the same day."""
    zone, start = ZoneInfo(tz), number * _STRETCH
    found: list[Segment] = []
    offset, day = _offset_at(zone, start), start
    for next_day in range(start + DAY, start + _STRETCH + DAY, DAY):
        next_offset = _offset_at(zone, next_day)
        if next_offset != offset:
            turn = _turn(zone, day, next_day)
            found.append((start, turn, offset))
            start, offset = turn, next_offset
        day = next_day
    found.append((start, (number + 1) * _STRETCH, offset))
    return tuple(piece for piece in found if piece[0] < piece[1])


def _turn(zone: ZoneInfo, before: int, after: int) -> int:
    """The first second after `before` at which the offset is that of `after`."""
    offset = _offset_at(zone, before)
    while after - before > 1:
        middle = (before + after) // 2
        if _offset_at(zone, middle) == offset:
            before = middle
        else:
            after = middle
    return after


def _offset_at(zone: ZoneInfo, instant: int) -> int:
    """Seconds east of UTC. Instants that the calendar of Python cannot hold are read at its edge."""
    offset = datetime.fromtimestamp(min(max(instant, _EARLIEST), _LATEST), zone).utcoffset()
    return 0 if offset is None else offset.days * DAY + offset.seconds
