"""The headers of a request, of which one that is sent twice counts as it came first, unless it is a list; and those of
a response."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from starlette.types import Scope

Headers = Sequence[tuple[bytes, bytes]]

_LISTS = frozenset({"accept", "accept-encoding", "accept-language", "if-none-match"})

SANDBOXED: Mapping[str, str] = {
    "content-security-policy": "sandbox; default-src 'none'; frame-ancestors 'none'",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-robots-tag": "noindex",
}
"""What a browser is told with whatever a token alone opens: not to run, frame, guess, list or pass it on."""


def headers_of(scope: Scope) -> dict[str, str]:
    """Every header by its lower-case name; a list that is sent in several lines is one list (RFC 9110, 5.3)."""
    found: dict[str, str] = {}
    for raw_name, raw_value in scope["headers"]:
        name, value = raw_name.decode("latin-1"), raw_value.decode("latin-1")
        if name not in found:
            found[name] = value
        elif name in _LISTS:
            found[name] += f", {value}"
    return found


def header(scope: Scope, wanted: bytes) -> str:
    """One header by its lower-case name; empty if it was not sent."""
    for name, value in scope["headers"]:
        if name == wanted:
            text: str = value.decode("latin-1")
            return text
    return ""


def head_of(headers: Headers) -> bytes:
    """Headers as they go over the wire."""
    return b"".join([b"%b: %b\r\n" % (name, value) for name, value in headers])
