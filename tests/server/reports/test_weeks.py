"""The weeks of a stretch of days."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.reports.weeks import weeks

WARSAW = ZoneInfo("Europe/Warsaw")


def hours(first: date, last: date, tz: str) -> list[tuple[str, float]]:
    return [(week.key, (week.ends - week.starts) / 3600) for week in weeks(first, last, ZoneInfo(tz))]


@pytest.mark.parametrize(
    ("first", "last", "tz", "expected"),
    [
        # The clock goes back in Warsaw on 25 October 2026, and forward on 28 March 2027.
        (date(2026, 10, 19), date(2026, 11, 1), "Europe/Warsaw", [("2026-W43", 169.0), ("2026-W44", 168.0)]),
        (date(2027, 3, 22), date(2027, 3, 28), "Europe/Warsaw", [("2027-W12", 167.0)]),
        # 2026 has 53 weeks by ISO 8601, the last of which ends in 2027.
        (date(2026, 12, 28), date(2027, 1, 4), "UTC", [("2026-W53", 168.0), ("2027-W01", 24.0)]),
        (date(2024, 12, 30), date(2025, 1, 5), "UTC", [("2025-W01", 168.0)]),
        # Cut at both ends; a single day.
        (date(2026, 11, 25), date(2026, 12, 1), "UTC", [("2026-W48", 120.0), ("2026-W49", 48.0)]),
        (date(2026, 11, 29), date(2026, 11, 29), "UTC", [("2026-W48", 24.0)]),
        # Samoa had no 30 December 2011.
        (date(2011, 12, 26), date(2012, 1, 1), "Pacific/Apia", [("2011-W52", 144.0)]),
    ],
)
def test_weeks_at_changes_of_clocks_and_years(
    first: date, last: date, tz: str, expected: list[tuple[str, float]]
) -> None:
    assert hours(first, last, tz) == expected


@given(
    st.dates(date(1990, 1, 1), date(2060, 1, 1)),
    st.integers(0, 400),
    st.sampled_from(["UTC", "Europe/Warsaw", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca"]),
)
def test_weeks_leave_no_gap_and_every_instant_is_in_that_of_its_day(first: date, days: int, tz: str) -> None:
    zone, last = ZoneInfo(tz), first + timedelta(days=days)
    found = weeks(first, last, zone)
    assert [one.ends for one in found[:-1]] == [one.starts for one in found[1:]]
    for week in found:
        for instant in (week.starts, week.ends - 1):
            day = datetime.fromtimestamp(instant, UTC).astimezone(zone).date()
            year, number, _ = day.isocalendar()
            assert (week.key, first <= day <= last) == (f"{year}-W{number:02}", True)
