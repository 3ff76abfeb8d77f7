"""The reminders of one meeting, as rows and as promised mails; written in the transaction of whoever asks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

from server import clock
from server.complaints import Complaints
from server.errors import ErrorCode
from server.models import Account, Meeting, Reminder
from server.models.enums import JobKind, LeadTimeUnit, ReminderState, ReminderZoneRule
from server.outbox import enqueue
from server.reminders.plan import AT_MOST, LeadTime, dues, is_lead_time


async def plan_reminders(meeting: Meeting, leads: Iterable[LeadTime], *, rule: str, tz: str) -> None:
    """A row and a promised mail for every lead time that still lies ahead of the meeting's start."""
    for due in dues(leads, starts_at=meeting.starts_at, tz=tz, now=clock.now()):
        reminder = await Reminder.create(
            account_id=meeting.account_id,
            meeting_id=meeting.id,
            amount=due.lead.amount,
            unit=LeadTimeUnit(due.lead.unit),
            due_at=due.due_at,
            starts_at=meeting.starts_at,
            zone_rule=ReminderZoneRule(rule),
            includes_description=due.lead.includes_description,
        )
        await enqueue(
            JobKind.REMINDER_MAIL,
            account_id=meeting.account_id,
            meeting_id=meeting.id,
            payload={"reminder_id": reminder.id},
            run_at=due.due_at,
        )


async def drop_reminders(meeting: Meeting) -> None:
    """No planned reminder of the meeting will be sent any more."""
    await Reminder.filter(meeting_id=meeting.id, state=ReminderState.PLANNED).update(state=ReminderState.DROPPED)


def reminders_of(account: Account, own: Sequence[dict[str, Any]] | None) -> list[LeadTime]:
    """The lead times of a meeting: its own (or its link's) if there is such a list, else the account's, if they are
    on by default (S2-18)."""
    if own is None:
        own = account.default_reminders if account.reminders_by_default else []
    leads = [LeadTime(int(one["amount"]), str(one["unit"]), bool(one.get("includes_description"))) for one in own]
    return leads[:AT_MOST]


def checked_leads(leads: Sequence[LeadTime], found: Complaints, path: str = "reminders") -> list[dict[str, Any]]:
    """The lead times as they are stored; complaints for more than three, or one that is none."""
    if len(leads) > AT_MOST:
        found.add(ErrorCode.TOO_MANY_REMINDERS, f"A meeting has at most {AT_MOST} reminders; please remove some.", path)
    for index, lead in enumerate(leads):
        if not is_lead_time(lead.amount, lead.unit):
            message = "A reminder comes 1 minute to 52 weeks before the start; please give a whole number and its unit."
            found.add(ErrorCode.TIME_RANGE_INVALID, message, path, str(index))
    return as_stored(leads)


def as_stored(leads: Iterable[LeadTime]) -> list[dict[str, Any]]:
    """Lead times in the form that an account, a link and a meeting keep."""
    return [asdict(lead) for lead in leads]
