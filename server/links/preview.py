"""A page that is switched off can be looked at by whoever makes it, and handed on for that; nobody books on it."""

from __future__ import annotations

import hmac
from copy import copy
from dataclasses import replace

from server import ids, settings
from server.links.pages import SchedulingPage

_LENGTH = 22


def preview_token(link_id: int) -> str:
    """What opens the page of this link while it is switched off, as `?preview=`: 22 characters, always the same."""
    return ids.secret_from(str(link_id), key=settings.current().secret_key, purpose="preview")[:_LENGTH]


def previewed(page: SchedulingPage, token: str) -> SchedulingPage | None:
    """The page as it will be once it is switched on, for whoever has its token; None for anybody else. Nothing is
    written, and a booking asks anew whether the page is on."""
    if not hmac.compare_digest(preview_token(page.link.id).encode(), token.encode()):
        return None
    link = copy(page.link)
    link.is_active = True
    return replace(page, link=link, is_open=bool(page.hosts))
