"""A meeting gets another host, at the time it has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from server.changes.log import record_change
from server.devices.notices import NoticeKind, devices_of, plan_nudges, wake_former_host, wake_user
from server.meetings.attend import expect_host
from server.meetings.busy import busy_hosts
from server.meetings.mails import tell_attendees, tell_former_host, tell_host
from server.meetings.video import change_room_to
from server.models import Attendee, BusySpan, Meeting, User
from server.models.enums import BusySource, ChangeKind
from server.rotation.members import count_down, count_up


@dataclass(frozen=True, slots=True)
class HandedOver:
    """A meeting that has another host, and whether something else of theirs is in the way."""

    meeting_id: int
    is_overlapping: bool


@dataclass(frozen=True, slots=True)
class Left:
    """A place in a meeting that somebody else leads: whether its holder was expected, and whether something else is in
    the way of whoever has it now."""

    was_expected: bool
    is_overlapping: bool


async def hand_over(meeting: Meeting, former: User, host: User, *, actor: str) -> HandedOver:
    """The colleague hosts the meeting: they are busy then, it counts for them in its rotation, they are expected, and
    what the former host organized they organize. Attendees have a new invitation, the former host a cancellation, the
    new host a mail of their own; replies, reminders and the manage link are as they were, a video room is one of
    theirs (S2-47). An overlap does not keep it from happening, and is told.

    The caller has locked the meeting and both users, and is in a transaction."""
    was, organizer = (meeting.starts_at, meeting.ends_at), meeting.organizer_id
    is_overlapping = await _occupy_instead(meeting, former, host)
    if meeting.rotation_id is not None:
        await count_down(meeting.rotation_id, former.id)
        await count_up(meeting.rotation_id, host.id)
    meeting.host_id = host.id
    meeting.organizer_id = host.id if organizer == former.id else organizer
    meeting.ical_sequence += 1
    meeting.version += 1
    await meeting.save(update_fields=["host_id", "organizer_id", "ical_sequence", "version"])
    await Attendee.filter(meeting_id=meeting.id, user_id=former.id).delete()
    await expect_host(meeting, host)
    await change_room_to(meeting, host)
    await tell_attendees(meeting, "changed")
    await tell_host(meeting, "booked")
    await tell_former_host(meeting, former, was=was, organizer_id=organizer)
    await _wake(meeting, former, host, actor)
    await record_change(
        ChangeKind.MEETING_EDITED,
        account_id=meeting.account_id,
        meeting_id=meeting.id,
        actor=actor,
        data={"fields": ["host_id"], "previous_host_id": former.id, "host_id": host.id},
    )
    return HandedOver(meeting.id, is_overlapping)


async def give_to_host(meeting: Meeting, former: User, *, actor: str) -> None:
    """Whoever hosts the meeting organizes it too, in place of a colleague who leaves: answers to the invitation go to
    somebody who is there. The caller has locked it and is in a transaction."""
    meeting.organizer_id = meeting.host_id
    await _tell_anew(meeting, {"fields": ["organizer_id"], "previous_organizer_id": former.id}, actor=actor)


async def leave_place(meeting: Meeting, former: User, to: User | None) -> Left:
    """The colleague, who does not lead the meeting, is neither expected nor busy; where they host it with others,
    whoever takes over has their place. The caller tells of it."""
    hosted = BusySpan.filter(meeting_id=meeting.id, host_id=former.id, source=BusySource.MEETING)
    if to is not None and not await hosted.exists():
        return Left(was_expected=False, is_overlapping=False)
    is_overlapping = await _occupy_instead(meeting, former, to) if to is not None else False
    await hosted.delete()
    gone = await Attendee.filter(meeting_id=meeting.id, user_id=former.id).delete()
    if to is not None:
        await expect_host(meeting, to)
    return Left(bool(gone), is_overlapping)


async def tell_of_other_people(meeting: Meeting, *, actor: str) -> None:
    """Attendees and host have an invitation that says who is expected by now, and the log says that it changed."""
    await _tell_anew(meeting, {"fields": ["attendees"]}, actor=actor)


async def _tell_anew(meeting: Meeting, what: dict[str, Any], *, actor: str) -> None:
    meeting.ical_sequence += 1
    meeting.version += 1
    await meeting.save(update_fields=["organizer_id", "ical_sequence", "version"])
    await tell_attendees(meeting, "changed")
    await tell_host(meeting, "changed")
    await record_change(
        ChangeKind.MEETING_EDITED, account_id=meeting.account_id, meeting_id=meeting.id, actor=actor, data=what
    )


async def _occupy_instead(meeting: Meeting, former: User, host: User) -> bool:
    """The time that the meeting took of the one it takes of the other. Whether that overlaps with anything."""
    spans = BusySpan.filter(meeting_id=meeting.id, source=BusySource.MEETING)
    if await spans.filter(host_id=host.id).exists():
        await spans.filter(host_id=former.id).delete()
        return False
    busy = await busy_hosts([host.id], meeting.starts_at, meeting.ends_at, ignoring_meeting=meeting.id)
    changes = {"host_id": host.id} | ({"is_overlap_allowed": True} if busy else {})
    await spans.filter(host_id=former.id).update(**changes)
    return bool(busy)


async def _wake(meeting: Meeting, former: User, host: User, actor: str) -> None:
    await wake_former_host(meeting, former.id, was=(meeting.starts_at, meeting.ends_at))
    if actor != f"user:{host.id}":
        await wake_user(meeting, NoticeKind.MEETING_SCHEDULED, host.id, about={})
    if await devices_of(host.id):
        await plan_nudges(meeting)
