"""Has this form been booked already? Its key knows: reload, back and a second press lead to the first result."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from server.booking.manage_link import manage_token_of
from server.links.pages import SchedulingPage
from server.models import KeptResult, Meeting, MeetingLink
from server.repeats import kept_result

VERB = "bookMeeting"


async def already_booked(page: SchedulingPage, key: str, email: str) -> str | None:
    """The manage token of the meeting that this key and address booked on this page; None if they booked nothing, or
    have not paid for it yet."""
    scope = booking_scope(page.link, email)
    kept = await kept_result(VERB, account_id=page.account.id, scope=scope, key=key) if key else None
    if kept and "payment_id" in kept:
        paid = await Meeting.get_or_none(payment_id=kept["payment_id"])
        return manage_token_of(paid) if paid is not None else None
    return token_from(kept) if kept else None


def token_from(result: Mapping[str, Any]) -> str:
    """The manage token of a booking whose result is kept; what is kept holds no secret."""
    return manage_token_of(Meeting(id=result["meeting_id"], ical_uid=result["ical_uid"]))


async def is_key_used(page: SchedulingPage, key: str) -> bool:
    """Whether somebody booked with this key; who, is not told."""
    return bool(key) and await KeptResult.exists(account_id=page.account.id, verb=VERB, key=key)


def booking_scope(link: MeetingLink, email: str) -> str:
    """Within what a visitor's key is their own: the link and their address, however they write it."""
    return f"link:{link.id}:{email.strip().lower()}"
