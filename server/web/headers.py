"""The headers of a request. Of one that is sent twice the first counts."""

from __future__ import annotations

from starlette.types import Scope


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
