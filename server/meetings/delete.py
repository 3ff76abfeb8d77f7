"""A meeting is taken away; what is left of it is a tombstone."""

from __future__ import annotations

from functools import partial
from typing import Any

from server import clock
from server.accounts import policy
from server.accounts.viewer import Viewer
from server.changes.log import record_change
from server.devices.notices import NoticeKind, wake_colleagues
from server.meetings.locked import locked_meeting
from server.meetings.mails import tell_attendees, tell_host
from server.meetings.occupy import vacate
from server.meetings.refunds import refund_if_promised
from server.meetings.video import release_room
from server.models import Meeting
from server.models.enums import ChangeKind
from server.reminders.rows import drop_reminders
from server.repeats import kept_or
from server.rotation.members import count_down


async def delete(
    viewer: Viewer, meeting_id: int, *, expected_version: int | None = None, idempotency_key: str | None = None
) -> int:
    """The meeting is in no list any more, its time is free, its reminders are dead, and its rotation counts one less,
    once (S2-48). Whoever expected it to take place is told. Its number.

    `NOT_FOUND`, `FORBIDDEN`, `CONFLICT` if it has another version."""
    result = await kept_or(
        "deleteMeeting",
        account_id=viewer.account_id,
        scope=viewer.actor,
        key=idempotency_key,
        input={"meeting": meeting_id, "expected_version": expected_version},
        run=partial(_delete, viewer, meeting_id, expected_version),
    )
    return int(result["meeting_id"])


async def _delete(viewer: Viewer, meeting_id: int, expected_version: int | None) -> dict[str, Any]:
    meeting = await locked_meeting(viewer, meeting_id, expected_version=expected_version, may=policy.may_delete_meeting)
    was_to_come = meeting.canceled_at is None and meeting.ends_at > clock.now()
    meeting.deleted_at = clock.now()
    meeting.version += 1
    meeting.ical_sequence += was_to_come
    await meeting.save(update_fields=["deleted_at", "version", "ical_sequence"])
    await vacate(meeting)
    await release_room(meeting)
    await drop_reminders(meeting)
    if meeting.rotation_id is not None:
        await count_down(meeting.rotation_id, meeting.host_id)
    if was_to_come:
        await refund_if_promised(meeting)
        await _tell(viewer, meeting)
    await record_change(
        ChangeKind.MEETING_DELETED,
        account_id=meeting.account_id,
        meeting_id=meeting.id,
        actor=viewer.actor,
        data={"starts_at": meeting.starts_at.isoformat()},
    )
    return {"meeting_id": meeting.id}


async def _tell(viewer: Viewer, meeting: Meeting) -> None:
    """Attendees get the cancellation; the host too, unless it was they who deleted it."""
    await tell_attendees(meeting, "canceled")
    if viewer.user_id != meeting.host_id:
        await tell_host(meeting, "canceled")
    await wake_colleagues(meeting, NoticeKind.MEETING_CANCELED, actor=viewer.actor)
