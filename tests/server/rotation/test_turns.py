import pytest

from server.rotation.turns import RotationState, Turn, assign, join, leave, switch, unassign

STATE = RotationState((Turn(1, 4, 7), Turn(2, 3, 9), Turn(3, 8, 8, is_active=False)))


@pytest.mark.capability("S2-48")
def test_assignment_adds_one_and_is_the_latest() -> None:
    assert assign(STATE, 1).turns == (Turn(1, 5, 10), *STATE.turns[1:])


@pytest.mark.capability("S2-48")
def test_deletion_takes_one_away_and_leaves_when_it_was() -> None:
    assert unassign(STATE, 2).turns == (STATE.turns[0], Turn(2, 2, 9), STATE.turns[2])
    assert unassign(RotationState((Turn(1),)), 1).turns == (Turn(1),)


def test_counts_of_somebody_who_is_no_member_change_nothing() -> None:
    assert assign(STATE, 99) == STATE
    assert unassign(STATE, 99) == STATE
    assert STATE.turn_of(99) is None


def test_newcomer_starts_at_the_lowest_level_of_those_who_take_turns() -> None:
    assert join(STATE, 4).turn_of(4) == Turn(4, assigned=3)
    assert join(RotationState(), 4).turn_of(4) == Turn(4)
    assert join(RotationState((Turn(1, 0, 0, is_active=False), Turn(2, 6))), 4).turn_of(4) == Turn(4, assigned=6)


def test_newcomer_with_a_weight_starts_at_the_same_level() -> None:
    assert join(STATE, 4, weight=2).turn_of(4) == Turn(4, assigned=6, weight=2)


def test_leaving_and_returning_keeps_the_count() -> None:
    away = leave(STATE, 1)
    assert away.turn_of(1) == Turn(1, 4, 7, has_left=True)
    assert join(away, 1) == STATE


def test_switch_keeps_the_count() -> None:
    assert switch(switch(STATE, 1, is_active=False), 1, is_active=True) == STATE
    assert not switch(STATE, 1, is_active=False).turns[0].takes_turns
