from dataclasses import replace
from datetime import date

import pytest

from server.availability import Member, Page, Window, offered
from server.availability.window import window_days
from server.availability.zones import date_of
from tests.server.availability.moments import NINE_TO_FIVE, ROUND_THE_CLOCK, at

WARSAW = "Europe/Warsaw"
PAGE = Page(tz=WARSAW, durations=(30,), increment=30, min_notice=0, window=None)
HOST = Member(id=1, tz=WARSAW, weekly=NINE_TO_FIVE)
WEDNESDAY_NOON = at(WARSAW, "2026-06-03 12:00")


def dates_offered(page: Page, now: int = WEDNESDAY_NOON) -> list[date]:
    offers = offered(
        page, [HOST], now=now, start=date(2026, 5, 1), end=date(2026, 7, 1), duration=30, viewer_tz="Asia/Taipei"
    )
    return sorted({date_of((offer.start + 7200) // 86_400) for offer in offers})


def test_rolling_calendar_window_ends_with_the_last_of_its_days() -> None:
    assert dates_offered(replace(PAGE, window=Window("ROLLING_CALENDAR", 3)))[-1] == date(2026, 6, 6)


@pytest.mark.parametrize(
    ("days", "last"),
    [
        (0, date(2026, 6, 3)),
        (1, date(2026, 6, 4)),
        (2, date(2026, 6, 5)),
        (3, date(2026, 6, 8)),
        (7, date(2026, 6, 12)),
        (8, date(2026, 6, 15)),
        (13, date(2026, 6, 22)),
    ],
)
def test_rolling_business_window_counts_weekdays_and_keeps_weekends_in_between(days: int, last: date) -> None:
    offered_on = dates_offered(replace(PAGE, window=Window.business_days(days)))
    assert offered_on[-1] == last
    assert (date(2026, 6, 7) in offered_on) == (days > 2)


@pytest.mark.parametrize(
    ("now", "last"), [("2026-06-06 10:00", date(2026, 6, 12)), ("2026-06-07 10:00", date(2026, 6, 12))]
)
def test_rolling_business_window_from_a_weekend_ends_on_friday(now: str, last: date) -> None:
    assert dates_offered(replace(PAGE, window=Window.business_days(5)), at(WARSAW, now))[-1] == last


def test_range_of_dates_includes_both_ends_in_the_page_zone() -> None:
    page = replace(PAGE, window=Window.dates(date(2026, 6, 10), date(2026, 6, 11)))
    assert dates_offered(page) == [date(2026, 6, 10), date(2026, 6, 11)]


def test_window_without_an_end_is_open() -> None:
    assert dates_offered(PAGE)[-1] == date(2026, 7, 1)
    assert window_days(replace(PAGE, window=Window.dates(None, None)), 0) == window_days(PAGE, 0)


def test_window_goes_by_the_date_of_the_page_not_of_the_viewer() -> None:
    page = replace(PAGE, window=Window("rolling_calendar", 0))
    late = replace(HOST, weekly=ROUND_THE_CLOCK)
    offers = offered(
        page,
        [late],
        now=WEDNESDAY_NOON,
        start=date(2026, 6, 1),
        end=date(2026, 6, 6),
        duration=30,
        viewer_tz="Pacific/Apia",
    )
    assert (offers[0].start, offers[-1].start) == (WEDNESDAY_NOON, at(WARSAW, "2026-06-03 23:30"))


def test_notice_is_real_minutes_across_a_clock_change() -> None:
    page = replace(PAGE, min_notice=240)
    always = replace(HOST, weekly=ROUND_THE_CLOCK)
    offers = offered(
        page,
        [always],
        now=at(WARSAW, "2026-03-29 00:30"),
        start=date(2026, 3, 29),
        end=date(2026, 3, 29),
        duration=30,
        viewer_tz=WARSAW,
    )
    assert offers[0].start == at(WARSAW, "2026-03-29 05:30")


def test_start_exactly_at_the_end_of_the_notice_is_offered() -> None:
    page = replace(PAGE, min_notice=60)
    for seconds, first in ((0, "13:00"), (1, "13:30")):
        offers = offered(
            page,
            [HOST],
            now=WEDNESDAY_NOON + seconds,
            start=date(2026, 6, 3),
            end=date(2026, 6, 3),
            duration=30,
            viewer_tz=WARSAW,
        )
        assert offers[0].start == at(WARSAW, f"2026-06-03 {first}")


def test_daily_limit_of_the_page_counts_dates_of_the_page_zone() -> None:
    booked = [at(WARSAW, "2026-06-10 00:15"), at(WARSAW, "2026-06-10 23:45"), at(WARSAW, "2026-06-11 10:00")]
    limited = dates_offered(replace(PAGE, daily_limit=2, booked=booked))
    assert date(2026, 6, 10) not in limited
    assert date(2026, 6, 11) in limited
    assert dates_offered(replace(PAGE, daily_limit=0)) == []


def test_unset_page_has_the_defaults_of_the_house() -> None:
    assert Page() == Page("PERSONAL", "UTC", (30,), 15, 0, 0, 240, Window("ROLLING_CALENDAR", 60), 0, None)
