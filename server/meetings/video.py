"""The room of a meeting over video: through whose account it is made, and the promise of it.

`Meeting.video_room` is `{"id", "told"}` once there is a room, `told` being what its provider knows of the meeting;
before that it is null, or `{"awaited": true}` where a mail has left without the link."""

from __future__ import annotations

from typing import Any

from server.errors import ErrorCode, refusal
from server.models import Meeting, User, VideoAccount
from server.models.enums import JobKind, LocationKind
from server.outbox import enqueue

VIDEO_LANE = "video"
"""What is done about the room of one meeting is done in order."""


async def video_account_for(host: User, wanted_id: int | None = None) -> VideoAccount:
    """The account at a video provider that rooms of this host's meetings are made with: the one that is wanted, else
    the default one, else the first (S2-13).

    `VIDEO_NOT_CONNECTED` without any; `VIDEO_EMAIL_MISMATCH` if it is known there by another address (S2-15)."""
    accounts = await _accounts_of(host)
    if wanted_id is not None:
        accounts = [one for one in accounts if one.id == wanted_id]
    if not accounts:
        message = f"{host.name} has no such video account. Connect one under Settings > Video, or meet elsewhere."
        raise refusal(ErrorCode.VIDEO_NOT_CONNECTED, message, "location", "kind")
    if not is_known_alike(accounts[0], host):
        message = (
            f"{host.name} is known to the video provider by another e-mail address. Use the same address at both, "
            "or choose another location."
        )
        raise refusal(ErrorCode.VIDEO_EMAIL_MISMATCH, message, "location", "kind")
    return accounts[0]


async def video_account_if_any(host: User) -> VideoAccount | None:
    """The same for a visitor who books: they are not held up by an account that is missing, and the room is made once
    the host connects one."""
    accounts = await _accounts_of(host)
    return accounts[0] if accounts and is_known_alike(accounts[0], host) else None


def is_known_alike(account: VideoAccount, user: User) -> bool:
    """Whether the user has the same address here and at the provider (S2-15)."""
    return account.email.casefold() == user.email.casefold()


async def promise_room(meeting: Meeting) -> None:
    """Inside a transaction: the room of a meeting over video will be made, or told how the meeting is now. Nothing
    happens for other meetings."""
    if meeting.location_kind is LocationKind.VIDEO and meeting.video_account_id is not None:
        await _promise(meeting, {})


async def release_room(meeting: Meeting) -> None:
    """Inside a transaction: the meeting has no room any more, and its provider will be told so."""
    room, through = meeting.video_room or {}, meeting.video_account_id
    if room.get("id") and through is not None:
        await _promise(meeting, {"gone": {"room": room["id"], "video_account_id": through}})
    if meeting.video_room is not None or meeting.location_join_url is not None:
        meeting.video_room = meeting.location_join_url = None
        await meeting.save(update_fields=["video_room", "location_join_url"])


async def change_room_to(meeting: Meeting, host: User) -> None:
    """Inside a transaction: a meeting over video that this user hosts from now on has a room through an account of
    theirs, in place of the one it had (S2-47)."""
    if meeting.location_kind is not LocationKind.VIDEO:
        return
    await release_room(meeting)
    video = await video_account_if_any(host)
    meeting.video_account_id = video.id if video is not None else None
    meeting.location_provider = video.kind.value if video is not None else None
    await meeting.save(update_fields=["video_account_id", "location_provider"])
    await promise_room(meeting)


async def promise_end(meeting: Meeting, *, room: str, video_account_id: int) -> None:
    """Inside a transaction: a room that the meeting does not want will be given back."""
    await _promise(meeting, {"gone": {"room": room, "video_account_id": video_account_id}})


async def _accounts_of(host: User) -> list[VideoAccount]:
    return list(await VideoAccount.filter(user_id=host.id).order_by("-is_default", "id"))


async def _promise(meeting: Meeting, payload: dict[str, Any]) -> None:
    await enqueue(
        JobKind.VIDEO_ROOM,
        account_id=meeting.account_id,
        meeting_id=meeting.id,
        lane=VIDEO_LANE,
        payload={"version": meeting.version, **payload},
    )
