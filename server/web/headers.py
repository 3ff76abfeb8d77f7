"""The headers of a request, of which one that is sent twice counts as it came first; and those of a response."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.types import Scope

Headers = Sequence[tuple[bytes, bytes]]


def headers_of(scope: Scope) -> dict[str, str]:
    """Every header by its lower-case name."""
    return {name.decode("latin-1"): value.decode("latin-1") for name, value in reversed(scope["headers"])}


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
