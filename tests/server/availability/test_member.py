from dataclasses import replace
from datetime import date
from typing import Any

from server.availability import Member


def test_hours_may_come_as_the_data_keeps_them() -> None:
    as_kept: dict[str, Any] = {"weekly": {"0": [[540, 1020]]}, "overrides": {"2026-06-02": [[600, 660]]}}
    from_json = Member(id=1, **as_kept)
    assert from_json == Member(id=1, weekly={0: [(540, 1020)]}, overrides={date(2026, 6, 2): [(600, 660)]})


def test_busy_time_is_merged_when_the_member_is_made() -> None:
    member = Member(id=1, busy=[(50, 60), (10, 20), (15, 30), (30, 40), (70, 70), (90, 80)])
    assert member.taken == ([10, 50], [40, 60])


def test_copy_of_a_member_keeps_nothing_of_the_old_one() -> None:
    member = Member(id=1, busy=[(10, 20)])
    member.keep("question", [(1, 2)])
    assert replace(member, busy=()).kept == {}
    assert replace(member, busy=()).taken == ((), ())


def test_only_so_many_answers_are_kept() -> None:
    member = Member(id=1)
    for number in range(100):
        member.keep(number, [])
    assert len(member.kept) <= 16
    assert 99 in member.kept


def test_blocks_that_reach_beyond_the_day_are_cut_where_no_clock_reads_them() -> None:
    assert Member(id=1, weekly={3: [(1380, 1500)]}).week[0] == ((82_800, 86_400),)
    assert Member(id=1, weekly={3: [(1380, 1500)]}).week[1] == ()
