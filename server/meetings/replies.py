"""A colleague answers the invitation to a meeting."""

from __future__ import annotations

from server import database
from server.accounts.viewer import Viewer
from server.changes.log import record_change
from server.devices.notices import NoticeKind, wake_colleagues
from server.errors import ErrorCode, refusal
from server.meetings.locked import lock, require_standing
from server.models import Attendee
from server.models.enums import ChangeKind, Reply


async def reply(viewer: Viewer, meeting_id: int, answer: Reply) -> int:
    """The viewer's answer stands beside their name, the log keeps the one before, and the others' devices are woken.
    Its number. Answered the same again, nothing changes.

    `NOT_FOUND` for a meeting that they are not expected at, `CONFLICT` for one that was canceled."""
    async with database.transaction():
        meeting = await lock(meeting_id, account_id=viewer.account_id)
        expected = await Attendee.get_or_none(meeting_id=meeting_id, user_id=viewer.user_id or 0)
        if meeting is None or meeting.deleted_at is not None or expected is None:
            raise refusal(ErrorCode.NOT_FOUND, "There is no such meeting that you are expected at.", "meeting")
        require_standing(meeting)
        if expected.reply is answer:
            return meeting.id
        before = expected.reply
        await Attendee.filter(id=expected.id).update(reply=answer)
        about = {"attendee_id": expected.id, "reply": answer.value}
        await wake_colleagues(meeting, NoticeKind.REPLY_RECEIVED, actor=viewer.actor, about=about)
        await record_change(
            ChangeKind.REPLY_RECEIVED,
            account_id=meeting.account_id,
            meeting_id=meeting.id,
            actor=viewer.actor,
            data={**about, "previous_reply": before.value},
        )
        return meeting.id
