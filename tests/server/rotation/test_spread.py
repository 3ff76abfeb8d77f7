"""The quick spread is that of the story told booking by booking."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.rotation.simulate import simulate
from server.rotation.spread import spread
from server.rotation.turns import RotationState, Turn

turns = st.lists(
    st.builds(
        Turn,
        id=st.just(0),
        assigned=st.integers(0, 5),
        last_assigned=st.integers(0, 9),
        weight=st.integers(0, 4),
        is_active=st.booleans(),
        has_left=st.booleans(),
    ),
    max_size=6,
)


def rotation_of(turns: list[Turn]) -> RotationState:
    return RotationState(
        tuple(
            Turn(number, one.assigned, one.last_assigned, one.weight, one.is_active, one.has_left)
            for number, one in enumerate(turns, start=1)
        )
    )


@given(turns=turns, bookings=st.integers(0, 40), seed=st.integers(0, 3), free_share=st.sampled_from([0.3, 0.7, 1.0]))
@settings(max_examples=200, deadline=None)
def test_the_spread_is_that_of_the_simulation(turns: list[Turn], bookings: int, seed: int, free_share: float) -> None:
    state = rotation_of(turns)
    story = simulate(state, bookings=bookings, seed=seed, free_share=free_share)
    assert spread(state, bookings=bookings, seed=seed, free_share=free_share) == story.spread


@pytest.mark.capability("S2-45")
def test_ten_thousand_bookings_are_spread_evenly_when_everyone_is_free() -> None:
    found = spread(RotationState(tuple(Turn(number) for number in range(50))), bookings=10_000)
    assert set(found.values()) == {200}


def test_ten_thousand_bookings_are_spread_by_weight_within_one_percent() -> None:
    weights = (1, 2, 3, 5)
    found = spread(RotationState(tuple(Turn(each, weight=each) for each in weights)), bookings=10_000)
    for each in weights:
        fair = 10_000 * each / sum(weights)
        assert abs(found[each] - fair) <= 0.01 * fair
