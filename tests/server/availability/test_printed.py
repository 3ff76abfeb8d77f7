from datetime import date, datetime
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from server.availability import by_date, iso_starts
from tests.server.availability.cases import ZONES
from tests.server.availability.moments import at


def test_starts_are_written_with_the_offset_of_their_moment() -> None:
    first, second = at("Europe/Warsaw", "2026-10-25 02:30"), at("Europe/Warsaw", "2026-10-25 02:30", fold=1)
    assert iso_starts([first, second], "Europe/Warsaw") == ["2026-10-25T02:30:00+02:00", "2026-10-25T02:30:00+01:00"]
    assert iso_starts([first, second]) == ["2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z"]
    assert iso_starts([], "Europe/Warsaw") == []


@given(starts=st.lists(st.integers(300_000_000, 3_000_000_000), max_size=20), tz=st.sampled_from(ZONES))
def test_starts_read_as_the_standard_library_writes_them(starts: list[int], tz: str) -> None:
    ordered = sorted(starts)
    assert iso_starts(ordered, tz) == [datetime.fromtimestamp(start, ZoneInfo(tz)).isoformat() for start in ordered]


@given(starts=st.lists(st.integers(300_000_000, 3_000_000_000), max_size=20), tz=st.sampled_from(ZONES))
def test_starts_stand_under_the_dates_that_the_standard_library_reads(starts: list[int], tz: str) -> None:
    expected: dict[date, list[int]] = {}
    for start in sorted(starts):
        expected.setdefault(datetime.fromtimestamp(start, ZoneInfo(tz)).date(), []).append(start)
    assert by_date(sorted(starts), tz) == list(expected.items())


def test_a_date_that_comes_twice_stands_there_once() -> None:
    """In Havana midnight comes twice on the first of November 2026; a minute to it belongs to the day before."""
    before = at("America/Havana", "2026-10-31 23:30")
    starts = [before, before + 3600, before + 2 * 3600]
    assert by_date(starts, "America/Havana") == [(date(2026, 10, 31), starts[:1]), (date(2026, 11, 1), starts[1:])]
