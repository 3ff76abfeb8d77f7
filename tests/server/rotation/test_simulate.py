import pytest

from server.rotation.pick import replayed
from server.rotation.simulate import simulate
from server.rotation.turns import RotationState, Turn


def rotation(*weights: float) -> RotationState:
    return RotationState(tuple(Turn(number, weight=weight) for number, weight in enumerate(weights, start=1)))


@pytest.mark.capability("S2-45")
def test_ten_thousand_bookings_are_spread_evenly() -> None:
    spread = simulate(rotation(*[1] * 7), bookings=10_000).spread
    assert sum(spread.values()) == 10_000
    assert max(spread.values()) - min(spread.values()) <= 1


@pytest.mark.parametrize("weights", [(1, 2, 3, 1), (5, 1), (1, 1.5, 2.5), (10, 1, 1, 1)])
def test_ten_thousand_bookings_are_spread_by_weight_within_one_percent(weights: tuple[float, ...]) -> None:
    spread = simulate(rotation(*weights), bookings=10_000).spread
    for number, weight in enumerate(weights, start=1):
        fair = 10_000 * weight / sum(weights)
        assert abs(spread[number] - fair) <= 0.01 * fair


def test_members_who_are_often_away_still_share_evenly() -> None:
    spread = simulate(rotation(1, 1, 1, 1), bookings=10_000, seed=3, free_share=0.6).spread
    assert max(spread.values()) - min(spread.values()) <= 20


def test_same_seed_tells_the_same_story_and_every_trace_replays() -> None:
    story = simulate(rotation(1, 2, 1), bookings=500, seed=7, free_share=0.5)
    assert simulate(rotation(1, 2, 1), bookings=500, seed=7, free_share=0.5) == story
    assert simulate(rotation(1, 2, 1), bookings=500, seed=8, free_share=0.5) != story
    assert [replayed(trace.as_rows()) for trace in story.traces] == [trace.host for trace in story.traces]


def test_every_trace_of_ten_thousand_bookings_replays_to_its_host() -> None:
    story = simulate(rotation(1, 2, 1.5, 1, 0.5), bookings=10_000, seed=11, free_share=0.7)
    assert [replayed(trace.as_rows()) for trace in story.traces] == [trace.host for trace in story.traces]


def test_booking_for_which_nobody_is_free_has_no_host() -> None:
    story = simulate(rotation(1, 1), bookings=100, seed=1, free_share=0.01)
    assert any(trace.host is None for trace in story.traces)
    assert sum(story.spread.values()) == sum(trace.host is not None for trace in story.traces)


def test_newcomer_does_not_get_every_meeting() -> None:
    state = RotationState((Turn(1, 40, 79), Turn(2, 40, 80), Turn(3, 40, 0)))
    assert simulate(state, bookings=30).spread == {1: 10, 2: 10, 3: 10}
