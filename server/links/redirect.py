"""Where a visitor is sent who has booked, if not to the page's own confirmation."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode, urlsplit, urlunsplit

from server.checks import short_text
from server.errors import ErrorCode, refusal
from server.links.origins import is_host
from server.models import MeetingLink

LONGEST_URL = 1000

_NOT_WEB = "Please give the whole address of a page, such as https://example.com/thanks, or leave it empty."


def redirect_of(link: MeetingLink, details: Mapping[str, str]) -> str | None:
    """The address to go to after a booking, with `details` in its query where the link says so; None where there is
    none. What the address had in its query stays."""
    if not link.redirect_url:
        return None
    if not link.redirects_with_details:
        return link.redirect_url
    parts = urlsplit(link.redirect_url)
    query = "&".join(one for one in (parts.query, urlencode(details)) if one)
    return urlunsplit(parts._replace(query=query))


def valid_redirect(text: str, *path: str) -> str:
    """The address of a page on the web, or nothing; `SETTING_INVALID` for any other, above all for one that a browser
    would run instead of open."""
    url = short_text(text, LONGEST_URL, *path)
    if not url or _is_web_address(url):
        return url
    raise refusal(ErrorCode.SETTING_INVALID, _NOT_WEB, *path)


def _is_web_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return False
    is_bare = "@" not in parts.netloc and "\\" not in url and not any(mark.isspace() for mark in url)
    return parts.scheme in ("http", "https") and is_bare and is_host(parts.hostname or "")
