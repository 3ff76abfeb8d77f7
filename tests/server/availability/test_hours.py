from datetime import date
from typing import Any

import pytest

from server.availability import Member, Page
from server.availability.hours import hours
from tests.server.availability.moments import ROUND_THE_CLOCK, at, times, walls

WARSAW = "Europe/Warsaw"
MONDAY, TUESDAY, WEDNESDAY = date(2026, 6, 1), date(2026, 6, 2), date(2026, 6, 3)


def page(tz: str = WARSAW, increment: int = 60) -> Page:
    return Page(tz=tz, durations=(15, 30, 60, 90, 1440), increment=increment, min_notice=0, window=None)


def host(tz: str = WARSAW, **values: Any) -> Member:
    return Member(id=1, tz=tz, **values)


def test_blocks_that_touch_or_overlap_are_one_block() -> None:
    touching = host(weekly={0: [(600, 660), (660, 720), (690, 780)]})
    assert times(page(increment=30), [touching], MONDAY, duration=90) == ["10:00", "10:30", "11:00", "11:30"]


def test_block_past_midnight_runs_into_the_next_date_as_one_block() -> None:
    overnight = host(weekly={0: [(1380, 60)]})
    assert times(page(), [overnight], MONDAY, duration=60) == ["23:00"]
    assert times(page(), [overnight], TUESDAY, duration=60) == ["00:00"]
    assert times(page(increment=30), [overnight], MONDAY, duration=90) == ["23:00", "23:30"]


def test_blocks_that_meet_at_midnight_are_one_block() -> None:
    late_then_early = host(weekly={0: [(1380, 1440)], 1: [(0, 60)]})
    assert times(page(increment=30), [late_then_early], MONDAY, duration=90) == ["23:00", "23:30"]


def test_block_of_zero_length_is_nothing() -> None:
    assert times(page(), [host(weekly={0: [(600, 600), (0, 0)]})], MONDAY) == []


def test_override_replaces_the_hours_of_its_date() -> None:
    changed = host(weekly={0: [(540, 1020)]}, overrides={MONDAY: [(780, 900)]})
    assert times(page(), [changed], MONDAY) == ["13:00", "14:00"]
    assert times(page(), [changed], date(2026, 6, 8))[0] == "09:00"


def test_empty_override_is_a_day_off_with_the_night_before() -> None:
    overnight = dict.fromkeys(range(7), [(1320, 120)])
    member = host(weekly=overnight, overrides={TUESDAY: []})
    assert times(page(), [member], MONDAY, duration=60) == ["00:00", "01:00", "22:00", "23:00"]
    assert times(page(), [member], TUESDAY, duration=60) == []
    assert times(page(), [member], WEDNESDAY, duration=60) == ["22:00", "23:00"]


def test_overnight_override_spills_into_a_usual_date_but_not_into_an_overridden_one() -> None:
    spilling = {MONDAY: [(1380, 60)]}
    assert times(page(), [host(overrides=spilling)], TUESDAY, duration=60) == ["00:00"]
    assert times(page(), [host(overrides={**spilling, TUESDAY: [(600, 660)]})], TUESDAY, duration=60) == ["10:00"]


def test_hours_in_spring_do_not_hold_the_skipped_hour() -> None:
    night = host(weekly={6: [(60, 240)]})
    assert walls(page(increment=30), [night], date(2026, 3, 29)) == [
        "01:00+0100",
        "01:30+0100",
        "03:00+0200",
        "03:30+0200",
    ]
    assert walls(page(increment=30), [night], date(2026, 3, 29), duration=90) == ["01:00+0100", "01:30+0100"]


def test_hours_in_autumn_hold_the_repeated_hour_twice() -> None:
    night = host(weekly={6: [(120, 180)]})
    assert walls(page(), [night], date(2026, 10, 25)) == ["02:00+0200", "02:00+0100"]
    assert walls(page(increment=30), [night], date(2026, 10, 25), duration=90) == ["02:00+0200", "02:30+0200"]


def test_block_that_ends_within_the_repeated_hour_has_a_gap() -> None:
    night = host(weekly={6: [(60, 150)]})
    zone = "Europe/Warsaw"
    assert hours(night, at(zone, "2026-10-25 00:00"), at(zone, "2026-10-25 06:00")) == [
        (at(zone, "2026-10-25 01:00"), at(zone, "2026-10-25 02:30")),
        (at(zone, "2026-10-25 02:00", fold=1), at(zone, "2026-10-25 02:30", fold=1)),
    ]


@pytest.mark.parametrize(
    ("tz", "day", "length"),
    [
        ("Europe/Warsaw", date(2026, 3, 29), 23),
        ("Europe/Warsaw", date(2026, 10, 25), 25),
        ("Australia/Lord_Howe", date(2026, 4, 5), 24.5),
        ("Australia/Lord_Howe", date(2026, 10, 4), 23.5),
        ("America/Sao_Paulo", date(2018, 11, 4), 23),
        ("Pacific/Apia", date(2011, 12, 30), 0),
        ("Pacific/Apia", date(2011, 12, 31), 24),
        ("Asia/Kathmandu", date(2026, 5, 5), 24),
        ("Africa/Casablanca", date(2026, 3, 22), 23),
        ("Pacific/Kiritimati", date(1994, 12, 31), 0),
        ("America/St_Johns", date(2010, 11, 6), 24 + 59 / 60),
    ],
)
def test_day_is_as_long_as_its_clock_makes_it(tz: str, day: date, length: float) -> None:
    member = host(tz, overrides={day: [(0, 1440)]})
    noon = at("UTC", f"{day} 12:00")
    assert sum(end - start for start, end in hours(member, noon - 3 * 86_400, noon + 3 * 86_400)) == round(
        length * 3600
    )


def test_day_that_begins_with_a_gap_starts_at_one() -> None:
    assert (
        walls(page("America/Sao_Paulo"), [host("America/Sao_Paulo", weekly=ROUND_THE_CLOCK)], date(2018, 11, 4))[0]
        == "01:00-0200"
    )


def test_half_hour_change_moves_the_grid_with_the_wall_clock() -> None:
    lord_howe = "Australia/Lord_Howe"
    night = host(lord_howe, weekly={6: [(60, 180)]})
    assert walls(page(lord_howe, increment=30), [night], date(2026, 4, 5)) == [
        "01:00+1100",
        "01:30+1100",
        "01:30+1030",
        "02:00+1030",
        "02:30+1030",
    ]


def test_offset_of_three_quarters_keeps_the_grid_of_the_page() -> None:
    in_nepal = host("Asia/Kathmandu", weekly={0: [(540, 660)]})
    assert times(page("UTC", increment=15), [in_nepal], MONDAY, duration=60) == [
        "03:15",
        "03:30",
        "03:45",
        "04:00",
        "04:15",
    ]
