"""The counts of a rotation as rows: read for a pick, raised by a meeting, lowered when it is deleted."""

from __future__ import annotations

from collections.abc import Sequence

from server import database
from server.models import RotationMember
from server.rotation.turns import RotationState, Turn

_ONE_MORE = """
    UPDATE rotation_member SET assigned = assigned + 1,
        last_assigned = (SELECT MAX(last_assigned) + 1 FROM rotation_member WHERE rotation_id = $1)
    WHERE rotation_id = $1 AND user_id = $2
"""
_ONE_LESS = """
    UPDATE rotation_member SET assigned = assigned - 1 WHERE rotation_id = $1 AND user_id = $2 AND assigned > 0
"""


async def rotation_state(rotation_id: int) -> RotationState:
    """The rotation with every member that it has or had, in its order."""
    return state_from(await RotationMember.filter(rotation_id=rotation_id).order_by("position", "id"))


def state_from(places: Sequence[RotationMember]) -> RotationState:
    """The same from rows that have been read already."""
    return RotationState(
        tuple(
            Turn(
                id=place.user_id,
                assigned=place.assigned,
                last_assigned=place.last_assigned,
                weight=place.weight,
                is_active=place.is_active,
                has_left=place.left_at is not None,
            )
            for place in places
        )
    )


async def count_up(rotation_id: int, user_id: int) -> None:
    """The member has one meeting more and was the last to get one (S2-48). Nobody is counted who is no member.

    Whoever calls has locked the members, so that two assignments do not get the same running number."""
    await database.execute(_ONE_MORE, rotation_id, user_id)


async def count_down(rotation_id: int, user_id: int) -> None:
    """The member has one meeting less; when they last got one stays as it was (S2-48)."""
    await database.execute(_ONE_LESS, rotation_id, user_id)
