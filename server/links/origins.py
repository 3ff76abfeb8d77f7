"""The sites that may show a page in a frame."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from server.accounts.settings_form import ascii_host
from server.checks import short_text
from server.complaints import Complaints
from server.errors import ErrorCode, refusal

MOST_ORIGINS = 20

_USUAL_PORTS = {"http": 80, "https": 443}
_NOT_AN_ORIGIN = (
    "Please give the address of a site without a path, such as https://www.example.com or https://*.example.com."
)


def checked_origins(wanted: Sequence[str], found: Complaints) -> list[str]:
    """The origins as a link keeps them, each once, fit for `frame-ancestors` (CSP 3, 2.3.1). `SETTING_INVALID`."""
    if len(wanted) > MOST_ORIGINS:
        found.add(ErrorCode.SETTING_INVALID, f"Please name at most {MOST_ORIGINS} sites.", "embedOrigins")
        return []
    asked = [found.ask(valid_origin, one, "embedOrigins", str(index)) for index, one in enumerate(wanted)]
    return list(dict.fromkeys(one for one in asked if one is not None))


def valid_origin(text: str, *path: str) -> str:
    """Scheme, host and port of a site, in small letters and ASCII; `*.` before the host stands for any part of it."""
    origin = _normal(short_text(text, 300, *path).rstrip("/"))
    if origin is None:
        raise refusal(ErrorCode.SETTING_INVALID, _NOT_AN_ORIGIN, *path)
    return origin


def _normal(text: str) -> str | None:
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return None
    name = parts.hostname or ""
    any_part = "*." if name.startswith("*.") else ""
    host = ascii_host(name.removeprefix(any_part))
    is_bare = not parts.path and not any(mark in text for mark in "@?#")
    if parts.scheme not in _USUAL_PORTS or not is_bare or host is None:
        return None
    is_usual = port in (None, _USUAL_PORTS[parts.scheme])
    return f"{parts.scheme}://{any_part}{host}{'' if is_usual else f':{port}'}"
