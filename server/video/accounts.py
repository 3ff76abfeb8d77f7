"""Somebody's account at a provider of rooms is connected, made the usual one, let go of."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

from server import clock, database
from server.accounts import policy
from server.accounts.viewer import Viewer
from server.changes.data_version import raise_data_version
from server.checks import short_text, valid_email
from server.errors import ErrorCode, refusal
from server.gateways.errors import PermanentFailure, TemporaryFailure
from server.gateways.video.port import ProviderAccount, VideoGateway
from server.meetings.video import change_room_to
from server.models import Meeting, User, VideoAccount, VideoExtension
from server.models.enums import LocationKind, VideoKind
from server.repeats import kept_or
from server.video.provider import gateway_of

_NO_USER = "There is no such colleague. Please choose one from the list."


@dataclass(frozen=True, slots=True)
class NewVideoAccount:
    """An account to be connected: at which extension, whose if not the viewer's, and by which name and address they are
    known there, where that is not the address they have here."""

    extension_id: int
    user_id: int | None = None
    external_id: str = ""
    email: str | None = None
    is_default: bool = False
    idempotency_key: str | None = None


async def connect_video(viewer: Viewer, new: NewVideoAccount) -> int:
    """Meetings of this user may be over video, and those to come that have been waiting for a room get one. The first
    account is the default one. The number of the account, the same one for an account that was connected before.

    `NOT_FOUND`; `FORBIDDEN` for a colleague's unless an administrator asks; `VIDEO_EMAIL_MISMATCH` unless the provider
    knows them by the address they have here (S2-15); `VIDEO_UNAVAILABLE`, `EMAIL_INVALID`, `TEXT_TOO_LONG`."""
    user, extension = await _whose(viewer, new.user_id), await _extension(viewer, new.extension_id)
    known = await _known(gateway_of(extension), new, user)
    sent = asdict(new)
    result = await kept_or(
        "connectVideo",
        account_id=viewer.account_id,
        scope=viewer.actor,
        key=sent.pop("idempotency_key"),
        input=sent,
        run=partial(_connect, user.id, extension.id, known, is_default=new.is_default),
    )
    return int(result["video_account_id"])


async def _connect(user_id: int, extension_id: int, known: ProviderAccount, *, is_default: bool) -> dict[str, Any]:
    user = await User.filter(id=user_id).select_for_update(no_key=True).get()
    there = await VideoAccount.filter(user_id=user.id).order_by("id")
    account = next((one for one in there if (one.extension_id, one.external_id) == (extension_id, known.id)), None)
    if account is None:
        account = VideoAccount(
            account_id=user.account_id,
            user_id=user.id,
            kind=VideoKind.EXTENSION,
            extension_id=extension_id,
            external_id=known.id,
        )
    account.email, account.verified_at = known.email, clock.now()
    await account.save()
    if is_default or not any(one.is_default for one in there):
        await _make_default(account)
    await _give_rooms(user)
    await raise_data_version(user.account_id)
    return {"video_account_id": account.id}


async def make_default(viewer: Viewer, video_account_id: int) -> None:
    """Rooms of this user's meetings are made with that account from now on, where nobody chooses another. `NOT_FOUND`,
    `FORBIDDEN`."""
    async with database.transaction():
        await _make_default(await _own(viewer, video_account_id))
        await raise_data_version(viewer.account_id)


async def disconnect_video(viewer: Viewer, video_account_id: int) -> None:
    """The account is not used any more; the oldest of the others is the default one. Rooms that were made with it stay
    where they are. `NOT_FOUND`, `FORBIDDEN`."""
    async with database.transaction():
        account = await _own(viewer, video_account_id)
        await account.delete()
        if account.is_default and (
            next_one := await VideoAccount.filter(user_id=account.user_id).order_by("id").first()
        ):
            await _make_default(next_one)
        await raise_data_version(viewer.account_id)


async def _make_default(account: VideoAccount) -> None:
    await VideoAccount.filter(user_id=account.user_id, is_default=True).update(is_default=False)
    account.is_default = True
    await account.save(update_fields=["is_default"])


async def _give_rooms(user: User) -> None:
    """Meetings over video that were booked while there was no account have a room soon, and whoever attends is told."""
    waiting = Meeting.filter(
        host_id=user.id,
        location_kind=LocationKind.VIDEO,
        video_account_id=None,
        location_join_url=None,
        canceled_at=None,
        deleted_at=None,
        starts_at__gt=clock.now(),
    )
    for meeting in await waiting.order_by("id").select_for_update(no_key=True):
        await change_room_to(meeting, user)
        meeting.video_room = {"awaited": True}
        await meeting.save(update_fields=["video_room"])


async def _known(gateway: VideoGateway, new: NewVideoAccount, user: User) -> ProviderAccount:
    """The user as the provider knows them. Asked outside any transaction."""
    wanted = short_text(new.external_id, 255, "account")
    email = valid_email(new.email, "email") if new.email else user.email
    try:
        offered = await gateway.accounts(email)
        account = _chosen(offered, wanted) if offered else ProviderAccount(wanted, "", email)
        known = await gateway.verify(account.email or email, account.id)
    except (TemporaryFailure, PermanentFailure) as failure:
        message = f"The video provider cannot say who this is: {failure}. Please try again later."
        raise refusal(ErrorCode.VIDEO_UNAVAILABLE, message, "extension") from failure
    if known is None or known.email.casefold() != user.email.casefold():
        message = (
            f"The video provider does not know {user.name} as {user.email}. Use the same e-mail address at both, then "
            "connect again."
        )
        raise refusal(ErrorCode.VIDEO_EMAIL_MISMATCH, message, "email")
    return known


def _chosen(offered: list[ProviderAccount], wanted: str) -> ProviderAccount:
    """The account that was named, else the first."""
    found = next((one for one in offered if one.id == wanted or not wanted), None)
    if found is None:
        message = "The video provider lists no such account. Please choose one that it does."
        raise refusal(ErrorCode.NOT_FOUND, message, "account")
    return found


async def _whose(viewer: Viewer, user_id: int | None) -> User:
    wanted = viewer.user_id if user_id is None else user_id
    user = await User.get_or_none(id=wanted, account_id=viewer.account_id, is_active=True) if wanted else None
    if user is None:
        raise refusal(ErrorCode.NOT_FOUND, _NO_USER, "user")
    _require_may(viewer, user.id)
    return user


async def _extension(viewer: Viewer, extension_id: int) -> VideoExtension:
    extension = await VideoExtension.get_or_none(id=extension_id, account_id=viewer.account_id, is_active=True)
    if extension is None:
        message = "There is no such video extension, or it is switched off. Please choose another one."
        raise refusal(ErrorCode.NOT_FOUND, message, "extension")
    return extension


async def _own(viewer: Viewer, video_account_id: int) -> VideoAccount:
    found = VideoAccount.filter(id=video_account_id, account_id=viewer.account_id)
    account = await found.select_for_update(no_key=True).get_or_none()
    if account is None:
        raise refusal(ErrorCode.NOT_FOUND, "There is no such video account.", "videoAccount")
    _require_may(viewer, account.user_id)
    return account


def _require_may(viewer: Viewer, user_id: int) -> None:
    if not policy.may_edit_profile(viewer, viewer.account_id, user_id=user_id):
        message = "Only they themselves or an administrator may do this. Please ask one of them."
        raise refusal(ErrorCode.FORBIDDEN, message, "user")
