"""What must hold whatever the page, the members and the moment are."""

from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server.availability import Member
from server.availability.intervals import edges
from tests.server.availability.cases import ZONES, Case, cases, midnight
from tests.server.availability.test_against_reference import SOME_CASES, offered_for, offered_starts

at_random = settings(max_examples=SOME_CASES, deadline=None, suppress_health_check=list(HealthCheck))


def alone(case: Case, member: Member) -> set[int]:
    """The starts of the member's individual list."""
    return set(offered_starts(replace(case, page=replace(case.page, kind="PERSONAL"), members=(member,))))


def with_each_member(case: Case, **values: Any) -> Case:
    return replace(case, members=tuple(replace(member, **values) for member in case.members))


@given(case=cases())
@at_random
def test_group_is_the_intersection_of_individual_lists(case: Case) -> None:
    group = set(offered_starts(replace(case, page=replace(case.page, kind="GROUP"))))
    lists = [alone(case, member) for member in case.members]
    assert group == (set.intersection(*lists) if lists else set())


@pytest.mark.capability("S2-45")
@given(case=cases())
@at_random
def test_round_robin_is_the_union_of_individual_lists(case: Case) -> None:
    offers = offered_for(replace(case, page=replace(case.page, kind="ROUND_ROBIN")))
    lists = {member.id: alone(case, member) for member in case.members}
    assert {offer.start for offer in offers} == set().union(*lists.values())
    for offer in offers:
        assert offer.members == tuple(member.id for member in case.members if offer.start in lists[member.id])


@given(case=cases(), start=st.integers(-86_400, 2 * 86_400), length=st.integers(-600, 20_000))
@at_random
def test_more_busy_time_never_adds_a_slot(case: Case, start: int, length: int) -> None:
    begins = midnight(case.start) + start
    busier = tuple(replace(one, busy=[*one.busy, (begins, begins + length)]) for one in case.members)
    assert set(offered_starts(replace(case, members=busier))) <= set(offered_starts(case))


@given(case=cases(), before=st.integers(0, 90), after=st.integers(0, 90), notice=st.integers(0, 2000))
@at_random
def test_more_buffer_or_notice_never_adds_a_slot(case: Case, before: int, after: int, notice: int) -> None:
    page = case.page
    wider = replace(page, buffer_before=page.buffer_before + before, buffer_after=page.buffer_after + after)
    later = replace(page, min_notice=page.min_notice + notice)
    starts = set(offered_starts(case))
    assert set(offered_starts(replace(case, page=wider))) <= starts
    assert set(offered_starts(replace(case, page=later))) <= starts


@given(case=cases(), other=cases())
@at_random
def test_one_member_more_never_adds_to_a_group_nor_takes_from_a_rotation(case: Case, other: Case) -> None:
    if not case.members or not other.members:
        return
    more = (*case.members, replace(other.members[0], id=99))
    group, turns = replace(case.page, kind="GROUP"), replace(case.page, kind="ROUND_ROBIN")
    assert set(offered_starts(replace(case, page=group, members=more))) <= set(
        offered_starts(replace(case, page=group))
    )
    assert set(offered_starts(replace(case, page=turns, members=more))) >= set(
        offered_starts(replace(case, page=turns))
    )


@given(case=cases(), seed=st.integers(0, 1000))
@at_random
def test_busy_time_in_pieces_and_in_any_order_is_the_same_busy_time(case: Case, seed: int) -> None:
    dice, members = Random(seed), []
    for member in case.members:
        pieces = []
        for start, end in member.busy:
            cut = dice.randint(start, end) if start < end else start
            pieces += [(start, cut), (cut, end)] if start < end else [(start, end)]
        dice.shuffle(pieces)
        shuffled = dice.sample(list(member.meetings), len(member.meetings))
        members.append(replace(member, busy=pieces, meetings=shuffled))
    assert offered_for(replace(case, members=tuple(members))) == offered_for(case)


@given(case=cases())
@at_random
def test_busy_time_that_comes_merged_is_the_same_busy_time(case: Case) -> None:
    merged_already = [replace(one, busy=(), calendar=edges(one.busy)) for one in case.members]
    half = [replace(one, busy=one.busy[::2], calendar=edges(one.busy[1::2])) for one in case.members]
    for members in (merged_already, half):
        assert offered_for(replace(case, members=tuple(members))) == offered_for(case)


@given(case=cases(), viewer_tz=st.sampled_from(ZONES))
@at_random
def test_zone_of_the_viewer_changes_nothing_over_a_wide_range(case: Case, viewer_tz: str) -> None:
    wide = replace(case, start=case.start - timedelta(days=2), end=case.end + timedelta(days=2))
    first, last = midnight(case.start) - 40_000, midnight(case.end) + 80_000
    seen = [offer for offer in offered_for(wide) if first <= offer.start < last]
    assert [offer for offer in offered_for(replace(wide, viewer_tz=viewer_tz)) if first <= offer.start < last] == seen


@given(case=cases())
@at_random
def test_starts_of_a_longer_duration_are_among_those_of_a_shorter_one(case: Case) -> None:
    longer, shorter = replace(case, duration=60), replace(case, duration=15)
    assert set(offered_starts(longer)) <= set(offered_starts(shorter))


@given(case=cases())
@at_random
def test_days_asked_one_by_one_are_the_days_asked_together(case: Case) -> None:
    days = [case.start + timedelta(days=count) for count in range(-1, 3)]
    together = replace(case, start=days[0], end=days[-1])
    one_by_one = [offer for day in days for offer in offered_for(replace(case, start=day, end=day))]
    assert sorted(one_by_one) == offered_for(together)


@given(case=cases())
@at_random
def test_asking_twice_gives_the_same_answer_as_asking_anew(case: Case) -> None:
    first = offered_for(case)
    later = replace(case, end=case.end + timedelta(days=3))
    offered_for(later)
    assert offered_for(case) == first
    assert offered_for(with_each_member(case)) == first
