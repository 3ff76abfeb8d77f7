"""How a rotation would spread the meetings to come."""

from dataclasses import dataclass
from random import Random

from server.rotation.pick import Trace, pick_with_trace
from server.rotation.turns import MemberId, RotationState, assign


@dataclass(frozen=True, slots=True)
class Simulation:
    """The rotation afterwards, and how each booking found its host; a booking for which nobody was free has none."""

    state: RotationState
    traces: tuple[Trace, ...]

    @property
    def spread(self) -> dict[MemberId, int]:
        """How many of the simulated meetings each member got, in the order of the rotation."""
        hosts = [trace.host for trace in self.traces]
        return {turn.id: hosts.count(turn.id) for turn in self.state.turns if not turn.has_left}


def simulate(state: RotationState, *, bookings: int, seed: int = 0, free_share: float = 1.0) -> Simulation:
    """The rotation after so many bookings, at each of which a member is free with the probability `free_share`. The
    same seed tells the same story; the counts that are kept do not change."""
    dice, traces = Random(seed), []
    for _ in range(bookings):
        free = [turn.id for turn in state.turns if free_share >= 1 or dice.random() < free_share]
        trace = pick_with_trace(state, free)
        traces.append(trace)
        if trace.host is not None:
            state = assign(state, trace.host)
    return Simulation(state, tuple(traces))
