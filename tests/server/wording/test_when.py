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
        ("Europe/Berlin", "de", "Dienstag, 24. November 2026, 10:30 - 11:00, Ortszeit Berlin (CET, UTC+1)"),
        ("Europe/Madrid", "es", "martes, 24 de noviembre de 2026, 10:30 - 11:00, hora de Madrid (CET, UTC+1)"),
        (
            "America/Mexico_City",
            "es-MX",
            "martes, 24 de noviembre de 2026, 3:30 a.m. - 4:00 a.m., hora de Ciudad de México (CST, UTC-6)",
        ),
        ("Europe/Warsaw", "fr", "mardi 24 novembre 2026, 10:30 - 11:00, heure locale à Varsovie (CET, UTC+1)"),
        ("America/Toronto", "fr-CA", "mardi 24 novembre 2026, 04 h 30 - 05 h 00, heure locale à Toronto (EST, UTC-5)"),
        ("Asia/Tokyo", "ja", "2026年11月24日火曜日 18:30 - 19:00、東京時間（JST、UTC+9）"),
        ("Africa/Cairo", "ar", "الثلاثاء، 24 نوفمبر 2026، 11:30 ص \u200f- 12:00 م، توقيت القاهرة (EET\u200f، UTC+2)"),
        (
            "Africa/Cairo",
            "ar-EG",
            "الثلاثاء، ٢٤ نوفمبر ٢٠٢٦، ١١:٣٠ ص \u200f- ١٢:٠٠ م، توقيت القاهرة (EET\u200f، UTC+2)",
        ),
        ("Africa/Casablanca", "ar-MA", "الثلاثاء، 24 نونبر 2026، 10:30 \u200f- 11:00، توقيت الدار البيضاء (UTC+1)"),
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
        ("en", ("Tue 24 Nov, 10:30", "Tuesday 24 November, 10:30")),
        ("pl", ("wt., 24 lis, 10:30", "wtorek, 24 listopada, 10:30")),
        ("zh-Hant", ("11月24日 週二 上午10:30", "11月24日 星期二 上午10:30")),
    ],
)
def test_shorter_forms(locale: str, expected: tuple[str, str]) -> None:
    tz = "Europe/Warsaw"
    assert (when.short(STARTS, tz, locale), when.long(STARTS, tz, locale)) == expected


@pytest.mark.parametrize(
    ("locale", "within", "across"),
    [
        ("en", "23 - 29 November", "30 Nov - 6 Dec"),
        ("en-US", "November 23 - 29", "Nov 30 - Dec 6"),
        ("pl", "23 - 29 listopada", "30 lis - 6 gru"),
        ("zh-Hant", "11月23日 - 29日", "11月30日 - 12月6日"),
        ("de", "23. - 29. November", "30. Nov. - 6. Dez."),
        ("es", "23 - 29 de noviembre", "30 nov - 6 dic"),
        ("fr", "23 - 29 novembre", "30 nov. - 6 déc."),
        ("ja", "11月23日 - 29日", "11月30日 - 12月6日"),
        ("ar", "23 \u200f- 29 نوفمبر", "30 نوفمبر \u200f- 6 ديسمبر"),
        ("ar-EG", "٢٣ \u200f- ٢٩ نوفمبر", "٣٠ نوفمبر \u200f- ٦ ديسمبر"),
    ],
)
def test_days_from_to(locale: str, within: str, across: str) -> None:
    assert when.days(date(2026, 11, 23), date(2026, 11, 29), locale) == within
    assert when.days(date(2026, 11, 30), date(2026, 12, 6), locale) == across


@pytest.mark.parametrize(
    ("locale", "first"),
    [
        ("en-GB", 23),
        ("pl", 23),
        ("en-US", 22),
        ("zh-Hant-TW", 22),
        ("ar-EG", 21),
        ("ar", 21),
        ("ar-MA", 23),
        ("ja", 22),
        ("de", 23),
        ("es", 23),
        ("fr", 23),
    ],
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
    [
        ("en", 9, "morning"),
        ("en", 17, "afternoon"),
        ("en", 18, "evening"),
        ("zh-Hant", 18, "afternoon"),
        ("es", 13, "afternoon"),
        ("es", 19, "afternoon"),
        ("es", 20, "evening"),
        ("ja", 17, "evening"),
        ("ar", 13, "afternoon"),
        ("ar", 19, "evening"),
    ],
)
def test_the_afternoon_is_as_long_as_the_language_has_it(locale: str, hour: int, expected: str) -> None:
    assert when.part_of_day(datetime(2026, 11, 24, hour, 30, tzinfo=UTC), locale) == expected


@pytest.mark.parametrize(
    ("locale", "expected"),
    [("en", "Tue"), ("pl", "wt."), ("de", "Di"), ("es", "mar"), ("fr", "mar."), ("ja", "火"), ("ar", "ثلاثاء")],
)
def test_a_weekday_at_the_head_of_a_column_is_short_in_every_language(locale: str, expected: str) -> None:
    assert when.short_weekday(date(2026, 11, 24), locale) == expected


@pytest.mark.parametrize(
    ("locale", "expected"),
    [
        ("fr", ("mardi 1er décembre", "1er déc.", "1er - 7 décembre")),
        ("de", ("Dienstag, 1. Dezember", "1. Dez.", "1. - 7. Dezember")),
    ],
)
def test_the_first_of_a_month_is_written_as_the_language_does(locale: str, expected: tuple[str, str, str]) -> None:
    first = date(2026, 12, 1)
    spoken = (when.day(first, locale), when.short_day_and_month(first, locale))
    assert (*spoken, when.days(first, date(2026, 12, 7), locale)) == expected


@pytest.mark.parametrize(("locale", "expected"), [("en", "24"), ("ar", "24"), ("ar-EG", "٢٤"), ("ar-MA", "24")])
def test_digits_are_those_of_the_country(locale: str, expected: str) -> None:
    assert when.day_number(date(2026, 11, 24), locale) == expected
