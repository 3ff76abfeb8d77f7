from datetime import date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from server.availability.zones import DAY, day_at, day_number, readings, segments
from tests.server.availability.cases import CLOCK_CHANGES, ZONES, midnight
from tests.server.availability.moments import at


def offset_at(tz: str, instant: int) -> int:
    offset = datetime.fromtimestamp(instant, ZoneInfo(tz)).utcoffset()
    assert offset is not None
    return round(offset.total_seconds())


@given(tz=st.sampled_from(ZONES), start=st.integers(-2_000_000_000, 4_000_000_000), length=st.integers(1, 800 * DAY))
def test_segments_cover_the_stretch_with_the_offset_of_each_moment(tz: str, start: int, length: int) -> None:
    pieces = segments(tz, start, start + length)
    assert (pieces[0][0], pieces[-1][1]) == (start, start + length)
    assert all(before[1] == after[0] and before[2] != after[2] for before, after in pairwise(pieces))
    for first, after, offset in pieces:
        assert {offset_at(tz, first), offset_at(tz, (first + after) // 2), offset_at(tz, after - 1)} == {offset}


def test_clock_change_is_found_to_the_second() -> None:
    turn = at("Europe/Warsaw", "2026-03-29 03:00")
    assert segments("Europe/Warsaw", turn - 5, turn + 5) == ((turn - 5, turn, 3600), (turn, turn + 5, 7200))


@given(change=st.sampled_from(CLOCK_CHANGES), days=st.integers(-2, 2), minute=st.integers(-2880, 2880))
def test_readings_are_the_moments_that_read_the_date(change: tuple[str, date], days: int, minute: int) -> None:
    tz, day = change[0], change[1] + timedelta(days=days)
    instant = midnight(day) + minute * 60
    inside = any(start <= instant < end for start, end in readings(tz, day_number(day), day_number(day)))
    assert inside == (datetime.fromtimestamp(instant, ZoneInfo(tz)).date() == day)
    assert inside == (day_at(tz, instant) == day_number(day))
