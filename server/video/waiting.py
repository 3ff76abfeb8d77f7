"""A mail that is to say where the room is waits a few seconds for it, and then leaves without."""

from __future__ import annotations

from datetime import timedelta

from server import clock, database
from server.gateways.errors import NotYet
from server.meetings.locked import lock
from server.models import Job, Meeting
from server.models.enums import JobKind, JobState
from server.video.rooms import has_room, is_awaited, wants_room

PATIENCE = timedelta(seconds=10)
LOOKS_AGAIN_AFTER = timedelta(seconds=1)


async def wait_for_room(job: Job) -> None:
    """The meeting of this mail has its room, or wants none, or nobody waits for it any longer; `NotYet` otherwise.

    That a mail leaves without the link is noted under the lock under which the link is written: if one did, exactly one
    more follows, and else none."""
    if job.payload.get("kind") in ("canceled", "gone"):
        return
    meeting = await Meeting.get_or_none(id=job.meeting_id or 0)
    if meeting is None or not _is_without(meeting):
        return
    until = job.created_at + PATIENCE
    if clock.now() < until and await _is_being_made(meeting):
        raise NotYet("the video room is being made", until=min(until, clock.now() + LOOKS_AGAIN_AFTER))
    async with database.transaction():
        now = await lock(meeting.id, account_id=meeting.account_id)
        if now is not None and _is_without(now) and not is_awaited(now):
            now.video_room = {"awaited": True}
            await now.save(update_fields=["video_room"])


def _is_without(meeting: Meeting) -> bool:
    return wants_room(meeting) and not has_room(meeting)


async def _is_being_made(meeting: Meeting) -> bool:
    under_way = [JobState.WAITING, JobState.RUNNING]
    return bool(await Job.filter(meeting_id=meeting.id, kind=JobKind.VIDEO_ROOM, state__in=under_way).exists())
