"""Who would get how many of the meetings to come, without the story of each of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from heapq import heapify, heappop, heappush
from random import Random

from server.rotation.turns import MemberId, RotationState, Turn

_Queue = list[tuple[object, int, int, Turn]]


def spread(state: RotationState, *, bookings: int, seed: int = 0, free_share: float = 1.0) -> dict[MemberId, int]:
    """How many of so many meetings each member would get who has not left, in the order of the rotation. It is the
    spread of `simulate` with the same dice; without the traces it takes thousands of bookings in one request."""
    dice = Random(seed)
    got: dict[MemberId, int] = {turn.id: 0 for turn in state.turns if not turn.has_left}
    queue: _Queue = [_place(number, turn) for number, turn in enumerate(state.turns) if turn.takes_turns]
    heapify(queue)
    latest = max((turn.last_assigned for turn in state.turns), default=0)
    for _ in range(bookings):
        is_free = [free_share >= 1 or dice.random() < free_share for _ in state.turns]
        for number, turn in _first_free(queue, is_free):
            latest += 1
            got[turn.id] += 1
            heappush(queue, _place(number, replace(turn, assigned=turn.assigned + 1, last_assigned=latest)))
    return got


def _place(number: int, turn: Turn) -> tuple[object, int, int, Turn]:
    """What orders the queue: least load, then longest wait, then the order of the rotation (rules 14 and 17)."""
    return turn.load, turn.last_assigned, number, turn


def _first_free(queue: _Queue, is_free: list[bool]) -> Iterator[tuple[int, Turn]]:
    """Takes the first member who is free out of the queue, if there is one; whoever is not keeps their place."""
    passed: _Queue = []
    while queue:
        place = heappop(queue)
        if is_free[place[2]]:
            yield place[2], place[3]
            break
        passed.append(place)
    for place in passed:
        heappush(queue, place)
