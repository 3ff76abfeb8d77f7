"""A promised room is made, told how its meeting is now, or given back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from server import clock, database, ids
from server.changes.log import record_change
from server.gateways.errors import PermanentFailure, TemporaryFailure
from server.gateways.video.port import Room, RoomGone, RoomWish, VideoGateway
from server.meetings.locked import lock
from server.meetings.mails import tell_attendees, tell_host
from server.meetings.video import is_known_alike, promise_end
from server.models import Job, Meeting, User, VideoAccount
from server.models.enums import ChangeKind, LocationKind
from server.video.provider import gateway_for

TOO_LATE = timedelta(minutes=10)
"""So long before the start a host has to know that there will be no room."""

_NOT_WANTED = "no longer wanted"
_LINK = "the meeting has a link"


async def keep_room(job: Job) -> str:
    """The room of the job's meeting is as the meeting wants it by now, whatever was promised first: there, told of the
    latest time and title, or gone. Its link stands in the meeting. Returns what there is to note.

    `TemporaryFailure` while there is time to try again, `PermanentFailure` afterwards, or if the provider refuses."""
    if "gone" in job.payload:
        return await _give_back(job)
    meeting = await Meeting.get_or_none(id=job.meeting_id or 0).select_related("host", "video_account")
    if meeting is None or not wants_room(meeting) or meeting.ends_at <= clock.now():
        return _NOT_WANTED
    account: VideoAccount = meeting.video_account  # type: ignore[assignment]  # wants_room: there is one
    wish, gateway = _wish(meeting, meeting.host, account), await gateway_for(account)
    if not is_known_alike(account, meeting.host):
        raise PermanentFailure(f"{meeting.host.name} is known to the provider by another e-mail address")
    try:
        return await _made_or_told(job, meeting, wish, gateway)
    except TemporaryFailure as failure:
        if meeting.starts_at - TOO_LATE <= clock.now():
            raise PermanentFailure(f"{failure}; the meeting is about to begin") from failure
        raise


def wants_room(meeting: Meeting) -> bool:
    """Whether a room is to be there for the meeting as it stands."""
    stands = meeting.canceled_at is None and meeting.deleted_at is None
    return stands and meeting.location_kind is LocationKind.VIDEO and meeting.video_account_id is not None


def has_room(meeting: Meeting) -> bool:
    """Whether the provider has made one."""
    return bool((meeting.video_room or {}).get("id"))


async def _made_or_told(job: Job, meeting: Meeting, wish: RoomWish, gateway: VideoGateway) -> str:
    key = f"{wish.meeting}.{job.payload['version']}"
    told, room = _as_told(wish), meeting.video_room or {}
    if has_room(meeting):
        if room.get("told") == told:
            return "the provider knows it already"
        try:
            changed = await gateway.update(room["id"], wish, key=f"{key}.update")
        except RoomGone:
            key = f"{key}.again"
        else:
            return await _note(meeting, changed or Room(room["id"], meeting.location_join_url or ""), told)
    return await _note(meeting, await gateway.create(wish, key=f"{key}.create"), told)


async def _note(seen: Meeting, room: Room, told: dict[str, Any]) -> str:
    """The meeting has the room, unless it wants none of this account any more: then the room goes back. Whoever was
    mailed without its link is mailed again, with a higher SEQUENCE (RFC 5546, 2.1.4), once."""
    async with database.transaction():
        meeting = await lock(seen.id, account_id=seen.account_id)
        through = seen.video_account_id
        if meeting is None or not wants_room(meeting) or meeting.video_account_id != through:
            await promise_end(seen, room=room.id, video_account_id=through or 0)
            return _NOT_WANTED
        is_new, was_awaited = meeting.location_join_url != room.join_url, is_awaited(meeting)
        tells_again = is_new and (was_awaited or meeting.location_join_url is not None)
        meeting.video_room = {"id": room.id, "told": told}
        meeting.location_join_url = room.join_url
        meeting.ical_sequence += tells_again
        await meeting.save(update_fields=["video_room", "location_join_url", "ical_sequence"])
        if tells_again:
            await tell_attendees(meeting, "changed")
            await tell_host(meeting, "changed")
        if is_new:
            await _record(meeting)
    return _LINK


def is_awaited(meeting: Meeting) -> bool:
    """Whether a mail has left that could not say where the room is."""
    return bool((meeting.video_room or {}).get("awaited"))


async def _record(meeting: Meeting) -> None:
    """The version stays: nobody who edits the meeting meanwhile is told that it is another one."""
    await record_change(
        ChangeKind.MEETING_EDITED,
        account_id=meeting.account_id,
        meeting_id=meeting.id,
        actor="system",
        data={"fields": ["location_join_url"]},
    )


async def _give_back(job: Job) -> str:
    gone = job.payload["gone"]
    account = await VideoAccount.get_or_none(id=gone["video_account_id"], account_id=job.account_id)
    if account is None:
        return "the account at the provider was disconnected"
    await (await gateway_for(account)).delete(gone["room"], key=f"job_{job.id}.delete")
    return "the room was given back"


def _wish(meeting: Meeting, host: User, account: VideoAccount) -> RoomWish:
    return RoomWish(
        meeting=ids.public_id("mtg", meeting.id),
        title=meeting.title,
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
        time_zone=meeting.time_zone,
        host_name=host.name,
        host_email=account.email,
        account=account.external_id,
    )


def _as_told(wish: RoomWish) -> dict[str, Any]:
    """What the provider was told, as the table keeps it, to be compared with what there is to tell next time."""
    times = int(wish.starts_at.timestamp()), int(wish.ends_at.timestamp())
    return {"title": wish.title, "times": list(times), "time_zone": wish.time_zone, "host_name": wish.host_name}
