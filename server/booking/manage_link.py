"""The signed address by which the visitor who booked can come back to one meeting."""

from __future__ import annotations

import hmac
from dataclasses import dataclass

from server import clock, ids, settings
from server.links.pages import SchedulingPage, page_of
from server.models import Contact, Meeting, User

_LENGTH = 32


@dataclass(frozen=True, slots=True)
class ManagedBooking:
    """What a manage link opens: the meeting, its host, its contact, and the page it was booked on, if that is known.
    `can_change` is false once the meeting is canceled, deleted or has begun, and where its link has changes switched
    off (S1-37)."""

    token: str
    meeting: Meeting
    host: User
    contact: Contact | None
    page: SchedulingPage | None

    @property
    def is_canceled(self) -> bool:
        return self.meeting.canceled_at is not None or self.meeting.deleted_at is not None

    @property
    def is_past(self) -> bool:
        return self.meeting.starts_at <= clock.now()

    @property
    def is_switched_off(self) -> bool:
        return self.meeting.link is not None and not self.meeting.link.shows_manage_links

    @property
    def can_change(self) -> bool:
        return not self.is_canceled and not self.is_past and not self.is_switched_off


def manage_token_of(meeting: Meeting) -> str:
    """The token that manages exactly this meeting, always the same one: its number and a signature over its uid."""
    return f"{meeting.id}-{_signature(meeting)}"


async def booking_of(token: str) -> ManagedBooking | None:
    """The booking a manage token opens; None if the token was not signed here, or the meeting is gone."""
    number, _, signature = token.partition("-")
    if not (number.isascii() and number.isdigit() and len(number) <= 18):
        return None
    meeting = await Meeting.get_or_none(id=int(number)).select_related("host", "contact", "outcome", "link", "account")
    if meeting is None or not hmac.compare_digest(_signature(meeting).encode(), signature.encode()):
        return None
    return ManagedBooking(
        token=token,
        meeting=meeting,
        host=meeting.host,
        contact=meeting.contact,
        page=await page_of(meeting.link) if meeting.link is not None else None,
    )


def _signature(meeting: Meeting) -> str:
    seed = f"{meeting.id}:{meeting.ical_uid}"
    return ids.secret_from(seed, key=settings.current().secret_key, purpose="manage")[:_LENGTH]
