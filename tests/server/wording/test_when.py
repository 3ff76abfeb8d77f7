"""Dates, times and zones in words."""

from datetime import UTC, date, datetime, timedelta

import pytest

from server.wording import when

STARTS = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
ENDS = STARTS + timedelta(minutes=30)


@pytest.mark.parametrize(
    ("tz", "locale", "expected"),
    [
        ("Europe/Warsaw", "en", "Tuesday 24 November 2026, 10:30 - 11:00, Warsaw time (CET, UTC+1)"),
        ("Europe/Warsaw", "en-GB", "Tuesday 24 November 2026, 10:30 - 11:00, Warsaw time (CET, UTC+1)"),
        ("America/New_York", "en-US", "Tuesday, November 24, 2026, 4:30 AM - 5:00 AM, New York time (EST, UTC-5)"),
        ("Europe/Warsaw", "pl", "wtorek, 24 listopada 2026, 10:30 - 11:00, czas: Warszawa (CET, UTC+1)"),
        ("Asia/Taipei", "zh-Hant", "2026年11月24日 星期二 下午5:30 - 下午6:00，台北時間（CST，UTC+8）"),
        ("America/St_Johns", "en", "Tuesday 24 November 2026, 6:00 - 6:30, St John’s time (NST, UTC-3:30)"),
        ("Asia/Kathmandu", "en", "Tuesday 24 November 2026, 15:15 - 15:45, Kathmandu time (UTC+5:45)"),
        ("UTC", "en", "Tuesday 24 November 2026, 9:30 - 10:00, UTC+0"),
    ],
)
def test_spell_says_day_range_zone_and_offset(tz: str, locale: str, expected: str) -> None:
    assert when.spell(STARTS, ENDS, tz, locale) == expected


def test_spell_names_both_days_of_a_meeting_over_midnight() -> None:
    spoken = when.spell(STARTS, STARTS + timedelta(hours=14), "Europe/Warsaw", "en")
    assert spoken == ("Tuesday 24 November 2026, 10:30 - Wednesday 25 November 2026, 0:30, Warsaw time (CET, UTC+1)")


def test_the_offset_is_the_one_of_that_moment() -> None:
    summer = datetime(2026, 7, 1, 9, 30, tzinfo=UTC)
    assert when.zone_name("Europe/Warsaw", summer, "en") == "Warsaw time (CEST, UTC+2)"


@pytest.mark.parametrize(
    ("locale", "expected"),
    [
        ("en", ("Tue 24 Nov, 10:30", "Tue 24 Nov, 10:30 - 11:00", "Tuesday 24 November, 10:30")),
        ("pl", ("wt., 24 lis, 10:30", "wt., 24 lis, 10:30 - 11:00", "wtorek, 24 listopada, 10:30")),
        ("zh-Hant", ("11月24日 週二 上午10:30", "11月24日 週二 上午10:30 - 上午11:00", "11月24日 星期二 上午10:30")),
    ],
)
def test_shorter_forms(locale: str, expected: tuple[str, str, str]) -> None:
    tz = "Europe/Warsaw"
    assert (when.short(STARTS, tz, locale), when.short_span(STARTS, ENDS, tz, locale)) == expected[:2]
    assert when.long(STARTS, tz, locale) == expected[2]


def test_the_zone_line_has_the_running_time() -> None:
    now = datetime(2026, 11, 24, 13, 2, tzinfo=UTC)
    assert when.zone_now("Europe/Warsaw", now, "en") == "Warsaw time (UTC+1, now 14:02)"


@pytest.mark.parametrize(
    ("locale", "within", "across"),
    [
        ("en", "23 - 29 November", "30 Nov - 6 Dec"),
        ("en-US", "November 23 - 29", "Nov 30 - Dec 6"),
        ("pl", "23 - 29 listopada", "30 lis - 6 gru"),
        ("zh-Hant", "11月23日 - 29日", "11月30日 - 12月6日"),
        ("de", "23. - 29. November", "30. Nov. - 6. Dez."),
    ],
)
def test_days_from_to(locale: str, within: str, across: str) -> None:
    assert when.days(date(2026, 11, 23), date(2026, 11, 29), locale) == within
    assert when.days(date(2026, 11, 30), date(2026, 12, 6), locale) == across


@pytest.mark.parametrize(
    ("locale", "first"), [("en-GB", 23), ("pl", 23), ("en-US", 22), ("zh-Hant-TW", 22), ("ar-EG", 21)]
)
def test_a_week_begins_where_the_country_begins_it(locale: str, first: int) -> None:
    assert when.week_of(date(2026, 11, 24), locale) == date(2026, 11, first)


@pytest.mark.parametrize(
    ("tz", "locale", "expected"),
    [("Europe/Kyiv", "pl", "Kijów"), ("US/Eastern", "en", "New York"), ("Asia/Calcutta", "en", "Kolkata")],
)
def test_a_zone_is_named_after_its_city_under_any_of_its_names(tz: str, locale: str, expected: str) -> None:
    assert when.city(tz, locale) == expected


def test_clock_has_no_space_that_terminals_stumble_over() -> None:
    assert when.clock(STARTS, "America/New_York", "en-US") == "4:30 AM"


@pytest.mark.parametrize(
    ("locale", "hour", "expected"),
    [("en", 9, "morning"), ("en", 17, "afternoon"), ("en", 18, "evening"), ("zh-Hant", 18, "afternoon")],
)
def test_the_afternoon_is_as_long_as_the_language_has_it(locale: str, hour: int, expected: str) -> None:
    assert when.part_of_day(datetime(2026, 11, 24, hour, 30, tzinfo=UTC), locale) == expected
