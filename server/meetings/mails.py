"""The mails about a meeting, promised in the transaction that gives the reason for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Literal

from server.meetings.hold_back import let_out
from server.models import Meeting, User
from server.models.enums import JobKind
from server.outbox import enqueue

Occasion = Literal["booked", "invited", "moved", "canceled", "changed"]
Time = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Gone:
    """Somebody who is expected no more, as their last mail has to know them. Zone and language are those of the meeting
    where they have none of their own."""

    email: str
    name: str
    time_zone: str | None = None
    locale: str | None = None

    @classmethod
    def of(cls, user: User) -> Gone:
        """A colleague, in the zone and language that they read."""
        return cls(user.email, user.name, user.time_zone, user.locale)


async def tell_attendees(meeting: Meeting, occasion: Occasion, *, was: Time | None = None) -> None:
    """Everybody expected but the host will get a mail with the invitation as it stands now, or its cancellation. `was`
    is the old time of a meeting that has moved."""
    await let_out(meeting)
    await _promise(JobKind.CONFIRMATION_MAIL, meeting, occasion, was)


async def tell_host(meeting: Meeting, occasion: Occasion, *, was: Time | None = None) -> None:
    """The host will get a mail that says what happened, and with whom (S1-32)."""
    await _promise(JobKind.HOST_NOTICE_MAIL, meeting, occasion, was)


async def tell_gone(meeting: Meeting, people: Sequence[Gone], *, was: Time, organizer_id: int) -> None:
    """Each of these, who attend no more, will get a cancellation of their own; the meeting stands for the others. `was`
    and the organizer are what their calendars know."""
    if people:
        await _promise(JobKind.CONFIRMATION_MAIL, meeting, "gone", was, **_to(people, organizer_id))


async def tell_former_host(meeting: Meeting, host: User, *, was: Time, organizer_id: int) -> None:
    """The host whose place another one has taken will get a cancellation, after all mails they got as the host."""
    await _promise(JobKind.HOST_NOTICE_MAIL, meeting, "gone", was, **_to([Gone.of(host)], organizer_id))


async def _promise(kind: JobKind, meeting: Meeting, occasion: str, was: Time | None, **to: Any) -> None:
    payload: dict[str, Any] = {"kind": occasion, "sequence": meeting.ical_sequence, **to}
    if was is not None:
        payload |= {"was_starts_at": int(was[0].timestamp()), "was_ends_at": int(was[1].timestamp())}
    await enqueue(kind, account_id=meeting.account_id, meeting_id=meeting.id, payload=payload)


def _to(people: Sequence[Gone], organizer_id: int) -> dict[str, Any]:
    return {"to": [asdict(one) for one in people], "organizer_id": organizer_id}
