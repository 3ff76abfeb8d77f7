"""A mail comes in: if it is an attendee's reply, it stands beside their name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import structlog

from server import clock, database, ids
from server.meetings.locked import lock
from server.meetings.replies import ReplyNotice, note_reply, tell_host_of_reply
from server.models import Attendee, Meeting
from server.models.enums import Reply
from server.replies.reading import InboundReply, NoReply, reply_in

_log = structlog.get_logger(__name__)


class Outcome(StrEnum):
    """What became of a mail."""

    NOTED = "NOTED"
    IGNORED = "IGNORED"


@dataclass(frozen=True, slots=True)
class Received:
    """What became of a mail, why, and of which meeting it was, if of one. The reason names nobody."""

    outcome: Outcome
    reason: str
    meeting_id: int | None = None


class _Ignored(Exception):
    """The reply changes nothing; the text says why."""


async def receive(raw: bytes) -> Received:
    """A reply of an attendee, from their own address and newer than the last, is noted: their reply is what it says,
    the log has it, the host is told. Every other mail changes nothing.

    Whoever can write mail in an attendee's name can answer for them, as with every calendar: let your mail server
    check senders (DMARC) before it hands mail on."""
    try:
        received = await _note(reply_in(raw))
    except (NoReply, _Ignored) as reason:
        received = Received(Outcome.IGNORED, str(reason))
    meeting = ids.public_id("mtg", received.meeting_id) if received.meeting_id is not None else None
    _log.info("reply.received", outcome=received.outcome, reason=received.reason, meeting=meeting)
    return received


async def _note(reply: InboundReply) -> Received:
    found = await Meeting.get_or_none(ical_uid=reply.uid)
    if found is None:
        raise _Ignored("it is about no meeting of this server")
    async with database.transaction():
        meeting = await lock(found.id, account_id=found.account_id)
        if meeting is None or meeting.deleted_at is not None or meeting.canceled_at is not None:
            raise _Ignored("the meeting is off")
        attendee = await _attendee_of(meeting, reply)
        said_at = _require_news(meeting, attendee, reply)
        note = _note_proposal if reply.is_proposal else _note_answer
        return await note(meeting, attendee, reply, said_at)


async def _attendee_of(meeting: Meeting, reply: InboundReply) -> Attendee:
    """The attendee whose reply this is: both mail and reply have to say so."""
    if reply.senders != (reply.attendee,):
        raise _Ignored("it is not from the attendee that it names")
    expected = await Attendee.filter(meeting_id=meeting.id)
    attendee = next((one for one in expected if one.email.lower() == reply.attendee), None)
    if attendee is None:
        raise _Ignored("its sender is not expected at the meeting")
    if attendee.user_id == meeting.host_id:
        raise _Ignored("the host needs no answer")
    return attendee


def _require_news(meeting: Meeting, attendee: Attendee, reply: InboundReply) -> datetime:
    """When it was said, which is never later than now, whatever a clock elsewhere shows. Mails overtake each other: of
    two replies the later one counts (RFC 5546, 2.1.5), and one to an older invitation only if that was for the same
    time."""
    said_at = min(reply.stamp or clock.now(), clock.now())
    is_of_this_time = not reply.is_proposal and reply.starts_at == meeting.starts_at
    if reply.sequence < meeting.ical_sequence and not is_of_this_time:
        raise _Ignored("the meeting has changed since")
    if attendee.replied_at is not None and said_at < attendee.replied_at:
        raise _Ignored("a later reply is known")
    return said_at


async def _note_answer(meeting: Meeting, attendee: Attendee, reply: InboundReply, said_at: datetime) -> Received:
    if reply.answer is None:
        raise _Ignored("it gives no answer")
    if attendee.reply is reply.answer:
        # Said again, so that nothing said in between can take its place any more.
        await Attendee.filter(id=attendee.id).update(replied_at=said_at)
        return Received(Outcome.IGNORED, "the same reply is known", meeting.id)
    await tell_host_of_reply(meeting, ReplyNotice(attendee.id, reply.answer, reply.comment))
    await note_reply(meeting, attendee, reply.answer, at=said_at, actor=_actor(attendee))
    return Received(Outcome.NOTED, "a reply", meeting.id)


async def _note_proposal(meeting: Meeting, attendee: Attendee, reply: InboundReply, said_at: datetime) -> Received:
    """The meeting stays as it is: to move it is the host's to decide, and they are told what is asked for."""
    if attendee.replied_at == said_at:
        return Received(Outcome.IGNORED, "the same proposal is known", meeting.id)
    answer, proposed = reply.answer or Reply.TENTATIVE, _proposed(meeting, reply)
    notice = ReplyNotice(attendee.id, answer, reply.comment, is_proposal=True, proposed=proposed)
    await tell_host_of_reply(meeting, notice)
    more = {"proposed_starts_at": proposed[0], "proposed_ends_at": proposed[1]} if proposed else {}
    await note_reply(meeting, attendee, answer, at=said_at, actor=_actor(attendee), more={"is_proposal": True, **more})
    return Received(Outcome.NOTED, "a proposal", meeting.id)


def _proposed(meeting: Meeting, reply: InboundReply) -> tuple[int, int] | None:
    """The time that is asked for, in epoch seconds; as long as the meeting, where no end is said."""
    if reply.starts_at is None or reply.starts_at == meeting.starts_at:
        return None
    ends_at = reply.ends_at if reply.ends_at is not None else reply.starts_at + (meeting.ends_at - meeting.starts_at)
    return (int(reply.starts_at.timestamp()), int(ends_at.timestamp())) if ends_at > reply.starts_at else None


def _actor(attendee: Attendee) -> str:
    """Who the log says it was."""
    return "visitor" if attendee.user_id is None else f"user:{attendee.user_id}"
