"""Somebody answers the invitation to a meeting: a colleague in the app, anybody by mail."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from server import clock, database
from server.accounts.notifications import Switch, wants
from server.accounts.viewer import Viewer
from server.changes.log import record_change
from server.devices.notices import NoticeKind, wake_colleagues
from server.errors import ErrorCode, refusal
from server.meetings.locked import lock, require_standing
from server.models import Attendee, Meeting, User
from server.models.enums import ChangeKind, JobKind, Reply
from server.outbox import HOST_LANE, enqueue


@dataclass(frozen=True, slots=True)
class ReplyNotice:
    """What the host is told of a reply, as their mail has to know it. `proposed` is the time that the attendee asks for
    instead, epoch seconds, if they name one."""

    attendee_id: int
    reply: Reply
    comment: str = ""
    is_proposal: bool = False
    proposed: tuple[int, int] | None = None

    @classmethod
    def of(cls, payload: Mapping[str, Any]) -> ReplyNotice:
        """The notice that a job's payload holds."""
        proposed = payload["proposed"]
        return cls(
            attendee_id=int(payload["attendee_id"]),
            reply=Reply(payload["reply"]),
            comment=payload["comment"],
            is_proposal=bool(payload["is_proposal"]),
            proposed=None if proposed is None else (int(proposed[0]), int(proposed[1])),
        )


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
        await note_reply(meeting, expected, answer, at=clock.now(), actor=viewer.actor)
        return meeting.id


async def note_reply(
    meeting: Meeting,
    attendee: Attendee,
    answer: Reply,
    *,
    at: datetime,
    actor: str,
    more: Mapping[str, Any] | None = None,
) -> None:
    """The answer of `at` stands beside the attendee's name, the log keeps the one before, and the devices of everybody
    around the meeting but the `actor` are woken. `more` is what else the log keeps. Last in its transaction."""
    before = attendee.reply
    await Attendee.filter(id=attendee.id).update(reply=answer, replied_at=at)
    about = {"attendee_id": attendee.id, "reply": answer.value}
    await wake_colleagues(meeting, NoticeKind.REPLY_RECEIVED, actor=actor, about=about)
    await record_change(
        ChangeKind.REPLY_RECEIVED,
        account_id=meeting.account_id,
        meeting_id=meeting.id,
        actor=actor,
        data={**about, "previous_reply": before.value, **(more or {})},
    )


async def tell_host_of_reply(meeting: Meeting, notice: ReplyNotice) -> None:
    """The host will get a mail about the reply, unless they want none."""
    host = await User.get(id=meeting.host_id)
    if wants(host, Switch.REPLY_MAILS):
        await enqueue(
            JobKind.REPLY_NOTICE_MAIL,
            account_id=meeting.account_id,
            meeting_id=meeting.id,
            lane=HOST_LANE,
            payload=asdict(notice),
        )
