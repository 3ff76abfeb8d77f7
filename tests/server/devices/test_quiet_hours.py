from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.devices.quiet_hours import quiet_until

NIGHT = {"from_minute": 22 * 60, "until_minute": 7 * 60}
NOON = {"from_minute": 12 * 60, "until_minute": 13 * 60}


def utc(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "hours", "until"),
    [
        (utc(24, 20, 59), NIGHT, None),
        (utc(24, 21, 0), NIGHT, utc(25, 6)),
        (utc(24, 23, 0), NIGHT, utc(25, 6)),
        (utc(25, 5, 59), NIGHT, utc(25, 6)),
        (utc(25, 6, 0), NIGHT, None),
        (utc(24, 10, 59), NOON, None),
        (utc(24, 11, 30), NOON, utc(24, 12)),
        (utc(24, 12, 0), NOON, None),
    ],
)
def test_it_is_quiet_by_the_clock_of_the_user(now: datetime, hours: dict[str, int], until: datetime | None) -> None:
    assert quiet_until(now, tz="Europe/Warsaw", **hours) == until


@pytest.mark.parametrize("hours", [(None, None), (60, 60)])
def test_without_hours_it_is_never_quiet(hours: tuple[int | None, int | None]) -> None:
    assert quiet_until(utc(24, 0), tz="UTC", from_minute=hours[0], until_minute=hours[1]) is None


def test_a_night_in_which_clocks_change_ends_by_the_wall_clock() -> None:
    assert quiet_until(utc(28, 22, month=3), tz="Europe/Warsaw", **NIGHT) == utc(29, 5, month=3)
    assert quiet_until(utc(24, 22, month=10), tz="Europe/Warsaw", **NIGHT) == utc(25, 6, month=10)


def test_an_end_that_comes_twice_is_the_one_still_ahead() -> None:
    half_past_two_again = utc(25, 1, 10, month=10)
    hours = {"from_minute": 60, "until_minute": 2 * 60 + 30}
    assert quiet_until(half_past_two_again, tz="Europe/Warsaw", **hours) == utc(25, 1, 30, month=10)


@given(
    seconds=st.integers(0, 730 * 24 * 3600),
    tz=st.sampled_from(["Europe/Warsaw", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC"]),
    start=st.integers(0, 1439),
    end=st.integers(0, 1439),
)
def test_quiet_time_always_ends_and_within_a_day_or_so(seconds: int, tz: str, start: int, end: int) -> None:
    moment = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    until = quiet_until(moment, tz=tz, from_minute=start, until_minute=end)
    assert until is None or moment < until <= moment + timedelta(hours=25)
