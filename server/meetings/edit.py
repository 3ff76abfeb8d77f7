"""A user changes a meeting; attendees are told of what concerns them."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

from server.accounts.viewer import Viewer
from server.changes.log import record_change
from server.checks import required_text, valid_time_zone
from server.complaints import Complaints
from server.devices.notices import NoticeKind, wake_colleagues
from server.errors import ErrorCode, refusal
from server.meetings.attend import replace_attendees
from server.meetings.busy import busy_hosts
from server.meetings.draft import LONGEST_TEXT, LONGEST_TITLE, Location, checked_location, meeting_type_of
from server.meetings.errors import Conflict
from server.meetings.expected import Expected, Person, expected_people
from server.meetings.hold_back import hold_back
from server.meetings.locked import locked_meeting, require_standing
from server.meetings.mails import Gone, tell_attendees, tell_gone, tell_host
from server.meetings.mentions import checked_note, tell_mentioned
from server.meetings.move import choose_reminders, moved_fact, put_at
from server.meetings.occupy import hosts_of
from server.meetings.times import check_times, end_after
from server.meetings.video import promise_room, release_room, video_account_for
from server.models import Account, Meeting, User
from server.models.enums import ChangeKind, LocationKind
from server.reminders.plan import LeadTime
from server.reminders.rows import checked_leads
from server.repeats import kept_or
from server.rich_text import rich_text

__all__ = ["Conflict", "MeetingEdit", "edit"]

_TOLD = frozenset({"title", "starts_at", "ends_at", "time_zone", "location", "attendee_description", "attendees"})


@dataclass(frozen=True, slots=True)
class MeetingEdit:
    """What is to change: None is left as it is; an empty `meeting_type` takes it away. `attendees` and `reminders`
    replace those there are; the host stays in any case."""

    meeting_id: int
    expected_version: int | None = None
    title: str | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    time_zone: str | None = None
    attendees: tuple[Expected, ...] | None = None
    location: Location | None = None
    attendee_description: str | None = None
    internal_note: str | None = None
    meeting_type: str | None = None
    reminders: tuple[LeadTime, ...] | None = None
    allow_overlap: bool = False
    idempotency_key: str | None = None


@dataclass(frozen=True, slots=True)
class Changes:
    """What really changes: columns with their new values, the new time, the new attendees, the new lead times."""

    columns: dict[str, Any] = field(default_factory=dict)
    time: tuple[datetime, datetime] | None = None
    people: list[Person] | None = None
    leads: list[LeadTime] | None = None


async def edit(viewer: Viewer, wanted: MeetingEdit) -> int:
    """The meeting is as wanted, one version higher. Its number. Attendees get a new invitation, with a higher SEQUENCE
    (RFC 5546, 2.1.4), if anything changed that they can see; notes and meeting type are nobody's business outside, and
    a new description goes out only if the host's calendar takes it; until then invitations repeat the one before
    (S2-57).

    `Conflict` if it has another version than expected, or was canceled; `HOST_BUSY` unless overlap is allowed;
    `NOT_FOUND`, `FORBIDDEN`, or all at once what is wrong with the fields. If nothing changes, nothing is written."""
    result = await kept_or(
        "editMeeting",
        account_id=viewer.account_id,
        scope=viewer.actor,
        key=wanted.idempotency_key,
        input=_input(wanted),
        run=partial(_edit, viewer, wanted),
    )
    return int(result["meeting_id"])


async def _edit(viewer: Viewer, wanted: MeetingEdit) -> dict[str, Any]:
    meeting = await locked_meeting(
        viewer,
        wanted.meeting_id,
        expected_version=wanted.expected_version,
        with_hosts=wanted.starts_at is not None or wanted.ends_at is not None,
    )
    require_standing(meeting)
    changes = await _checked(meeting, wanted)
    was = meeting.starts_at, meeting.ends_at
    changed = set(changes.columns)
    gone: tuple[Gone, ...] = ()
    if changes.people is not None:
        turnover = await replace_attendees(meeting, changes.people)
        changed |= {"attendees"} if turnover.is_any else set()
        gone = turnover.gone
    if changes.time is not None:
        changed |= {"starts_at", "ends_at"}
        await _move(meeting, changes.time, wanted.allow_overlap)
    if changes.leads is not None:
        changed.add("reminders")
        await choose_reminders(meeting, changes.leads)
    if changed:
        await _write(viewer, meeting, changes, changed, was, gone)
    return {"meeting_id": meeting.id}


async def _checked(meeting: Meeting, wanted: MeetingEdit) -> Changes:
    """What really changes; `Refused` with all complaints at once."""
    account = await Account.get(id=meeting.account_id)
    found = Complaints()
    columns = await _columns(account, meeting, wanted, found)
    to = wanted.starts_at or meeting.starts_at, wanted.ends_at or meeting.ends_at
    if wanted.starts_at is not None and wanted.ends_at is None:
        to = to[0], end_after(to[0], meeting.ends_at - meeting.starts_at)
    is_moved = to != (meeting.starts_at, meeting.ends_at)
    if is_moved:
        check_times(*to, found)
    people = await expected_people(account, wanted.attendees, found) if wanted.attendees is not None else None
    if wanted.reminders is not None:
        checked_leads(wanted.reminders, found)
    found.refuse_if_any()
    return Changes(
        columns={name: value for name, value in columns.items() if value != getattr(meeting, name)},
        time=to if is_moved else None,
        people=people,
        leads=list(wanted.reminders) if wanted.reminders is not None else None,
    )


async def _columns(account: Account, meeting: Meeting, wanted: MeetingEdit, found: Complaints) -> dict[str, Any]:
    """The columns that were asked to change, with their cleaned values."""
    columns: dict[str, Any] = {}
    if wanted.title is not None:
        columns["title"] = found.ask(required_text, wanted.title, LONGEST_TITLE, "title")
    if wanted.time_zone is not None:
        columns["time_zone"] = found.ask(valid_time_zone, wanted.time_zone, "timeZone")
    if wanted.attendee_description is not None:
        text = found.ask(rich_text, wanted.attendee_description, LONGEST_TEXT, "attendeeDescription")
        columns["attendee_description"] = text
    if wanted.internal_note is not None:
        note = await checked_note(account.id, wanted.internal_note, LONGEST_TEXT, found, "internalNote")
        columns["internal_notes"] = note
    if wanted.meeting_type is not None:
        columns["meeting_type_id"] = await meeting_type_of(account, wanted.meeting_type, found)
    if wanted.location is not None:
        location = checked_location(wanted.location, found)
        columns |= {"location_kind": location.kind, "location_text": location.text}
        columns |= await _room(meeting, location)
    return columns


async def _room(meeting: Meeting, location: Location) -> dict[str, Any]:
    """What else changes with the place: a meeting that goes over to video, or to another account of its host, is given
    an account to make its room with, and one that leaves it forgets its room."""
    is_video, wanted = location.kind is LocationKind.VIDEO, location.video_account_id
    is_same_account = wanted is None or wanted == meeting.video_account_id
    if is_video is (meeting.location_kind is LocationKind.VIDEO) and (is_same_account or not is_video):
        return {}
    video = await video_account_for(await User.get(id=meeting.host_id), wanted) if is_video else None
    return {
        "location_join_url": None,
        "location_provider": video.kind.value if video is not None else None,
        "video_account_id": video.id if video is not None else None,
        "video_room": None,
    }


async def _move(meeting: Meeting, to: tuple[datetime, datetime], allow_overlap: bool) -> None:
    """The meeting has the new time, if its hosts, who are locked, are free then or overlap is allowed."""
    hosts = await hosts_of(meeting)
    busy = await busy_hosts(hosts, *to, ignoring_meeting=meeting.id)
    if busy and not allow_overlap:
        message = "The host is busy at that time. Choose another time, or move it all the same."
        raise refusal(ErrorCode.HOST_BUSY, message, "startsAt")
    await put_at(meeting, *to, host_ids=hosts, is_overlap_allowed=bool(busy))


async def _write(
    viewer: Viewer,
    meeting: Meeting,
    changes: Changes,
    changed: set[str],
    was: tuple[datetime, datetime],
    gone: tuple[Gone, ...],
) -> None:
    """Version, columns, mails and the log."""
    told, description = {_as_seen(name) for name in changed} & _TOLD, meeting.invited_description
    if "video_account_id" in changes.columns:
        await release_room(meeting)
    meeting.update_from_dict(changes.columns)
    if "attendee_description" in changed:
        await hold_back(meeting, description)
        if meeting.invited_description == description:
            told.remove("attendee_description")
    meeting.version += 1
    meeting.ical_sequence += bool(told)
    await meeting.save(update_fields=[*changes.columns, "told_description", "version", "ical_sequence"])
    await promise_room(meeting)
    if changes.time is not None:
        await tell_attendees(meeting, "moved", was=was)
        await tell_host(meeting, "moved", was=was)
        await wake_colleagues(meeting, NoticeKind.MEETING_MOVED, actor=viewer.actor, was=was)
    elif told:
        await tell_attendees(meeting, "changed")
        if viewer.user_id != meeting.host_id:
            await tell_host(meeting, "changed")
    await tell_gone(meeting, gone, was=was, organizer_id=meeting.organizer_id)
    if "internal_notes" in changed:
        await tell_mentioned(viewer, meeting, meeting.internal_notes)
    fields: dict[str, Any] = {"fields": sorted(changed)}
    await record_change(
        ChangeKind.MEETING_MOVED if changes.time is not None else ChangeKind.MEETING_EDITED,
        account_id=meeting.account_id,
        meeting_id=meeting.id,
        actor=viewer.actor,
        data=fields | (moved_fact(was, changes.time) if changes.time is not None else {}),
    )


def _as_seen(column: str) -> str:
    """What attendees see of a column: through whose account a room is made is where it is."""
    return "location" if column == "video_account_id" else column.removesuffix("_kind").removesuffix("_text")


def _input(wanted: MeetingEdit) -> dict[str, Any]:
    sent = asdict(wanted)
    del sent["idempotency_key"]
    return sent
