"""A user puts a meeting in: for themselves, for a colleague, or for whoever's turn it is."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from functools import partial
from typing import Any

from server import clock, database, ids
from server.accounts import policy
from server.accounts.viewer import Viewer
from server.changes.log import record_change
from server.devices.notices import NoticeKind, wake_colleagues
from server.errors import ErrorCode, refusal
from server.meetings.associations import Tie, tie
from server.meetings.choose_host import Chosen, chosen_host
from server.meetings.draft import Draft, Location, NewMeeting, checked
from server.meetings.expected import Person, attendee_of, colleague
from server.meetings.facts import MeetingFacts
from server.meetings.mails import tell_attendees, tell_host
from server.meetings.mentions import tell_mentioned
from server.meetings.occupy import occupy
from server.meetings.video import promise_room, video_account_for
from server.models import Attendee, Contact, Meeting, Outcome, User, VideoAccount
from server.models.enums import ChangeKind, LocationKind
from server.reminders.plan import dues, zone_for
from server.reminders.rows import as_stored, plan_reminders
from server.repeats import kept_or
from server.rotation.members import count_up

__all__ = ["Location", "NewMeeting", "Preview", "Scheduled", "schedule"]


@dataclass(frozen=True, slots=True)
class Preview:
    """What scheduling would do: `facts` are those that the mails would be written from, rows without a number; whether
    the host is busy then, and when reminders would leave."""

    facts: MeetingFacts
    is_host_busy: bool
    reminders_at: tuple[datetime, ...]


@dataclass(frozen=True, slots=True)
class Scheduled:
    """The meeting that now stands; or, of a dry run, what it would have done."""

    meeting_id: int | None = None
    preview: Preview | None = None


async def schedule(viewer: Viewer, new: NewMeeting) -> Scheduled:
    """The meeting stands, its host is busy, attendees and host are promised their mails, and the change is recorded; or
    `Refused`, and nothing was written. Whoever schedules for somebody else is no attendee unless added (S2-49).

    `FORBIDDEN`, `HOST_BUSY` unless overlap is allowed, `SEAT_REQUIRED`, `CALENDAR_NOT_CONNECTED`,
    `VIDEO_NOT_CONNECTED`, `VIDEO_EMAIL_MISMATCH`, `NOT_FOUND`, or all at once what is wrong with the fields. A dry run
    writes nothing and says what would be sent to whom (S2-40)."""
    if not policy.may_schedule(viewer, viewer.account_id):
        message = "You may not schedule meetings with this sign-in. Please ask an administrator."
        raise refusal(ErrorCode.FORBIDDEN, message)
    if new.dry_run:
        async with database.transaction():
            return Scheduled(preview=await _preview(viewer, new))
    result = await kept_or(
        "scheduleMeeting",
        account_id=viewer.account_id,
        scope=viewer.actor,
        key=new.idempotency_key,
        input=_input(new),
        run=partial(_schedule, viewer, new),
    )
    return Scheduled(meeting_id=int(result["meeting_id"]))


async def _schedule(viewer: Viewer, new: NewMeeting) -> dict[str, Any]:
    """The recipe, inside the transaction."""
    draft, chosen, video = await _decided(viewer, new)
    if chosen.is_busy and not new.allow_overlap:
        message = f"{chosen.host.name} is busy at that time. Choose another time, or schedule it all the same."
        raise refusal(ErrorCode.HOST_BUSY, message, "startsAt")
    meeting = await _row(viewer, draft, chosen, video)
    await meeting.save()
    await occupy(meeting, [chosen.host.id], is_overlap_allowed=chosen.is_busy)
    await Attendee.bulk_create(attendee_of(meeting, person) for person in _everybody(draft, chosen))
    await tie(meeting, [*new.associations, *_ties_of(draft.people)])
    rule, tz = _reminder_zone(draft)
    await plan_reminders(meeting, draft.leads, rule=rule, tz=tz)
    if chosen.rotation_id is not None:
        await count_up(chosen.rotation_id, chosen.host.id)
    await promise_room(meeting)
    await tell_attendees(meeting, "invited")
    await tell_host(meeting, "invited")
    await wake_colleagues(meeting, NoticeKind.MEETING_SCHEDULED, actor=viewer.actor)
    await tell_mentioned(viewer, meeting, meeting.internal_notes)
    await record_change(
        ChangeKind.MEETING_SCHEDULED,
        account_id=meeting.account_id,
        meeting_id=meeting.id,
        actor=viewer.actor,
        data={"host_id": meeting.host_id, "starts_at": meeting.starts_at.isoformat()},
    )
    return {"meeting_id": meeting.id}


async def _decided(viewer: Viewer, new: NewMeeting) -> tuple[Draft, Chosen, VideoAccount | None]:
    """The meeting with everything checked, its host, and what makes its room if it has one."""
    draft = await checked(viewer, new)
    chosen = await chosen_host(
        viewer, host_id=new.host_id, rotation_id=new.rotation_id, starts_at=new.starts_at, ends_at=new.ends_at
    )
    if draft.location.kind is not LocationKind.VIDEO:
        return draft, chosen, None
    return draft, chosen, await video_account_for(chosen.host, draft.location.video_account_id)


async def _row(viewer: Viewer, draft: Draft, chosen: Chosen, video: VideoAccount | None) -> Meeting:
    """The meeting, not saved yet."""
    contact = _contact_of(draft)
    scheduled = await Outcome.get(account_id=viewer.account_id, key="SCHEDULED")
    return Meeting(
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
        location_provider=video.kind.value if video is not None else None,
        video_account_id=video.id if video is not None else None,
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
    contact = _contact_of(draft)
    known = contact.time_zone if contact is not None else None
    return zone_for(contact=known, booking=draft.time_zone, account=draft.account.time_zone)


def _contact_of(draft: Draft) -> Contact | None:
    return next((person.contact for person in draft.people if person.contact is not None), None)


async def _preview(viewer: Viewer, new: NewMeeting) -> Preview:
    draft, chosen, video = await _decided(viewer, new)
    meeting = await _row(viewer, draft, chosen, video)
    meeting.id = 0
    _, tz = _reminder_zone(draft)
    everybody = _everybody(draft, chosen)
    facts = MeetingFacts(
        meeting=meeting,
        account=draft.account,
        host=chosen.host,
        organizer=await User.get(id=meeting.organizer_id),
        attendees=tuple(attendee_of(meeting, person) for person in everybody),
        contact=_contact_of(draft),
        link=None,
        outcome=await Outcome.get(id=meeting.outcome_id),
        users={person.user.id: person.user for person in everybody if person.user is not None},
        contacts={person.contact.id: person.contact for person in everybody if person.contact is not None},
    )
    planned = dues(draft.leads, starts_at=new.starts_at, tz=tz, now=clock.now())
    return Preview(facts, chosen.is_busy, tuple(due.due_at for due in planned))


def _input(new: NewMeeting) -> dict[str, Any]:
    sent = asdict(new)
    del sent["idempotency_key"], sent["dry_run"]
    return sent
