"""An account's logo, by its name: that says what is in it and how large it is, so that it never has to be looked up."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from server import settings
from server.account_settings.picture import Picture

_NAME = re.compile(r"[0-9a-f]{32}-([0-9]{1,4})x([0-9]{1,4})\.(png|jpg|webp)")
_MEDIA_TYPES = {"png": "image/png", "jpg": "image/jpeg", "webp": "image/webp"}


@dataclass(frozen=True, slots=True)
class Logo:
    """A picture as it is kept, with its pixels."""

    name: str
    media_type: str
    width: int
    height: int

    @property
    def storage_key(self) -> str:
        """Where its bytes are."""
        return f"logos/{self.name}"

    @property
    def path(self) -> str:
        """Where it is shown."""
        return f"/logos/{self.name}"


def logo_of(content: bytes, picture: Picture) -> Logo:
    """The logo that this picture is, named after its content."""
    width, height = picture.width, picture.height
    name = f"{hashlib.sha256(content).hexdigest()[:32]}-{width}x{height}.{picture.kind}"
    return Logo(name, _MEDIA_TYPES[picture.kind], width, height)


def logo_named(name: str) -> Logo | None:
    """The logo of this name; None for what is no name of one, as for an account without."""
    parts = _NAME.fullmatch(name)
    if parts is None:
        return None
    width, height, kind = parts.groups()
    return Logo(name, _MEDIA_TYPES[kind], int(width), int(height))


def logo_url(name: str) -> str:
    """The public address of the logo of this name; empty for an account without."""
    found = logo_named(name)
    return settings.current().address(found.path) if found is not None else ""
