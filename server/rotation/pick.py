"""Whose turn it is, and why (rules 14 and 17 to 19, S2-45)."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from server.rotation.turns import MemberId, RotationState, Turn, in_order


class Standing(StrEnum):
    """What became of one member when a host was picked."""

    PICKED = "PICKED"
    OWNER = "OWNER"
    CHOSEN = "CHOSEN"
    BEHIND = "BEHIND"
    NOT_FREE = "NOT_FREE"
    INACTIVE = "INACTIVE"


@dataclass(frozen=True, slots=True)
class Considered:
    """One member as they stood at that moment: counts before the assignment, and what became of them. OWNER is picked
    as the owner of the visitor's contact, CHOSEN by hand, BEHIND was free but had to let somebody else go first."""

    id: MemberId
    assigned: int
    last_assigned: int
    weight: float
    standing: Standing


@dataclass(frozen=True, slots=True)
class Trace:
    """Who was considered, in the order of the rotation, and who got it. Enough to find the same host again."""

    host: MemberId | None
    considered: tuple[Considered, ...]

    def as_rows(self) -> list[dict[str, Any]]:
        """The trace as plain dictionaries, ready to be kept as JSON."""
        return [{**asdict(one), "standing": str(one.standing)} for one in self.considered]


def pick(
    rotation_state: RotationState | Sequence[Turn],
    eligible: Iterable[MemberId],
    *,
    owner: MemberId | None = None,
) -> MemberId | None:
    """The id of the member who gets the next meeting, or nothing when nobody can. `eligible` are those free at the
    slot; `owner` is the visitor's contact owner, where the page asks for them first (rule 18). Counts nothing."""
    return pick_with_trace(rotation_state, eligible, owner=owner).host


def pick_with_trace(
    rotation_state: RotationState | Sequence[Turn],
    eligible: Iterable[MemberId],
    *,
    owner: MemberId | None = None,
) -> Trace:
    """The same pick, with what was known of every member who has not left."""
    state = rotation_state if isinstance(rotation_state, RotationState) else RotationState(tuple(rotation_state))
    free = frozenset(eligible)
    host, is_owner = _choice([turn for turn in state.turns if turn.takes_turns and turn.id in free], owner)
    chosen = Standing.OWNER if is_owner else Standing.PICKED
    considered = tuple(
        Considered(
            turn.id,
            turn.assigned,
            turn.last_assigned,
            turn.weight,
            chosen if turn.id == host else _standing(turn, free),
        )
        for turn in state.turns
        if not turn.has_left
    )
    return Trace(host, considered)


def replayed(rows: Iterable[Mapping[str, Any]]) -> MemberId | None:
    """The host that a kept trace leads to, worked out again from the counts in it."""
    candidates = [row for row in rows if row["standing"] not in (Standing.NOT_FREE, Standing.INACTIVE)]
    owner = next((row["id"] for row in candidates if row["standing"] in (Standing.OWNER, Standing.CHOSEN)), None)
    turns = [Turn(row["id"], row["assigned"], row["last_assigned"], row["weight"]) for row in candidates]
    return pick(turns, [turn.id for turn in turns], owner=owner)


def _choice(candidates: Sequence[Turn], owner: MemberId | None) -> tuple[MemberId | None, bool]:
    if owner is not None and any(turn.id == owner for turn in candidates):
        return owner, True
    return (in_order(candidates)[0].id if candidates else None), False


def _standing(turn: Turn, free: Collection[MemberId]) -> Standing:
    if not turn.takes_turns:
        return Standing.INACTIVE
    return Standing.BEHIND if turn.id in free else Standing.NOT_FREE
