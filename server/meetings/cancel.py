"""A meeting that is not going to happen."""

from __future__ import annotations

from functools import partial
from typing import Any

from server import clock
from server.accounts import policy
from server.accounts.viewer import Viewer
from server.changes.log import record_change
from server.checks import long_text
from server.devices.notices import NoticeKind, wake_colleagues
from server.errors import ErrorCode, refusal
from server.meetings.locked import locked_meeting, require_standing
from server.meetings.mails import tell_attendees, tell_host
from server.meetings.occupy import vacate
from server.meetings.refunds import refund_if_promised
from server.meetings.video import release_room
from server.models import Meeting, Outcome
from server.models.enums import ChangeKind
from server.reminders.rows import drop_reminders
from server.repeats import kept_or

LONGEST_REASON = 1000


async def cancel(
    viewer: Viewer,
    meeting_id: int,
    *,
    reason: str = "",
    expected_version: int | None = None,
    idempotency_key: str | None = None,
) -> int:
    """The meeting stays on every timeline, with the outcome CANCELED; whoever expected it is told, with the reason. Its
    number.

    `NOT_FOUND`, `FORBIDDEN`, `TEXT_TOO_LONG`, `TIME_IN_PAST` for one that is over, `CONFLICT` if it has another version
    or was canceled already."""
    result = await kept_or(
        "cancelMeeting",
        account_id=viewer.account_id,
        scope=viewer.actor,
        key=idempotency_key,
        input={"meeting": meeting_id, "reason": reason, "expected_version": expected_version},
        run=partial(_cancel, viewer, meeting_id, reason, expected_version),
    )
    return int(result["meeting_id"])


async def _cancel(viewer: Viewer, meeting_id: int, reason: str, expected_version: int | None) -> dict[str, Any]:
    meeting = await locked_meeting(viewer, meeting_id, expected_version=expected_version, may=policy.may_cancel_meeting)
    require_standing(meeting)
    if meeting.ends_at <= clock.now():
        raise refusal(ErrorCode.TIME_IN_PAST, "This meeting is over. Record how it went instead.", "meeting")
    await call_off(meeting, actor=viewer.actor, reason=long_text(reason, LONGEST_REASON, "reason"))
    return {"meeting_id": meeting.id}


async def call_off(meeting: Meeting, *, actor: str, reason: str = "") -> None:
    """The meeting is canceled and its outcome says so (S1-38), its hosts are free again, no reminder will leave, and
    attendees and host are told, unless the host does it. The caller has locked it and is in a transaction."""
    meeting.canceled_at = clock.now()
    meeting.cancel_reason = reason
    meeting.outcome_id = (await Outcome.get(account_id=meeting.account_id, key="CANCELED")).id
    meeting.ical_sequence += 1
    meeting.version += 1
    await meeting.save(update_fields=["canceled_at", "cancel_reason", "outcome_id", "ical_sequence", "version"])
    await vacate(meeting)
    await release_room(meeting)
    await drop_reminders(meeting)
    await refund_if_promised(meeting)
    await tell_attendees(meeting, "canceled")
    if actor != f"user:{meeting.host_id}":
        await tell_host(meeting, "canceled")
    await wake_colleagues(meeting, NoticeKind.MEETING_CANCELED, actor=actor)
    await record_change(
        ChangeKind.MEETING_CANCELED,
        account_id=meeting.account_id,
        meeting_id=meeting.id,
        actor=actor,
        data={"starts_at": meeting.starts_at.isoformat(), "reason": reason},
    )
