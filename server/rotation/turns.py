"""The counts of a rotation, and what the verbs do to them. Pure: whoever calls keeps the result."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

MemberId = int | str


@dataclass(frozen=True, slots=True)
class Turn:
    """One member's place. `assigned` counts their meetings, `last_assigned` is the rotation's running number of the
    latest one (0 = never); a weight of 2 gets twice as many as a weight of 1."""

    id: MemberId
    assigned: int = 0
    last_assigned: int = 0
    weight: float = 1
    is_active: bool = True
    has_left: bool = False

    @property
    def takes_turns(self) -> bool:
        """Whether the member is offered and counted (rule 19)."""
        return self.is_active and not self.has_left and self.weight > 0

    @property
    def load(self) -> Fraction:
        """What the member would carry with one meeting more, measured by weight (rule 17)."""
        return Fraction(self.assigned + 1) / Fraction(self.weight)

    @property
    def level(self) -> Fraction:
        """What the member carries now, measured by weight."""
        return Fraction(self.assigned) / Fraction(self.weight)


@dataclass(frozen=True, slots=True)
class RotationState:
    """Every member that a rotation has or had, in its order, with their counts."""

    turns: tuple[Turn, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "turns", tuple(self.turns))

    def turn_of(self, member: MemberId) -> Turn | None:
        """The place of the member, or nothing for somebody who never was one."""
        return next((turn for turn in self.turns if turn.id == member), None)


def assign(state: RotationState, member: MemberId) -> RotationState:
    """The member has one meeting more and was the last to get one, whether picked or chosen by hand (S2-48)."""
    latest = max((turn.last_assigned for turn in state.turns), default=0) + 1
    return _with(state, member, lambda turn: replace(turn, assigned=turn.assigned + 1, last_assigned=latest))


def unassign(state: RotationState, member: MemberId) -> RotationState:
    """The member has one meeting less, never fewer than none; when they last got one stays as it was (S2-48). It is
    for the caller to ask once a meeting."""
    return _with(state, member, lambda turn: replace(turn, assigned=max(0, turn.assigned - 1)))


def join(state: RotationState, member: MemberId, *, weight: float = 1) -> RotationState:
    """The member takes turns from now on: with the old count after an absence, else at the lowest level of the others,
    so that a newcomer is not given every meeting until they have caught up (rule 19)."""
    if state.turn_of(member) is not None:
        return _with(state, member, lambda turn: replace(turn, has_left=False))
    level = min((turn.level for turn in state.turns if turn.takes_turns), default=Fraction(0))
    return RotationState((*state.turns, Turn(member, assigned=int(level * Fraction(weight)), weight=weight)))


def leave(state: RotationState, member: MemberId) -> RotationState:
    """The member takes no turns until they join again; the count is kept."""
    return _with(state, member, lambda turn: replace(turn, has_left=True))


def switch(state: RotationState, member: MemberId, *, is_active: bool) -> RotationState:
    """The member is on or off, with the count as it was."""
    return _with(state, member, lambda turn: replace(turn, is_active=is_active))


def _with(state: RotationState, member: MemberId, change: Callable[[Turn], Turn]) -> RotationState:
    return RotationState(tuple(change(turn) if turn.id == member else turn for turn in state.turns))


def in_order(turns: Sequence[Turn]) -> list[Turn]:
    """Whose turn it is first: the least load, then the longest wait, then the order of the list (rules 14 and 17)."""
    return sorted(turns, key=lambda turn: (turn.load, turn.last_assigned))
