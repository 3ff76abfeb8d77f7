"""A meeting gets another time, and everything that hangs on its time follows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from tortoise.expressions import Q

from server import clock
from server.meetings.occupy import occupy, vacate
from server.models import Account, ActionToken, Attendee, Contact, Meeting, MeetingLink
from server.models.enums import Reply
from server.reminders.plan import LeadTime
from server.reminders.rows import as_stored, drop_reminders, plan_reminders, reminders_of


async def put_at(
    meeting: Meeting,
    starts_at: datetime,
    ends_at: datetime,
    *,
    host_ids: Iterable[int],
    buffers: tuple[int, int] | None = None,
    is_overlap_allowed: bool = False,
) -> None:
    """The meeting has the new time: its old time is free, these hosts are busy at the new one, its reminders are
    planned anew, whoever said yes or no to the old time is asked again (RFC 5546, 3.2.2.1), and no button of a notice
    about the old time works any more. `buffers` are minutes before and after; what was promised before is kept without
    them.

    Neither version nor mails nor the log are touched: that is for the verb to do."""
    leads = await leads_of(meeting)
    spans = await vacate(meeting)
    before, after = buffers or ((spans[0].buffer_before // 60, spans[0].buffer_after // 60) if spans else (0, 0))
    meeting.starts_at, meeting.ends_at = starts_at, ends_at
    await meeting.save(update_fields=["starts_at", "ends_at"])
    hosts = list(host_ids)
    await occupy(meeting, hosts, minutes_before=before, minutes_after=after, is_overlap_allowed=is_overlap_allowed)
    await drop_reminders(meeting)
    await plan_for(meeting, leads)
    await _ask_again(meeting, hosts)
    await _void_buttons(meeting)


async def _ask_again(meeting: Meeting, host_ids: Sequence[int]) -> None:
    asked = Attendee.filter(Q(user_id__isnull=True) | ~Q(user_id__in=host_ids), meeting_id=meeting.id)
    await asked.filter(reply__not=Reply.NEEDS_ACTION).update(reply=Reply.NEEDS_ACTION, replied_at=None)


async def _void_buttons(meeting: Meeting) -> None:
    """Nobody says yes to a time that they have not seen. How a meeting went can be said all the same, if it is over."""
    now = clock.now()
    if meeting.ends_at > now:
        await ActionToken.filter(meeting_id=meeting.id, used_at=None, expires_at__gt=now).update(expires_at=now)


def moved_fact(was: tuple[datetime, datetime], to: tuple[datetime, datetime]) -> dict[str, Any]:
    """What the log keeps of a move: the old time and the new one."""
    return {
        "previous_starts_at": was[0].isoformat(),
        "previous_ends_at": was[1].isoformat(),
        "starts_at": to[0].isoformat(),
        "ends_at": to[1].isoformat(),
    }


async def leads_of(meeting: Meeting) -> list[LeadTime]:
    """The lead times that the meeting's reminders have: as chosen for it, else as its link or the account says."""
    account, own = await Account.get(id=meeting.account_id), meeting.own_reminders
    if own is None and meeting.link_id is not None:
        own = (await MeetingLink.get(id=meeting.link_id)).reminders
    return reminders_of(account, own)


async def choose_reminders(meeting: Meeting, leads: Sequence[LeadTime]) -> None:
    """The meeting has these reminders from here on, wherever it moves to; link and account have no say any more."""
    meeting.own_reminders = as_stored(leads)
    await meeting.save(update_fields=["own_reminders"])
    await drop_reminders(meeting)
    await plan_for(meeting, leads)


async def plan_for(meeting: Meeting, leads: Iterable[LeadTime]) -> None:
    """The reminders of the meeting stand, in the zone of its contact, else in that of the meeting (S2-19)."""
    contact = await Contact.get_or_none(id=meeting.contact_id) if meeting.contact_id is not None else None
    known = contact.time_zone if contact is not None else None
    rule, tz = ("CONTACT", known) if known else ("BOOKING", meeting.time_zone)
    await plan_reminders(meeting, leads, rule=rule, tz=tz)
