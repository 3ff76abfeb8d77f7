"""Whoever hosts a meeting will not be there in time, and says so before the others wait."""

from __future__ import annotations

from server import clock, database
from server.accounts.viewer import Viewer
from server.changes.log import record_change
from server.errors import ErrorCode, refusal
from server.meetings.locked import locked_meeting, require_standing
from server.models.enums import ChangeKind, JobKind
from server.outbox import enqueue

LONGEST_MINUTES = 120


async def tell_of_delay(viewer: Viewer, meeting_id: int, minutes: int) -> int:
    """Everybody expected who has not declined will get a mail that the host is so many minutes late. The meeting stays
    where it is; the log has it as an edit of nothing but `running_late`. Its number.

    `NOT_FOUND`, `FORBIDDEN`, `CONFLICT` if it was canceled, `TIME_IN_PAST` if it is over, `TIME_RANGE_INVALID`."""
    if not 1 <= minutes <= LONGEST_MINUTES:
        message = f"Say how late you are: 1 to {LONGEST_MINUTES} minutes. For more, move the meeting."
        raise refusal(ErrorCode.TIME_RANGE_INVALID, message, "minutesLate")
    async with database.transaction():
        meeting = await locked_meeting(viewer, meeting_id)
        require_standing(meeting)
        if meeting.ends_at <= clock.now():
            raise refusal(ErrorCode.TIME_IN_PAST, "This meeting is over, so nobody waits any more.", "meeting")
        await enqueue(
            JobKind.LATE_NOTICE_MAIL,
            account_id=meeting.account_id,
            meeting_id=meeting.id,
            payload={"minutes": minutes, "starts_at": int(meeting.starts_at.timestamp())},
        )
        await record_change(
            ChangeKind.MEETING_EDITED,
            account_id=meeting.account_id,
            meeting_id=meeting.id,
            actor=viewer.actor,
            data={"fields": ["running_late"], "minutes_late": minutes},
        )
        return meeting.id
