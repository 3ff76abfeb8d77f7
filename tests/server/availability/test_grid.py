from dataclasses import replace
from datetime import date

from server.availability import Member, Page
from tests.server.availability.moments import ROUND_THE_CLOCK, at, times, walls

MONDAY = date(2026, 6, 1)
PAGE = Page(tz="Europe/Warsaw", durations=(20, 30, 45), increment=30, min_notice=0, window=None)
HOST = Member(id=1, tz="Europe/Warsaw", weekly={0: [(550, 700)]})


def test_second_duration_starts_on_the_same_grid() -> None:
    assert times(PAGE, [HOST], MONDAY, duration=30) == ["09:30", "10:00", "10:30", "11:00"]
    assert times(PAGE, [HOST], MONDAY, duration=45) == ["09:30", "10:00", "10:30"]


def test_anchor_moves_the_grid_in_both_directions() -> None:
    assert times(replace(PAGE, grid_anchor=545), [HOST], MONDAY) == ["09:35", "10:05", "10:35", "11:05"]


def test_grid_starts_anew_at_midnight_with_an_increment_that_does_not_divide_the_day() -> None:
    every_seven_hours = replace(PAGE, increment=420)
    always = Member(id=1, tz="Europe/Warsaw", weekly=ROUND_THE_CLOCK)
    assert walls(every_seven_hours, [always], MONDAY, until=date(2026, 6, 2)) == [
        "00:00+0200",
        "07:00+0200",
        "14:00+0200",
        "21:00+0200",
        "00:00+0200",
        "07:00+0200",
        "14:00+0200",
        "21:00+0200",
    ]


def test_busy_block_does_not_move_the_grid() -> None:
    busy = replace(HOST, busy=[(at("Europe/Warsaw", "2026-06-01 09:30"), at("Europe/Warsaw", "2026-06-01 10:07"))])
    assert times(PAGE, [busy], MONDAY) == ["10:30", "11:00"]


def test_increment_may_be_smaller_or_larger_than_the_duration() -> None:
    assert times(replace(PAGE, increment=10), [HOST], MONDAY, duration=45)[:3] == ["09:10", "09:20", "09:30"]
    assert times(replace(PAGE, increment=60), [HOST], MONDAY, duration=20) == ["10:00", "11:00"]


def test_duration_that_the_page_does_not_offer_gives_nothing() -> None:
    assert times(PAGE, [HOST], MONDAY, duration=15) == []
