"""Whether one start can be booked: the list, asked about a single second."""

from collections.abc import Sequence

from server.availability.grid import starts_on_grid
from server.availability.member import Member, MemberId
from server.availability.page import Page
from server.availability.sweep import members_in, sweep
from server.availability.window import open_spans


def check(page: Page, members: Sequence[Member], *, now: int, start: int, duration: int) -> bool:
    """Whether the list would offer `start` (epoch seconds) for `duration` minutes at the instant `now` (rule 13)."""
    return bool(free_members(page, members, now=now, start=start, duration=duration))


def free_members(page: Page, members: Sequence[Member], *, now: int, start: int, duration: int) -> tuple[MemberId, ...]:
    """The members who would host the slot, as the list gives them: for a rotation those to pick from. None when the
    list does not offer it."""
    spans = open_spans(page, [(start, start + 1)], now=now)
    if not starts_on_grid(page, spans):
        return ()
    _, masks = sweep(page, members, spans, duration=duration)
    return members_in([member.id for member in members], masks[0]) if masks else ()
