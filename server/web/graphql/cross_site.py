"""Which other sites' pages may talk to us, and how a request proves that it is not a forged one (CSRF)."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from server.settings import Settings
from server.web.graphql.refusals import RequestRefused

_PROOFS = ("authorization", "x-apollo-operation-name", "apollo-require-preflight")
_SIMPLE_TYPES = ("", "application/x-www-form-urlencoded", "multipart/form-data", "text/plain")
_ASKABLE_HEADERS = (
    "authorization, content-type, accept, apollo-require-preflight, x-apollo-operation-name, "
    "x-apollo-operation-id, x-cost, x-request-id, x-graphql-event-stream-token, last-event-id, if-none-match, "
    "range, if-range"
)
_READABLE_HEADERS = (
    "etag, ratelimit-limit, ratelimit-remaining, ratelimit-reset, retry-after, x-request-id, accept-ranges, "
    "content-range"
)


def media_type_of(headers: Mapping[str, str]) -> str:
    """The media type of the body, without its parameters; empty when there is none."""
    return headers.get("content-type", "").partition(";")[0].strip().lower()


def refuse_forgery(headers: Mapping[str, str]) -> None:
    """Refuse a request that a browser would send for any page without asking us first.

    The rule is that of Apollo Server, so its web, iOS and Kotlin clients pass as they are. A bearer token proves as
    much, since no page can set it for another site without a preflight.
    """
    if media_type_of(headers) not in _SIMPLE_TYPES or any(headers.get(name) for name in _PROOFS):
        return
    raise RequestRefused(
        "A browser could have been tricked into this request. Send a Content-Type of application/json, "
        "or one of the headers x-apollo-operation-name and apollo-require-preflight."
    )


def is_allowed_origin(origin: str, settings: Settings) -> bool:
    """Whether pages of this origin may use the API: our own, and those of PARLEY_ALLOWED_ORIGINS (`*` is anybody)."""
    own = urlsplit(settings.public_url)
    allowed = (f"{own.scheme}://{own.netloc}", *settings.allowed_origins)
    return "*" in settings.allowed_origins or origin in allowed


def sharing_headers(headers: Mapping[str, str], settings: Settings) -> Mapping[str, str]:
    """The CORS headers of an ordinary answer; none for an origin that is not allowed."""
    origin = headers.get("origin")
    if origin is None or not is_allowed_origin(origin, settings):
        return {}
    return {"access-control-allow-origin": origin, "access-control-expose-headers": _READABLE_HEADERS}


def preflight_headers(headers: Mapping[str, str], settings: Settings) -> Mapping[str, str]:
    """The answer to a browser that asks before it sends (Fetch, CORS-preflight)."""
    shared = sharing_headers(headers, settings)
    if not shared:
        return {}
    return {
        **shared,
        "access-control-allow-methods": "GET, POST, PUT, DELETE",
        "access-control-allow-headers": _ASKABLE_HEADERS,
        "access-control-max-age": "7200",
    }
