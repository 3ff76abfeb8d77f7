"""Settings of people, accounts and links that are more than a text: a language, an address on the web, a colour."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from babel import Locale, UnknownLocaleError

from server.checks import short, short_text
from server.errors import ErrorCode, refusal

_LONGEST_TAG = 16
_COLOR = re.compile(r"#[0-9a-f]{6}")
_TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?")
_NOT_WEB = "Please give the whole address of a page, such as https://example.com/about, or leave it empty."


def valid_locale(text: str, *path: str) -> str:
    """The tag of a language that exists, such as `pl` or `zh-Hant` (BCP 47); `SETTING_INVALID` otherwise."""
    tag = text.strip()
    if len(tag) <= _LONGEST_TAG and _TAG.fullmatch(tag) and _is_language(tag):
        return tag
    message = f"{short(text)!r} is no language known here. Please give a tag such as en, pl or zh-Hant."
    raise refusal(ErrorCode.SETTING_INVALID, message, *path)


def valid_web_address(text: str, maximum: int, *path: str) -> str:
    """The address of a page on the web, or nothing; `SETTING_INVALID` for any other, above all for one that a browser
    would run instead of open."""
    url = short_text(text, maximum, *path)
    if not url or _is_web_address(url):
        return url
    raise refusal(ErrorCode.SETTING_INVALID, _NOT_WEB, *path)


def ascii_host(host: str) -> str | None:
    """The host as it is looked up (IDNA), in small letters; None if it is no host on the web."""
    try:
        name = host.encode("idna").decode().lower()
    except UnicodeError:
        return None
    return name if 0 < len(name) <= 253 and all(_LABEL.fullmatch(one) for one in name.split(".")) else None


def valid_color(text: str, *path: str) -> str:
    """The colour as `#rrggbb` in small letters; `SETTING_INVALID` otherwise."""
    color = text.strip().lower()
    if _COLOR.fullmatch(color):
        return color
    raise refusal(ErrorCode.SETTING_INVALID, "Please give a colour as # and six hexadecimal digits: #0a6a58.", *path)


def _is_language(tag: str) -> bool:
    try:
        return bool(Locale.parse(tag, sep="-"))
    except (UnknownLocaleError, ValueError):
        return False


def _is_web_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return False
    is_bare = "@" not in parts.netloc and "\\" not in url and " " not in url
    return parts.scheme in ("http", "https") and is_bare and ascii_host(parts.hostname or "") is not None
