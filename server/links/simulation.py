"""How the rotation behind a link would spread the meetings to come."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace

from server.accounts.viewer import Viewer
from server.errors import ErrorCode, refusal
from server.models import MeetingLink, User
from server.models.enums import MeetingLinkKind
from server.rotation.members import rotation_state
from server.rotation.spread import spread
from server.rotation.turns import RotationState

MOST_BOOKINGS = 10_000


@dataclass(frozen=True, slots=True)
class Share:
    """One member: how many meetings they have been given so far, and how many of the simulated ones they would get."""

    user_id: int
    weight: int
    assigned: int
    would_get: int
    takes_turns: bool


async def simulate_rotation(
    viewer: Viewer, link_id: int, *, bookings: int, seed: int, free_percent: int = 100
) -> tuple[Share, ...]:
    """What each member of a ROUND_ROBIN link's rotation would get of the next meetings, in the order of the rotation,
    if each of them is free that often. Nothing is counted, and the same seed gives the same answer.

    `NOT_FOUND` for a link that takes no turns, `TIME_RANGE_INVALID` for more than 10,000 bookings or a share that is
    no percentage."""
    if not 0 <= bookings <= MOST_BOOKINGS:
        message = f"Choose 0 to {MOST_BOOKINGS} bookings."
        raise refusal(ErrorCode.TIME_RANGE_INVALID, message, "bookings")
    if not 1 <= free_percent <= 100:
        raise refusal(ErrorCode.TIME_RANGE_INVALID, "A percentage is a number from 1 to 100.", "freePercent")
    state = await _state_of(viewer, link_id)
    share = free_percent / 100
    found = await asyncio.to_thread(spread, state, bookings=bookings, seed=seed, free_share=share)
    return tuple(
        Share(int(turn.id), int(turn.weight), turn.assigned, found[turn.id], turn.takes_turns)
        for turn in state.turns
        if turn.id in found
    )


async def _state_of(viewer: Viewer, link_id: int) -> RotationState:
    """The rotation of the link as it stands; a colleague who was put out takes no turns."""
    link = await MeetingLink.get_or_none(
        id=link_id, account_id=viewer.account_id, retired_at__isnull=True, kind=MeetingLinkKind.ROUND_ROBIN
    )
    if link is None or link.rotation_id is None:
        message = "There is no such link whose members take turns. Choose a link of the kind ROUND_ROBIN."
        raise refusal(ErrorCode.NOT_FOUND, message, "link")
    state = await rotation_state(link.rotation_id)
    users = await User.filter(id__in=[turn.id for turn in state.turns], is_active=True)
    there = {user.id for user in users}
    return RotationState(tuple(replace(turn, is_active=turn.is_active and turn.id in there) for turn in state.turns))
