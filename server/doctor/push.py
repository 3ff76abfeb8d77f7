"""The push services: which are switched on, and whether their keys are keys."""

from __future__ import annotations

from server.doctor.finding import Finding, look, ok, wrong
from server.gateways.push.carriers import KEY_SETTINGS, made
from server.gateways.push.keys import KeyUnusable
from server.models.enums import DevicePlatform
from server.settings import Settings

_NAMES = {
    DevicePlatform.IOS: "iPhones",
    DevicePlatform.ANDROID: "Android phones",
    DevicePlatform.WEB: "browsers",
}


def push(settings: Settings) -> list[Finding]:
    """Whether each kind of device can be woken, as far as that can be said without waking one."""
    switched_on = [one for one in DevicePlatform if getattr(settings, KEY_SETTINGS[one])]
    found = [_looked_at(platform, settings) for platform in switched_on]
    if missing := [_NAMES[one] for one in DevicePlatform if one not in switched_on]:
        mend = "If there is an app for them, docs/operating/push.md says how to get a key."
        found.append(look("push", f"No key is set for {', '.join(missing)}: they are not woken.", mend))
    return [*found, _private(settings)] if settings.private_hosts else found


def _looked_at(platform: DevicePlatform, settings: Settings) -> Finding:
    variable = f"PARLEY_{KEY_SETTINGS[platform].upper()}"
    try:
        made(platform, settings)
    except KeyUnusable as error:
        mend = "Look at docs/operating/push.md; until then notices for them are given up."
        return wrong("push", f"{variable} cannot be used: {error}.", mend)
    return ok("push", f"There is a key to wake {_NAMES[platform]}.")


def _private(settings: Settings) -> Finding:
    hosts = ", ".join(settings.private_hosts)
    mend = "Take out of PARLEY_PRIVATE_HOSTS what users of this server must not reach through it."
    return look("hosts", f"Webhooks and push may reach {hosts}, wherever that leads.", mend)
