"""Refusals of a booking that carry more than a sentence."""

from __future__ import annotations

from server.booking.slots import Slot
from server.errors import Complaint, ErrorCode, Refused

_TAKEN = "Someone else has just taken this time. Please choose another one."
_EXPIRED = "Your hold on this time has run out and someone else has taken it. Please choose another one."


class SlotTaken(Refused):
    """The time was free a moment ago and is not any more. `alternatives` are the free starts nearest to it, by time,
    at most three. The code is `SLOT_TAKEN`, or `HOLD_EXPIRED` for whoever had kept the time for too long."""

    def __init__(self, alternatives: tuple[Slot, ...], *, hold_expired: bool = False) -> None:
        code, message = (ErrorCode.HOLD_EXPIRED, _EXPIRED) if hold_expired else (ErrorCode.SLOT_TAKEN, _TAKEN)
        super().__init__([Complaint(code, message, ("startsAt",))])
        self.alternatives = alternatives
        self.hold_expired = hold_expired
