"""Whether somebody sits at this very machine, and not behind a proxy that runs on it."""

from __future__ import annotations

from starlette.requests import Request

_LOOPBACK = frozenset({"127.0.0.1", "::1"})
# Behind a proxy everybody comes from the loopback address; what the proxy adds gives them away.
_PROXIED = frozenset({"forwarded", "x-forwarded-for", "x-real-ip", "via"})


def is_at_this_machine(request: Request) -> bool:
    """True for a direct connection from the loopback address."""
    is_direct = _PROXIED.isdisjoint(request.headers.keys())
    return is_direct and request.client is not None and request.client.host in _LOOPBACK
