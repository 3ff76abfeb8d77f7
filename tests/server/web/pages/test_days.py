"""Weeks to pick from."""

from datetime import date

import pytest

from server.web.pages.days import Day, block_start, weeks_of

TODAY = date(2026, 11, 25)


@pytest.mark.parametrize(
    ("of", "first"),
    [
        (date(2026, 11, 25), date(2026, 11, 23)),
        (date(2026, 12, 27), date(2026, 11, 23)),
        (date(2026, 12, 28), date(2026, 12, 28)),
        (date(2026, 11, 1), date(2026, 11, 23)),
    ],
)
def test_five_weeks_roll_from_the_current_one(of: date, first: date) -> None:
    assert block_start(of, TODAY, "en") == first


def test_a_day_is_spoken_in_full_around_what_is_seen() -> None:
    weeks = weeks_of(
        date(2026, 11, 23),
        {date(2026, 11, 26): 8},
        chosen=date(2026, 11, 26),
        today=TODAY,
        locale="en",
        href=lambda day: f"?date={day}",
    )
    assert [week.is_chosen for week in weeks] == [True, False, False, False, False]
    assert weeks[0].days[3] == Day(
        date=date(2026, 11, 26),
        weekday="Thu",
        weekday_rest="rsday",
        before="",
        number="26",
        after=" November",
        month=None,
        count=8,
        href="?date=2026-11-26",
        is_past=False,
        is_today=False,
        is_chosen=True,
    )


def test_days_without_times_lead_nowhere_and_months_are_labelled() -> None:
    weeks = weeks_of(date(2026, 11, 23), {}, chosen=TODAY, today=TODAY, locale="en", href=lambda day: f"?date={day}")
    days = [day for week in weeks for day in week.days]
    assert {day.href for day in days} == {None}
    assert [day.month for day in days if day.month] == ["1 Dec"]
    assert [day.date.day for day in days if day.is_past] == [23, 24]
