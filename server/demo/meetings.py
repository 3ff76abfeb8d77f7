"""The diary as rows: meetings, who is expected, whose time they take, and the mails that remind of them."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import Any

from server.demo.diary import Entry
from server.models import (
    Account,
    Association,
    Attendee,
    BusySpan,
    Contact,
    Job,
    Meeting,
    MeetingLink,
    Outcome,
    Record,
    Reminder,
    User,
)
from server.models.enums import (
    AttendeeKind,
    BusySource,
    JobKind,
    LeadTimeUnit,
    LocationKind,
    MeetingSource,
    ReminderState,
    ReminderZoneRule,
    Reply,
)
from server.outbox import ATTENDEES_LANE
from server.reminders.plan import LeadTime, due_at
from server.rich_text import from_plain

REASON = "A visit to another site came up."
NOTES = (
    "They asked twice about noise. Bring the figures of the Leeds line.",
    "Budget is decided in the first week of next month.",
    "Wants to see the emergency stop, not the slides.",
    "",
)


@dataclass(frozen=True, slots=True)
class Company:
    """Everything the diary refers to, made already."""

    account: Account
    users: Mapping[str, User]
    contacts: Sequence[Contact]
    links: Mapping[str, MeetingLink]
    outcomes: Mapping[str, Outcome]
    matters: Mapping[int, Record]


async def make_meetings(company: Company, entries: Sequence[Entry], dice: Random, now: datetime) -> list[Meeting]:
    """Every entry as a meeting with all that hangs on it, in the order of the entries."""
    planned = [_meeting(company, entry, dice) for entry in entries]
    await Meeting.bulk_create(planned)
    made = {one.ical_uid: one for one in await Meeting.filter(account_id=company.account.id)}
    meetings = [made[one.ical_uid] for one in planned]
    pairs = list(zip(entries, meetings, strict=True))
    await Attendee.bulk_create(one for entry, meeting in pairs for one in _attendees(company, entry, meeting))
    await BusySpan.bulk_create(one for entry, meeting in pairs for one in _busy(company, entry, meeting))
    await Association.bulk_create(one for entry, meeting in pairs for one in _associations(company, entry, meeting))
    await _make_reminders(company, pairs, now)
    return meetings


def _meeting(company: Company, entry: Entry, dice: Random) -> Meeting:
    contact, host = company.contacts[entry.contact], company.users[entry.hosts[0]]
    link = company.links[entry.page] if entry.page else None
    return Meeting(
        account_id=company.account.id,
        created_at=entry.agreed_at,
        title=link.title if link else f"{entry.topic}: {contact.first_name} {contact.last_name}",
        starts_at=entry.starts_at,
        ends_at=entry.ends_at,
        time_zone=contact.time_zone or host.time_zone,
        host_id=host.id,
        organizer_id=company.users[entry.organizer].id,
        contact_id=contact.id,
        outcome_id=company.outcomes[entry.outcome].id,
        link_id=link.id if link else None,
        rotation_id=link.rotation_id if link else None,
        source=MeetingSource.MEETING_LINK if link else dice.choice((MeetingSource.CRM, MeetingSource.MOBILE_IOS)),
        attendee_description=from_plain(link.description) if link else "",
        internal_notes=dice.choice(NOTES),
        tracking={"campaign": "autumn-fair", "source": "newsletter"} if link and dice.random() < 0.3 else {},
        version=1 + (entry.moved_from is not None) + (entry.outcome != "SCHEDULED"),
        ical_uid=str(uuid.UUID(int=dice.getrandbits(128), version=4)),
        ical_sequence=int(entry.moved_from is not None) + int(entry.canceled_at is not None),
        canceled_at=entry.canceled_at,
        cancel_reason=REASON if entry.canceled_at else "",
        **_location(link, contact),
    )


def _location(link: MeetingLink | None, contact: Contact) -> dict[str, Any]:
    kind = link.location_kind if link else LocationKind.PHONE
    text = link.location_text if link else ""
    return {"location_kind": kind, "location_text": text or (contact.phone if kind is LocationKind.PHONE else "")}


def _attendees(company: Company, entry: Entry, meeting: Meeting) -> Iterator[Attendee]:
    contact = company.contacts[entry.contact]
    name = f"{contact.first_name} {contact.last_name}"
    # Whoever answered did so within the first days; one in five never does.
    reply = Reply.NEEDS_ACTION if meeting.id % 5 == 0 else Reply.ACCEPTED
    yield _attendee(meeting, AttendeeKind.CONTACT, name, contact.email, reply, contact_id=contact.id)
    for key in entry.hosts:
        user = company.users[key]
        yield _attendee(meeting, AttendeeKind.USER, user.name, user.email, Reply.ACCEPTED, user_id=user.id)


def _attendee(meeting: Meeting, kind: AttendeeKind, name: str, email: str, reply: Reply, **of: int) -> Attendee:
    return Attendee(
        account_id=meeting.account_id, meeting_id=meeting.id, kind=kind, name=name, email=email, reply=reply, **of
    )


def _busy(company: Company, entry: Entry, meeting: Meeting) -> Iterator[BusySpan]:
    if entry.canceled_at is not None:
        return
    link = company.links[entry.page] if entry.page else None
    for key in entry.hosts:
        yield BusySpan(
            account_id=meeting.account_id,
            host_id=company.users[key].id,
            source=BusySource.MEETING,
            starts=int(entry.starts_at.timestamp()),
            ends=int(entry.ends_at.timestamp()),
            buffer_before=link.buffer_before_minutes * 60 if link else 0,
            buffer_after=link.buffer_after_minutes * 60 if link else 0,
            meeting_id=meeting.id,
        )


def _associations(company: Company, entry: Entry, meeting: Meeting) -> Iterator[Association]:
    company_id = company.contacts[entry.contact].company_id
    if company_id is None:
        return
    yield Association(account_id=meeting.account_id, meeting_id=meeting.id, record_id=company_id)
    if entry.page is None and company_id in company.matters:
        matter = company.matters[company_id].id
        yield Association(account_id=meeting.account_id, meeting_id=meeting.id, record_id=matter)


async def _make_reminders(company: Company, pairs: Sequence[tuple[Entry, Meeting]], now: datetime) -> None:
    await Reminder.bulk_create(one for entry, meeting in pairs for one in _reminders(company, entry, meeting, now))
    planned = Reminder.filter(account_id=company.account.id, state=ReminderState.PLANNED).order_by("id")
    await Job.bulk_create(
        [
            Job(
                account_id=one.account_id,
                kind=JobKind.REMINDER_MAIL,
                meeting_id=one.meeting_id,
                lane=ATTENDEES_LANE,
                payload={"reminder_id": one.id},
                run_at=one.due_at,
            )
            for one in await planned
        ]
    )


def _reminders(company: Company, entry: Entry, meeting: Meeting, now: datetime) -> Iterator[Reminder]:
    contact_zone = company.contacts[entry.contact].time_zone
    for lead in company.account.default_reminders:
        due = due_at(LeadTime(lead["amount"], lead["unit"]), starts_at=entry.starts_at, tz=meeting.time_zone)
        if due <= entry.agreed_at:
            continue
        passed = ReminderState.SENT if due <= now else ReminderState.PLANNED
        yield Reminder(
            account_id=meeting.account_id,
            meeting_id=meeting.id,
            amount=lead["amount"],
            unit=LeadTimeUnit(lead["unit"]),
            due_at=due,
            starts_at=entry.starts_at,
            zone_rule=ReminderZoneRule.CONTACT if contact_zone else ReminderZoneRule.BOOKING,
            state=ReminderState.DROPPED if entry.canceled_at is not None and due > entry.canceled_at else passed,
        )
