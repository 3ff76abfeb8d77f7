"""Whoever booked a meeting cancels it, from the manage link."""

from __future__ import annotations

from functools import partial
from typing import Any

from server.booking.managed import locked_booking, managed
from server.checks import long_text
from server.meetings.cancel import call_off
from server.repeats import kept_or

LONGEST_REASON = 1000


async def cancel(token: str, *, reason: str = "", idempotency_key: str | None = None) -> int:
    """The meeting is canceled, its time free, its outcome CANCELED (S1-36, S1-38); host and attendees are told.
    Returns its number.

    `NOT_FOUND` for a wrong token, `CONFLICT` if it was canceled before, `TIME_IN_PAST` if it has begun, `FORBIDDEN`
    where the link has changes switched off, `TEXT_TOO_LONG`."""
    booking = await managed(token)
    result = await kept_or(
        "cancelBooking",
        account_id=booking.meeting.account_id,
        scope=f"meeting:{booking.meeting.id}",
        key=idempotency_key,
        input={"reason": reason},
        run=partial(_cancel, token, reason),
    )
    return int(result["meeting_id"])


async def _cancel(token: str, reason: str) -> dict[str, Any]:
    said = long_text(reason, LONGEST_REASON, "reason")
    _, meeting = await locked_booking(token)
    await call_off(meeting, actor="visitor", reason=said)
    return {"meeting_id": meeting.id}
