"""A user puts a meeting in: for themselves, for a colleague, or for whoever's turn it is."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from functools import partial
from typing import Any

from server import clock, ids
from server.accounts import policy
from server.accounts.viewer import Viewer
from server.changes.log import record_change
from server.devices.notices import NoticeKind, wake_colleagues
from server.errors import ErrorCode, refusal
from server.meetings.associations import Tie, tie
from server.meetings.choose_host import Chosen, chosen_host
from server.meetings.draft import Draft, Location, NewMeeting, checked
from server.meetings.expected import Person, attendee_of, colleague
from server.meetings.mails import tell_attendees, tell_host
from server.meetings.occupy import occupy
from server.models import Attendee, Meeting, Outcome
from server.models.enums import ChangeKind
from server.reminders.plan import Due, dues, zone_for
from server.reminders.rows import as_stored, plan_reminders
from server.repeats import kept_or
from server.rotation.members import count_up

__all__ = ["Location", "Mail", "NewMeeting", "Preview", "Scheduled", "schedule"]


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail that would leave: to whom, and whether they host or attend."""

    email: str
    name: str
    is_host: bool


@dataclass(frozen=True, slots=True)
class Preview:
    """What scheduling would do: who hosts, who gets a mail, and when reminders would leave."""

    host_id: int
    is_host_busy: bool
    mails: tuple[Mail, ...]
    reminders_at: tuple[datetime, ...]


@dataclass(frozen=True, slots=True)
class Scheduled:
    """The meeting that now stands; or, of a dry run, what it would have done."""

    meeting_id: int | None = None
    preview: Preview | None = None


async def schedule(viewer: Viewer, new: NewMeeting) -> Scheduled:
    """The meeting stands, its host is busy, attendees and host are promised their mails, and the change is recorded; or
    `Refused`, and nothing was written. Whoever schedules for somebody else is no attendee unless added (S2-49).

    `FORBIDDEN`, `HOST_BUSY` unless overlap is allowed, `SEAT_REQUIRED`, `CALENDAR_NOT_CONNECTED`, `NOT_FOUND`, or all
    at once what is wrong with the fields. A dry run writes nothing and says what would be sent to whom (S2-40)."""
    if not policy.may_schedule(viewer, viewer.account_id):
        message = "You may not schedule meetings with this sign-in. Please ask an administrator."
        raise refusal(ErrorCode.FORBIDDEN, message)
    result = await kept_or(
        "scheduleMeeting",
        account_id=viewer.account_id,
        scope=viewer.actor,
        key=None if new.dry_run else new.idempotency_key,
        input=_input(new),
        run=partial(_schedule, viewer, new),
    )
    return _scheduled(result)


async def _schedule(viewer: Viewer, new: NewMeeting) -> dict[str, Any]:
    """The recipe, inside the transaction."""
    draft = await checked(viewer, new)
    chosen = await chosen_host(
        viewer, host_id=new.host_id, rotation_id=new.rotation_id, starts_at=new.starts_at, ends_at=new.ends_at
    )
    if new.dry_run:
        return asdict(_preview(draft, chosen))
    if chosen.is_busy and not new.allow_overlap:
        message = f"{chosen.host.name} is busy at that time. Choose another time, or schedule it all the same."
        raise refusal(ErrorCode.HOST_BUSY, message, "startsAt")
    meeting = await _create_meeting(viewer, draft, chosen)
    await occupy(meeting, [chosen.host.id], is_overlap_allowed=chosen.is_busy)
    await Attendee.bulk_create(attendee_of(meeting, person) for person in _everybody(draft, chosen))
    await tie(meeting, [*new.associations, *_ties_of(draft.people)])
    rule, tz = _reminder_zone(draft)
    await plan_reminders(meeting, draft.leads, rule=rule, tz=tz)
    if chosen.rotation_id is not None:
        await count_up(chosen.rotation_id, chosen.host.id)
    await tell_attendees(meeting, "invited")
    await tell_host(meeting, "invited")
    await wake_colleagues(meeting, NoticeKind.MEETING_SCHEDULED, actor=viewer.actor)
    await record_change(
        ChangeKind.MEETING_SCHEDULED,
        account_id=meeting.account_id,
        meeting_id=meeting.id,
        actor=viewer.actor,
        data={"host_id": meeting.host_id, "starts_at": meeting.starts_at.isoformat()},
    )
    return {"meeting_id": meeting.id}


async def _create_meeting(viewer: Viewer, draft: Draft, chosen: Chosen) -> Meeting:
    contact = next((person.contact for person in draft.people if person.contact is not None), None)
    scheduled = await Outcome.get(account_id=viewer.account_id, key="SCHEDULED")
    return await Meeting.create(
        account_id=viewer.account_id,
        title=draft.title,
        starts_at=draft.new.starts_at,
        ends_at=draft.new.ends_at,
        time_zone=draft.time_zone or chosen.host.time_zone,
        host_id=chosen.host.id,
        organizer_id=viewer.user_id or chosen.host.id,
        contact_id=contact.id if contact is not None else None,
        location_kind=draft.location.kind,
        location_text=draft.location.text,
        attendee_description=draft.attendee_description,
        internal_notes=draft.internal_note,
        outcome_id=scheduled.id,
        meeting_type_id=draft.meeting_type_id,
        rotation_id=chosen.rotation_id,
        assignment_trace=chosen.trace,
        own_reminders=as_stored(draft.leads),
        source=draft.new.source,
        locale=draft.account.locale,
        ical_uid=ids.new_uid(),
    )


def _everybody(draft: Draft, chosen: Chosen) -> list[Person]:
    """The host first, then whoever was added."""
    host = colleague(chosen.host)
    return [host, *(person for person in draft.people if person.email != host.email)]


def _ties_of(people: list[Person]) -> list[Tie]:
    """A meeting stands on the timeline of every contact who is expected (S2-30)."""
    return [Tie(contact_id=person.contact.id) for person in people if person.contact is not None]


def _reminder_zone(draft: Draft) -> tuple[str, str]:
    contact = next((person.contact for person in draft.people if person.contact is not None), None)
    known = contact.time_zone if contact is not None else None
    return zone_for(contact=known, booking=draft.time_zone, account=draft.account.time_zone)


def _preview(draft: Draft, chosen: Chosen) -> Preview:
    _, tz = _reminder_zone(draft)
    planned: list[Due] = dues(draft.leads, starts_at=draft.new.starts_at, tz=tz, now=clock.now())
    return Preview(
        host_id=chosen.host.id,
        is_host_busy=chosen.is_busy,
        mails=tuple(
            Mail(person.email, person.name, is_host=person.email == chosen.host.email)
            for person in _everybody(draft, chosen)
        ),
        reminders_at=tuple(due.due_at for due in planned),
    )


def _scheduled(result: dict[str, Any]) -> Scheduled:
    if "meeting_id" in result:
        return Scheduled(meeting_id=int(result["meeting_id"]))
    return Scheduled(
        preview=Preview(
            host_id=result["host_id"],
            is_host_busy=result["is_host_busy"],
            mails=tuple(Mail(**mail) for mail in result["mails"]),
            reminders_at=tuple(datetime.fromisoformat(moment) for moment in result["reminders_at"]),
        )
    )


def _input(new: NewMeeting) -> dict[str, Any]:
    sent = asdict(new)
    del sent["idempotency_key"], sent["dry_run"]
    return sent
