"""Telling people from programs without asking anybody anything: a signed time, and a field that no person sees."""

from __future__ import annotations

import hashlib
import hmac

from server import clock, settings
from server.web.pages.typed import Typed

MOST_SECONDS = 24 * 60 * 60


def seen_for(typed: Typed, slug: str) -> str:
    """The mark for a form: the one it came with while that holds, so that nobody waits twice, else a new one."""
    return typed.seen if _age(typed.seen, slug) is not None else _marked(slug, str(clock.now_epoch()))


def is_hasty(typed: Typed, slug: str) -> bool:
    """Whether the form came back as only a program sends it: the hidden field filled, the mark forged or a day old, or
    sooner than a person can type (`limit_form_seconds`). A person who is taken for one presses the button once more,
    and that is all."""
    age = _age(typed.seen, slug)
    return bool(typed.trap) or age is None or age < settings.current().limit_form_seconds


def _age(seen: str, slug: str) -> int | None:
    """Seconds since the form was made; None for a mark that is forged, of another page, or more than a day old."""
    moment = seen.partition(".")[0]
    if not hmac.compare_digest(_marked(slug, moment).encode(), seen.encode()):
        return None
    age = clock.now_epoch() - int(moment)
    return age if 0 <= age <= MOST_SECONDS else None


def _marked(slug: str, moment: str) -> str:
    message = f"seen:{slug}:{moment}".encode()
    return f"{moment}.{hmac.new(settings.current().secret_key.encode(), message, hashlib.sha256).hexdigest()[:24]}"
