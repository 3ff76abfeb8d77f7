from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.rotation.pick import Considered, Standing, pick, pick_with_trace, replayed
from server.rotation.turns import RotationState, Turn, assign, unassign

TURNS = st.lists(
    st.builds(
        Turn,
        id=st.integers(1, 8),
        assigned=st.integers(0, 6),
        last_assigned=st.integers(0, 6),
        weight=st.sampled_from([1, 1, 1, 2, 3, 0.5, 0]),
        is_active=st.sampled_from([True, True, True, False]),
        has_left=st.sampled_from([False, False, False, True]),
    ),
    max_size=6,
    unique_by=lambda turn: turn.id,
)


@pytest.mark.capability("S2-45")
def test_member_with_the_fewest_meetings_is_picked() -> None:
    assert pick([Turn(1, assigned=3), Turn(2, assigned=1), Turn(3, assigned=2)], [1, 2, 3]) == 2


@pytest.mark.capability("S2-45")
def test_tie_goes_to_whoever_waited_longest_and_never_is_longest() -> None:
    assert pick([Turn(1, 2, 9), Turn(2, 2, 4), Turn(3, 2, 7)], [1, 2, 3]) == 2
    assert pick([Turn(1, 2, 9), Turn(2, 2, 4), Turn(3, 2, 0)], [1, 2, 3]) == 3


def test_tie_that_remains_goes_by_the_order_of_the_list() -> None:
    assert pick([Turn(3), Turn(1), Turn(2)], [1, 2, 3]) == 3


def test_only_members_free_at_the_slot_are_picked() -> None:
    turns = [Turn(1), Turn(2, assigned=9)]
    assert pick(turns, [2]) == 2
    assert pick(turns, [5]) is None
    assert pick(turns, []) is None


@pytest.mark.parametrize("change", [{"is_active": False}, {"has_left": True}, {"weight": 0}])
def test_member_who_takes_no_turns_is_not_picked(change: dict[str, Any]) -> None:
    away = replace(Turn(1), **change)
    assert pick([away, Turn(2, assigned=50)], [1, 2]) == 2
    assert pick([away, Turn(2, assigned=50)], [1, 2], owner=1) == 2


def test_weight_divides_the_load_with_the_meeting_to_come() -> None:
    assert pick([Turn(1, assigned=1), Turn(2, assigned=2, weight=2)], [1, 2]) == 2
    assert pick([Turn(1, assigned=1), Turn(2, assigned=4, weight=2)], [1, 2]) == 1
    assert pick([Turn(1, assigned=1, last_assigned=2), Turn(2, assigned=3, last_assigned=1, weight=2)], [1, 2]) == 2


def test_owner_of_the_contact_goes_first_if_free() -> None:
    turns = [Turn(1), Turn(2, assigned=9)]
    assert pick(turns, [1, 2], owner=2) == 2
    assert pick(turns, [1], owner=2) == 1
    assert pick(turns, [1, 2], owner=77) == 1


@pytest.mark.capability("S2-46")
@pytest.mark.capability("S2-48")
def test_rotation_that_skips_a_full_member_comes_back_to_them() -> None:
    state = RotationState((Turn(1), Turn(2), Turn(3)))
    hosts = []
    for free in ([1, 2, 3], [1, 3], [1, 2, 3], [1, 2, 3]):
        host = pick(state, free)
        assert host is not None
        hosts.append(host)
        state = assign(state, host)
    assert hosts == [1, 3, 2, 1]
    assert pick(unassign(state, 3), [1, 2, 3]) == 3


def test_trace_says_what_became_of_everybody() -> None:
    turns = [Turn(1, 2, 5), Turn(2, 1, 3), Turn(3, 0, 0), Turn(4, is_active=False), Turn(5, has_left=True)]
    trace = pick_with_trace(turns, [1, 2, 4, 5])
    assert trace.host == 2
    assert trace.considered == (
        Considered(1, 2, 5, 1, Standing.BEHIND),
        Considered(2, 1, 3, 1, Standing.PICKED),
        Considered(3, 0, 0, 1, Standing.NOT_FREE),
        Considered(4, 0, 0, 1, Standing.INACTIVE),
    )
    assert pick_with_trace(turns, [1, 2], owner=1).considered[0].standing == Standing.OWNER


@given(turns=TURNS, free=st.sets(st.integers(1, 8)), owner=st.one_of(st.none(), st.integers(1, 8)))
def test_trace_replays_to_the_same_host(turns: Sequence[Turn], free: set[int], owner: int | None) -> None:
    trace = pick_with_trace(turns, free, owner=owner)
    assert replayed(trace.as_rows()) == trace.host == pick(turns, free, owner=owner)


@given(turns=TURNS, free=st.sets(st.integers(1, 8)))
def test_equal_weights_are_as_if_there_were_none(turns: Sequence[Turn], free: set[int]) -> None:
    equal = [replace(turn, weight=3) for turn in turns]
    candidates = [turn for turn in equal if turn.is_active and not turn.has_left and turn.id in free]
    expected = min(candidates, key=lambda turn: (turn.assigned, turn.last_assigned), default=None)
    assert pick(equal, free) == (None if expected is None else expected.id)
