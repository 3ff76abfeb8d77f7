"""Whoever booked a meeting moves it, from the manage link."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from typing import Any

from server import database
from server.booking.assign import Assignment, assigned
from server.booking.errors import SlotTaken
from server.booking.managed import locked_booking, managed
from server.booking.nearest import nearest_free
from server.changes.log import record_change
from server.devices.notices import NoticeKind, wake_colleagues, wake_former_host
from server.errors import ErrorCode, refusal
from server.links.pages import SchedulingPage
from server.meetings.attend import expect_host
from server.meetings.mails import tell_attendees, tell_former_host, tell_host
from server.meetings.move import moved_fact, put_at
from server.meetings.video import change_room_to, promise_room
from server.models import Attendee, Meeting, User
from server.models.enums import ChangeKind
from server.repeats import kept_or
from server.rotation.members import count_down, count_up

_CLOSED = (
    "This meeting's page takes no bookings any more, so no new time can be chosen here. Please write to your host."
)


async def reschedule(
    token: str, *, starts_at: datetime, duration_minutes: int | None = None, idempotency_key: str | None = None
) -> int:
    """The same meeting, with the same invitation, has the new time (S1-36, S1-39); its old time is free. A round-robin
    host keeps it if free. Without a duration it stays as long as it was. Moved onto its own time, nothing changes.

    `NOT_FOUND`, `CONFLICT` if it was canceled or has just been handed over, `TIME_IN_PAST`, `FORBIDDEN` where the link
    has changes switched off, `LINK_INACTIVE`, `SLOT_NOT_OFFERED`; `SlotTaken` carries the nearest free starts, and the
    meeting stays where it was."""
    booking = await managed(token)
    duration = _minutes(booking.meeting) if duration_minutes is None else duration_minutes
    try:
        result = await kept_or(
            "rescheduleBooking",
            account_id=booking.meeting.account_id,
            scope=f"meeting:{booking.meeting.id}",
            key=idempotency_key,
            input={"starts_at": starts_at, "duration_minutes": duration_minutes},
            run=partial(_reschedule, token, starts_at, duration),
        )
    except (SlotTaken, database.Overlap) as lost:
        if booking.page is None:
            raise
        free = await nearest_free(
            booking.page, starts_at, duration_minutes=duration, ignoring_meeting=booking.meeting.id
        )
        raise SlotTaken(free) from lost
    return int(result["meeting_id"])


async def _reschedule(token: str, starts_at: datetime, duration: int) -> dict[str, Any]:
    booking, meeting = await locked_booking(token, with_hosts=True)
    was = meeting.starts_at, meeting.ends_at
    if starts_at == meeting.starts_at and timedelta(minutes=duration) == meeting.ends_at - meeting.starts_at:
        return {"meeting_id": meeting.id}
    page = booking.page
    if page is None or not page.is_open:
        raise refusal(ErrorCode.LINK_INACTIVE, _CLOSED, "token")
    assignment = await assigned(page, starts_at, duration, moving=meeting.id, keeping=meeting.host_id)
    to = starts_at, starts_at + timedelta(minutes=duration)
    organizer = meeting.organizer_id
    previous_host = await _hand_over(meeting, assignment)
    meeting.ical_sequence += 1
    meeting.version += 1
    await meeting.save(update_fields=["host_id", "organizer_id", "ical_sequence", "version"])
    await put_at(meeting, *to, host_ids=[host.id for host in assignment.hosts], buffers=_buffers(page))
    if previous_host == meeting.host_id:
        await promise_room(meeting)
    else:
        await change_room_to(meeting, assignment.host)
    await tell_attendees(meeting, "moved", was=was)
    if previous_host == meeting.host_id:
        await tell_host(meeting, "moved", was=was)
    else:
        await tell_host(meeting, "booked")
    if previous_host not in {host.id for host in assignment.hosts}:
        await tell_former_host(meeting, await User.get(id=previous_host), was=was, organizer_id=organizer)
        await wake_former_host(meeting, previous_host, was=was)
    kind = NoticeKind.MEETING_MOVED if previous_host == meeting.host_id else NoticeKind.MEETING_BOOKED
    await wake_colleagues(meeting, kind, actor="visitor", was=was)
    await record_change(
        ChangeKind.MEETING_MOVED,
        account_id=meeting.account_id,
        meeting_id=meeting.id,
        actor="visitor",
        data={**moved_fact(was, to), "previous_host_id": previous_host, "host_id": meeting.host_id},
    )
    return {"meeting_id": meeting.id}


async def _hand_over(meeting: Meeting, assignment: Assignment) -> int:
    """The meeting has the host of the new slot, and the rotation counts it there. The host it had before."""
    before, host = meeting.host_id, assignment.host
    if host.id == before:
        return before
    if meeting.rotation_id is not None:
        await count_down(meeting.rotation_id, before)
        await count_up(meeting.rotation_id, host.id)
    if meeting.organizer_id == before:
        meeting.organizer_id = host.id
    meeting.host_id = host.id
    if before not in {one.id for one in assignment.hosts}:
        await Attendee.filter(meeting_id=meeting.id, user_id=before).delete()
    await expect_host(meeting, host)
    return before


def _minutes(meeting: Meeting) -> int:
    return int((meeting.ends_at - meeting.starts_at).total_seconds()) // 60


def _buffers(page: SchedulingPage) -> tuple[int, int]:
    return page.link.buffer_before_minutes, page.link.buffer_after_minutes
