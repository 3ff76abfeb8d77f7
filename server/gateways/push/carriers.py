"""The push services that the settings know, one for each kind of device, and their open connections."""

from __future__ import annotations

from collections.abc import Mapping

from server import settings
from server.gateways.ports import PushGateway
from server.gateways.push.apns import ApnsGateway
from server.gateways.push.fcm import FcmGateway
from server.gateways.push.keys import KeyUnusable, public_point, service_account, signing_key
from server.gateways.push.web_push import WebPushGateway
from server.models.enums import DevicePlatform
from server.settings import Settings

KEY_SETTINGS: Mapping[DevicePlatform, str] = {
    DevicePlatform.IOS: "apns_key",
    DevicePlatform.ANDROID: "fcm_credentials",
    DevicePlatform.WEB: "web_push_key",
}
"""The setting with which each service is switched on."""

_COMPANIONS: Mapping[DevicePlatform, tuple[str, ...]] = {
    DevicePlatform.IOS: ("apns_key_id", "apns_team_id", "apns_topic", "apns_url"),
    DevicePlatform.ANDROID: ("fcm_url",),
    DevicePlatform.WEB: ("web_push_contact",),
}
_open: dict[tuple[object, ...], PushGateway] = {}


def carrier_for(platform: DevicePlatform) -> PushGateway | None:
    """The service that wakes such devices; None if the settings have no key for it. `KeyUnusable` if they have one that
    is none."""
    chosen = settings.current()
    if not getattr(chosen, KEY_SETTINGS[platform]):
        return None
    known_by = (platform, *(getattr(chosen, name) for name in (KEY_SETTINGS[platform], *_COMPANIONS[platform])))
    if known_by not in _open:
        _open[known_by] = made(platform, chosen)
    return _open[known_by]


async def close_carriers() -> None:
    """No connection to a push service is held open."""
    for carrier in list(_open.values()):
        await carrier.close()


def made(platform: DevicePlatform, chosen: Settings) -> PushGateway:
    """The gateway with the keys of these settings; `KeyUnusable` if one of them is none, or lacks what goes with it."""
    if missing := [name for name in _COMPANIONS[platform] if not getattr(chosen, name)]:
        raise KeyUnusable(f"{', '.join(f'PARLEY_{name.upper()}' for name in missing)} must be set with it")
    match platform:
        case DevicePlatform.IOS:
            return ApnsGateway(
                url=chosen.apns_url,
                key=signing_key(chosen.apns_key),
                key_id=chosen.apns_key_id,
                team_id=chosen.apns_team_id,
                topic=chosen.apns_topic,
            )
        case DevicePlatform.ANDROID:
            return FcmGateway(url=chosen.fcm_url, account=service_account(chosen.fcm_credentials))
        case DevicePlatform.WEB:
            return WebPushGateway(key=signing_key(chosen.web_push_key), contact=chosen.web_push_contact)


def web_push_public_key() -> str | None:
    """What a browser subscribes with (`applicationServerKey`); None without a key in the settings that can be used."""
    key = settings.current().web_push_key
    try:
        return public_point(signing_key(key)) if key else None
    except KeyUnusable:
        return None
