"""Has this form been booked already? Its key knows: reload, back and a second press lead to the first result."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tortoise.expressions import Q

from server import ids
from server.booking.form_hold import form_hold_token
from server.booking.manage_link import manage_token_of
from server.links.pages import SchedulingPage
from server.models import KeptResult, Meeting, MeetingLink, Payment
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


async def booked_by_form(page: SchedulingPage, key: str) -> list[Meeting]:
    """What the form with this key has booked on this page, at once or by way of a checkout, for whomever."""
    token = form_hold_token(page, key)
    if token is None:
        return []
    at_once = await KeptResult.filter(account_id=page.account.id, verb=VERB, key=key)
    paid = await Payment.filter(form_digest=ids.digest(token), link_id=page.link.id)
    by_form = Q(id__in=[one.result.get("meeting_id", 0) for one in at_once]) | Q(
        payment_id__in=[one.id for one in paid]
    )
    return await Meeting.filter(by_form, link_id=page.link.id)


def booking_scope(link: MeetingLink, email: str) -> str:
    """Within what a visitor's key is their own: the link and their address, however they write it."""
    return f"link:{link.id}:{email.strip().lower()}"
