"""Users who are signed in on something, and what they register."""

from __future__ import annotations

from typing import Any

from server.accounts.sessions import open_session
from server.accounts.viewer import Viewer
from server.database import transaction
from server.devices.register import NewDevice, register
from server.models import Device, User
from server.models.enums import DevicePlatform
from tests.server.gateways.push.browser import encoded

IPHONE = "ab" * 32
WEB_KEYS = {"p256dh": encoded(b"\x04" + bytes(64)), "auth": encoded(bytes(16))}
TOKENS = {
    DevicePlatform.IOS: IPHONE,
    DevicePlatform.ANDROID: "fcm-registration:APA91b",
    DevicePlatform.WEB: "https://push.example/v2/abc",
}


async def signed_in(user: User) -> Viewer:
    """The viewer of a new session of the user."""
    async with transaction():
        return (await open_session(user, device_name="Phone")).viewer


def a_new_device(platform: DevicePlatform = DevicePlatform.IOS, **fields: Any) -> NewDevice:
    keys = WEB_KEYS if platform is DevicePlatform.WEB else {}
    return NewDevice(**({"platform": platform, "push_token": TOKENS[platform], "name": "Phone"} | keys | fields))


async def a_device(user: User, platform: DevicePlatform = DevicePlatform.IOS, **fields: Any) -> Device:
    """A device on which the user is signed in now."""
    return await Device.get(id=await register(await signed_in(user), a_new_device(platform, **fields)))
