"""Where a visitor is sent who has booked, if not to the page's own confirmation."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode, urlsplit, urlunsplit

from server.models import MeetingLink


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
