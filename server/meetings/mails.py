"""The mails about a meeting, promised in the transaction that gives the reason for them."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from server.models import Meeting
from server.models.enums import JobKind
from server.outbox import enqueue

Occasion = Literal["booked", "invited", "moved", "canceled", "changed"]


async def tell_attendees(meeting: Meeting, occasion: Occasion, *, was: tuple[datetime, datetime] | None = None) -> None:
    """Everybody expected but the host will get a mail with the invitation as it stands now, or its cancellation. `was`
    is the old time of a meeting that has moved."""
    await _promise(JobKind.CONFIRMATION_MAIL, meeting, occasion, was)


async def tell_host(meeting: Meeting, occasion: Occasion, *, was: tuple[datetime, datetime] | None = None) -> None:
    """The host will get a mail that says what happened, and with whom (S1-32)."""
    await _promise(JobKind.HOST_NOTICE_MAIL, meeting, occasion, was)


async def _promise(kind: JobKind, meeting: Meeting, occasion: Occasion, was: tuple[datetime, datetime] | None) -> None:
    payload: dict[str, Any] = {"kind": occasion, "sequence": meeting.ical_sequence}
    if was is not None:
        payload |= {"was_starts_at": int(was[0].timestamp()), "was_ends_at": int(was[1].timestamp())}
    await enqueue(kind, account_id=meeting.account_id, meeting_id=meeting.id, payload=payload)
