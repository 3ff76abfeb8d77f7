"""A phone or browser asks to be woken, or not to be woken any more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from server import clock, database
from server.accounts.viewer import Viewer
from server.checks import short_text
from server.complaints import Complaints
from server.devices.notices import devices_of, plan_nudges_of
from server.devices.queries import AT_MOST
from server.errors import ErrorCode, refusal
from server.gateways.push.keys import KeyUnusable, bytes_of
from server.models import Device
from server.models.enums import DevicePlatform
from server.repeats import kept_or
from server.wording import regional_locale

LONGEST_TOKEN = 1000
LONGEST_NAME = 200
_KEY_BYTES = {"p256dh": 65, "auth": 16}


@dataclass(frozen=True, slots=True)
class NewDevice:
    """What a device says of itself. `push_token` is a device token (iOS, hexadecimal), a registration token (Android),
    or the address of a Web Push subscription, whose `p256dh` and `auth` are its keys in base64url. One that
    `hides_details` shows neither name nor time before it is unlocked."""

    platform: DevicePlatform
    push_token: str
    name: str = ""
    locale: str = "en"
    p256dh: str = ""
    auth: str = ""
    hides_details: bool = False
    idempotency_key: str | None = None


async def register(viewer: Viewer, new: NewDevice) -> int:
    """The device is woken for this user from now on, until the session ends, and for nobody else whose it was before.
    Its number; the same for the same token and user.

    `FORBIDDEN` for a program: tokens that act come with notifications, so only a device that signed in gets them.
    `TEXT_TOO_LONG`, `PUSH_TOKEN_INVALID` for a token or keys that no service gives out."""
    require_session(viewer)
    result = await kept_or(
        "registerDevice",
        account_id=viewer.account_id,
        scope=viewer.actor,
        key=new.idempotency_key,
        input=_input(new) | {"session": viewer.session_id},
        run=partial(_register, viewer, new),
    )
    return int(result["device_id"])


async def unregister(viewer: Viewer, device_id: int) -> None:
    """The viewer's device is woken no more. `NOT_FOUND` for one that is not theirs, or is none."""
    require_session(viewer)
    gone = await Device.filter(id=device_id, account_id=viewer.account_id, user_id=viewer.user_id).delete()
    if not gone:
        raise refusal(ErrorCode.NOT_FOUND, "There is no such device of yours.", "device")


def require_session(viewer: Viewer) -> None:
    """`FORBIDDEN` for whoever did not sign in."""
    if viewer.user_id is None or viewer.session_id is None:
        message = "Only a device that somebody signed in on is woken. Sign in with e-mail and password."
        raise refusal(ErrorCode.FORBIDDEN, message)


async def _register(viewer: Viewer, new: NewDevice) -> dict[str, Any]:
    columns = _checked(new)
    user_id = viewer.user_id or 0
    # Two registrations at once of the same phone wait for each other here.
    await database.lock_hosts([user_id])
    columns |= {"session_id": viewer.session_id, "registered_at": clock.now()}
    if not await devices_of(user_id):
        await plan_nudges_of(user_id)
    known = await Device.get_or_none(push_token=columns["push_token"])
    if known is not None and known.user_id == user_id:
        await Device.filter(id=known.id).update(**columns)
        return {"device_id": known.id}
    if known is not None:
        # Another number for the next owner: what waits for this one is not for them.
        await known.delete()
    made = await Device.create(account_id=viewer.account_id, user_id=user_id, **columns)
    await _let_go_of_the_oldest(user_id)
    return {"device_id": made.id}


async def _let_go_of_the_oldest(user_id: int) -> None:
    numbers = await Device.filter(user_id=user_id).order_by("-registered_at", "-id").values_list("id", flat=True)
    await Device.filter(id__in=list(numbers)[AT_MOST:]).delete()


def _checked(new: NewDevice) -> dict[str, Any]:
    """The columns of the device; `Refused` with everything that is wrong."""
    found = Complaints()
    if len(new.push_token) > LONGEST_TOKEN:
        message = f"A push token has at most {LONGEST_TOKEN} characters."
        found.add(ErrorCode.TEXT_TOO_LONG, message, "pushToken")
    elif not _can_be_token(new.platform, new.push_token):
        found.add(ErrorCode.PUSH_TOKEN_INVALID, _NO_TOKEN[new.platform], "pushToken")
    keys = {"p256dh": new.p256dh, "auth": new.auth} if new.platform is DevicePlatform.WEB else None
    if keys is not None and not _can_be_keys(keys):
        message = (
            "These are not the keys of a Web Push subscription; send `p256dh` and `auth` as the browser gave them."
        )
        found.add(ErrorCode.PUSH_TOKEN_INVALID, message, "webKeys")
    name = found.ask(short_text, new.name, LONGEST_NAME, "name")
    found.refuse_if_any()
    return {
        "platform": new.platform,
        "push_token": new.push_token,
        "name": name,
        "locale": regional_locale(new.locale),
        "web_keys": keys,
        "hides_details": new.hides_details,
    }


_NO_TOKEN: Mapping[DevicePlatform, str] = {
    DevicePlatform.IOS: "This is not a device token; send the bytes that iOS gave in hexadecimal.",
    DevicePlatform.ANDROID: "This is not a registration token; send the one that Firebase gave.",
    DevicePlatform.WEB: "This is not the address of a subscription; send `endpoint` as the browser gave it.",
}


def _can_be_token(platform: DevicePlatform, token: str) -> bool:
    if not token or not token.isascii() or not token.isprintable() or " " in token:
        return False
    if platform is DevicePlatform.IOS:
        return len(token) >= 32 and all(mark in "0123456789abcdefABCDEF" for mark in token)
    return platform is DevicePlatform.ANDROID or _is_address(token)


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme == "https" and bool(parts.hostname) and parts.username is None


def _can_be_keys(keys: Mapping[str, str]) -> bool:
    try:
        return all(len(bytes_of(keys[name])) == length for name, length in _KEY_BYTES.items())
    except KeyUnusable:
        return False


def _input(new: NewDevice) -> dict[str, Any]:
    sent = asdict(new)
    del sent["idempotency_key"]
    return sent
