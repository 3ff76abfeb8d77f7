from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from server.availability import Member, Page
from tests.server.availability.moments import at, times

WARSAW, MONDAY = "Europe/Warsaw", date(2026, 6, 1)
PAGE = Page(tz=WARSAW, durations=(30,), increment=10, min_notice=0, window=None)
HOST = Member(id=1, tz=WARSAW, weekly={0: [(600, 720)]})


def clock(wall: str) -> int:
    return at(WARSAW, f"2026-06-01 {wall}")


def meeting(start: str, end: str, before: int = 0, after: int = 0) -> tuple[int, int, int, int]:
    """Buffers in minutes."""
    return clock(start), clock(end), before * 60, after * 60


def test_slot_may_start_at_the_second_another_ends() -> None:
    busy = replace(HOST, busy=[(clock("10:30"), clock("11:00"))])
    assert times(PAGE, [busy], MONDAY) == ["10:00", "11:00", "11:10", "11:20", "11:30"]


def test_busy_span_that_reaches_one_second_into_a_slot_refuses_it() -> None:
    busy = replace(HOST, busy=[(clock("10:30") - 1, clock("11:00") + 1)])
    assert times(PAGE, [busy], MONDAY) == ["11:10", "11:20", "11:30"]


def test_busy_span_that_reaches_one_second_into_the_hours_refuses_their_first_slot() -> None:
    early = replace(HOST, busy=[(clock("09:00"), clock("10:00") + 1)])
    assert times(PAGE, [early], MONDAY)[0] == "10:10"
    assert (
        times(replace(PAGE, buffer_before=10), [replace(HOST, busy=[(clock("09:00"), clock("09:50") + 1)])], MONDAY)[0]
        == "10:10"
    )


def test_buffers_count_once_on_each_side() -> None:
    busy = replace(HOST, busy=[(clock("11:00"), clock("11:10"))])
    before, after = replace(PAGE, buffer_before=10), replace(PAGE, buffer_after=20)
    assert times(PAGE, [busy], MONDAY) == ["10:00", "10:10", "10:20", "10:30", "11:10", "11:20", "11:30"]
    assert times(before, [busy], MONDAY) == ["10:00", "10:10", "10:20", "10:30", "11:20", "11:30"]
    assert times(after, [busy], MONDAY) == ["10:00", "10:10", "11:10", "11:20", "11:30"]


def test_buffers_need_not_lie_inside_hours() -> None:
    wide = replace(PAGE, buffer_before=60, buffer_after=60)
    assert times(wide, [HOST], MONDAY) == times(PAGE, [HOST], MONDAY)
    busy_before_work = replace(HOST, busy=[(clock("09:00"), clock("09:30"))])
    assert times(wide, [busy_before_work], MONDAY)[0] == "10:30"


def test_busy_span_longer_than_several_blocks_takes_them_all() -> None:
    two_blocks = replace(
        HOST, weekly={0: [(600, 660), (720, 780), (840, 900)]}, busy=[(clock("09:00"), clock("12:40"))]
    )
    assert times(PAGE, [two_blocks], MONDAY) == ["14:00", "14:10", "14:20", "14:30"]


@pytest.mark.parametrize("length", [0, -60, -3600])
def test_busy_span_without_length_blocks_nothing(length: int) -> None:
    start = clock("11:00")
    empty = replace(HOST, busy=[(start, start + length)], meetings=[(start, start + length, 600, 600)])
    assert times(PAGE, [empty], MONDAY) == times(PAGE, [HOST], MONDAY)


def test_gap_between_meetings_is_the_larger_buffer_not_the_sum() -> None:
    page = replace(PAGE, buffer_before=10, buffer_after=10)
    for own, first_after in ((5, "11:10"), (10, "11:10"), (20, "11:20")):
        booked = replace(HOST, meetings=[meeting("10:30", "11:00", after=own)])
        assert times(page, [booked], MONDAY)[0] == first_after
    for own, last_before in ((5, "10:40"), (10, "10:40"), (30, "10:20")):
        booked = replace(HOST, meetings=[meeting("11:20", "12:00", before=own)])
        assert times(page, [booked], MONDAY)[-1] == last_before


