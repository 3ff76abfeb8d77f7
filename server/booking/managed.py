"""The meeting behind a manage token, locked and still open to change."""

from __future__ import annotations

from server import clock
from server.booking.manage_link import ManagedBooking, booking_of
from server.errors import ErrorCode, refusal
from server.meetings.errors import Conflict
from server.meetings.locked import lock, lock_with_hosts
from server.models import Meeting

_UNKNOWN = "This link does not belong to a meeting. Please use the link in your latest mail about it."
_CANCELED = "This meeting has been canceled already. There is nothing more to do."
_SWITCHED_OFF = "Changes to this meeting are not possible here. Please write to your host."
_PAST = "This meeting has begun already, so it can no longer be changed here. Please write to your host."


async def managed(token: str) -> ManagedBooking:
    """The booking that the token opens, whatever has become of it; `NOT_FOUND` if it opens none."""
    booking = await booking_of(token)
    if booking is None:
        raise refusal(ErrorCode.NOT_FOUND, _UNKNOWN, "token")
    return booking


async def locked_booking(token: str, *, with_hosts: bool = False) -> tuple[ManagedBooking, Meeting]:
    """The booking and its meeting's row, which nobody else changes before the transaction ends; if asked, nor what the
    hosts of it and of its page have to do.

    `NOT_FOUND`, `Conflict` for a meeting that is canceled, deleted or just handed over, `TIME_IN_PAST` for one that has
    begun, `FORBIDDEN` where its link has changes switched off (S1-37)."""
    booking = await managed(token)
    number, account_id = booking.meeting.id, booking.meeting.account_id
    if with_hosts:
        page_hosts = [host.id for host in booking.page.hosts] if booking.page is not None else []
        meeting = await lock_with_hosts(number, account_id=account_id, beside=page_hosts, field="token")
    else:
        meeting = await lock(number, account_id=account_id)
    if meeting is None:
        raise refusal(ErrorCode.NOT_FOUND, _UNKNOWN, "token")
    if meeting.canceled_at is not None or meeting.deleted_at is not None:
        raise Conflict(meeting.id, _CANCELED, field="token")
    if meeting.starts_at <= clock.now():
        raise refusal(ErrorCode.TIME_IN_PAST, _PAST, "token")
    if booking.is_switched_off:
        raise refusal(ErrorCode.FORBIDDEN, _SWITCHED_OFF, "token")
    return booking, meeting
