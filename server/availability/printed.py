"""Starts as people and programs read them."""

from bisect import bisect_left
from collections.abc import Sequence
from datetime import date
from functools import lru_cache

from server.availability.zones import DAY, date_of, segments


class _Dates(dict[int, str]):
    """Day number to "2026-11-24", written when first asked for."""

    def __missing__(self, day: int) -> str:
        self[day] = date_of(day).isoformat()
        return self[day]


class _Times(dict[int, str]):
    """Second of the day to "T10:30:00+01:00", likewise."""

    def __init__(self, suffix: str) -> None:
        self.suffix = suffix

    def __missing__(self, second: int) -> str:
        minutes, seconds = divmod(second, 60)
        self[second] = f"T{minutes // 60:02}:{minutes % 60:02}:{seconds:02}{self.suffix}"
        return self[second]


def iso_starts(starts: Sequence[int], tz: str = "UTC") -> list[str]:
    """RFC 3339 of instants in order, on the wall clock of `tz` and with its offset; UTC is written "Z"."""
    found: list[str] = []
    pieces = segments(tz, starts[0], starts[-1] + 1) if starts else ()
    for start, end, offset in pieces:
        dates, times = _Dates(), _times("Z" if tz == "UTC" else _offset(offset))
        inside = starts if len(pieces) == 1 else starts[bisect_left(starts, start) : bisect_left(starts, end)]
        found += [dates[(instant + offset) // DAY] + times[(instant + offset) % DAY] for instant in inside]
    return found


def by_date(starts: Sequence[int], tz: str) -> list[tuple[date, list[int]]]:
    """The instants, given in order, under the dates that a wall clock in `tz` reads at them. A date that comes twice,
    because a clock was put back across midnight, stands there once."""
    found: dict[int, list[int]] = {}
    for start, end, offset in segments(tz, starts[0], starts[-1] + 1) if starts else ():
        for instant in starts[bisect_left(starts, start) : bisect_left(starts, end)]:
            found.setdefault((instant + offset) // DAY, []).append(instant)
    return [(date_of(day), instants) for day, instants in found.items()]


@lru_cache(maxsize=128)
def _times(suffix: str) -> _Times:
    return _Times(suffix)


def _offset(seconds: int) -> str:
    """Hours and minutes east of UTC; RFC 3339 knows no seconds there, and no zone has had any since 1972."""
    minutes = abs(seconds) // 60
    return f"{'-' if seconds < 0 else '+'}{minutes // 60:02}:{minutes % 60:02}"