def test_hold_takes_time_like_a_meeting() -> None:
    held = replace(HOST, held=[meeting("10:30", "11:00", after=10)])
    assert times(PAGE, [held], MONDAY) == ["10:00", "11:10", "11:20", "11:30"]


def test_meeting_that_is_left_out_leaves_its_own_time_free() -> None:
    moved = replace(HOST, meetings=[meeting("10:00", "10:30"), meeting("11:00", "11:30")])
    without_itself = replace(moved, meetings=[meeting("11:00", "11:30")])
    assert times(PAGE, [moved], MONDAY) == ["10:30", "11:30"]
    assert times(PAGE, [without_itself], MONDAY) == ["10:00", "10:10", "10:20", "10:30", "11:30"]


def test_all_day_entry_is_the_date_of_the_member_not_of_the_page() -> None:
    in_taipei = Member(
        id=1,
        tz="Asia/Taipei",
        weekly=dict.fromkeys(range(7), [(0, 1440)]),
        all_day=[(MONDAY, date(2026, 6, 2))],
    )
    hourly = replace(PAGE, increment=60)
    assert times(hourly, [in_taipei], date(2026, 5, 31))[-1] == "17:00"
    assert times(hourly, [in_taipei], MONDAY) == ["18:00", "19:00", "20:00", "21:00", "22:00", "23:00"]


def test_all_day_entry_of_a_long_day_takes_all_of_it() -> None:
    sunday = date(2026, 10, 25)
    member = Member(id=1, tz=WARSAW, weekly={6: [(0, 1440)], 0: [(0, 60)]}, all_day=[(sunday, sunday)])
    assert times(PAGE, [member], sunday) == []
    assert times(PAGE, [member], date(2026, 10, 26)) == ["00:00", "00:10", "00:20", "00:30"]


def test_second_date_of_an_all_day_entry_is_free_again() -> None:
    two_days = Member(
        id=1, tz=WARSAW, weekly=dict.fromkeys(range(7), [(600, 630)]), all_day=[(MONDAY, date(2026, 6, 3))]
    )
    free = [day for day in range(1, 5) if times(PAGE, [two_days], date(2026, 6, day))]
    assert free == [3, 4]


def test_daily_limit_of_a_host_counts_dates_of_the_hosts_zone() -> None:
    weekly = dict.fromkeys(range(7), [(0, 1440)])
    night = meeting("23:00", "23:30")
    in_taipei = Member(id=1, tz="Asia/Taipei", weekly=weekly, meetings=[night], daily_limit=1)
    hourly = replace(PAGE, increment=60)
    assert times(hourly, [in_taipei], MONDAY)[-1] == "17:00"
    assert times(hourly, [in_taipei], date(2026, 6, 2))[0] == "18:00"


@pytest.mark.parametrize("change", [{"is_active": False}, {"calendar_unreachable": True}, {"daily_limit": 0}])
def test_member_who_takes_no_part_offers_nothing_and_closes_a_group(change: dict[str, Any]) -> None:
    away = replace(HOST, id=2, **change)
    assert times(PAGE, [away], MONDAY) == []
    assert times(replace(PAGE, kind="GROUP"), [HOST, away], MONDAY) == []
    assert times(replace(PAGE, kind="ROUND_ROBIN"), [HOST, away], MONDAY) == times(PAGE, [HOST], MONDAY)


def test_round_robin_needs_one_member_free_for_the_whole_slot() -> None:
    early = replace(HOST, id=1, weekly={0: [(600, 615)]})
    late = replace(HOST, id=2, weekly={0: [(615, 630)]})
    assert times(replace(PAGE, kind="ROUND_ROBIN"), [early, late], MONDAY) == []


def test_same_question_later_that_day_finds_what_was_kept() -> None:
    member = replace(HOST)
    first = times(PAGE, [member], MONDAY)
    assert len(member.kept) == 1
    assert times(PAGE, [member], MONDAY) == first
    assert len(member.kept) == 1


def test_lists_that_change_after_the_member_was_made_change_nothing() -> None:
    busy, weekly = [(clock("10:00"), clock("11:30"))], {0: [(600, 720)]}
    member = Member(id=1, tz=WARSAW, weekly=weekly, busy=busy)
    busy.clear()
    weekly[0].clear()
    assert times(PAGE, [member], MONDAY) == ["11:30"]
