"""Settings, public address, key, and room on the disk."""

from __future__ import annotations

import difflib
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import ValidationError

from server.doctor.finding import Finding, look, ok, wrong
from server.settings import Settings, SettingsWrong, database_folder, read

PREFIX = "PARLEY_"
LITTLE_ROOM = 1024**3
NO_ROOM = 100 * 1024**2
_HERE = ("localhost", "127.0.0.1", "::1", "0.0.0.0")
_STAND_IN = "0" * 64


def read_settings(environment: Mapping[str, str]) -> tuple[Settings, list[Finding]]:
    """The settings as far as they can be used, and what is wrong with the others, or with names nobody reads."""
    found = _unknown(environment)
    try:
        return read(), [*found, ok("settings", "Every setting can be used.")]
    except SettingsWrong as error:
        found += [wrong("settings", line, "Set it as it says, and run this again.") for line in str(error).splitlines()]
        return _without(_names(error)), found


def address_and_key(settings: Settings) -> list[Finding]:
    """Whether people can reach the public address, and whether the key is one."""
    address = urlsplit(settings.public_url)
    found = [ok("address", f"Pages and mails name {settings.public_url}.")]
    if address.hostname in _HERE and not settings.demo:
        mend = "Set PARLEY_PUBLIC_URL to the address people use, such as https://meet.example.com."
        found = [look("address", f"{settings.public_url} leads nowhere but on this machine.", mend)]
    elif address.scheme == "http" and address.hostname not in _HERE:
        mend = "Put a proxy with a certificate in front, and write https:// in PARLEY_PUBLIC_URL."
        found = [look("address", f"{settings.public_url} is not encrypted; passwords could be read.", mend)]
    if len(set(settings.secret_key)) < 10 and settings.secret_key not in ("", _STAND_IN):
        mend = "Make one with `openssl rand -hex 32`. Everybody has to sign in again after that."
        found.append(look("key", "PARLEY_SECRET_KEY looks as if it was typed, not made at random.", mend))
    return found


def disk(settings: Settings) -> list[Finding]:
    """Whether there is room where the database is kept, or where this process was started if it is elsewhere."""
    return [folder("disk", database_folder(settings.database_url))]


def folder(subject: str, place: Path) -> Finding:
    """Whether a folder is there, can be written to, and has room."""
    if not place.is_dir():
        return wrong(subject, f"There is no folder {place}.", f"Make it: mkdir -p {place}")
    if not os.access(place, os.W_OK):
        return wrong(subject, f"The folder {place} cannot be written to.", "Give it to the user that runs parley.")
    free = shutil.disk_usage(place).free
    said = f"{free // 1024**2} MB free in {place}."
    if free < NO_ROOM:
        return wrong(subject, said, "Make room; bookings will be refused soon.")
    return look(subject, said, "Make room before it runs out.") if free < LITTLE_ROOM else ok(subject, said)


def _unknown(environment: Mapping[str, str]) -> list[Finding]:
    known = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields}
    strangers = sorted(name for name in environment if name.startswith(PREFIX) and name not in known)
    return [
        look("settings", f"{name} is not a setting and has no effect.", _nearest(name, known)) for name in strangers
    ]


def _nearest(name: str, known: set[str]) -> str:
    close = difflib.get_close_matches(name, sorted(known), n=1, cutoff=0.6)
    return f"Did you mean {close[0]}?" if close else "Remove it; docs/operating/settings.md lists those there are."


def _names(error: SettingsWrong) -> set[str]:
    cause = error.__cause__
    return {str(one["loc"][0]) for one in cause.errors()} if isinstance(cause, ValidationError) else set()


def _without(names: set[str]) -> Settings:
    """The settings with the default in place of each that cannot be used."""
    defaults = {name: Settings.model_fields[name].get_default() for name in names}
    return read(**(defaults | ({"secret_key": _STAND_IN} if "secret_key" in names else {})))
