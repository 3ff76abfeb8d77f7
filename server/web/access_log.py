"""One line in the log for each HTTP request, and the counters of `/metrics`: no token, no variable."""

from __future__ import annotations

import time
from functools import lru_cache

import structlog
from prometheus_client import Counter, Histogram
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server import logs, metrics

# Addresses of which the second part may be told; elsewhere it is a secret or a made-up name.
_OPEN_DOORS = frozenset({"graphql", "m", "health", "metrics", "static"})
_KNOWN_DOORS = _OPEN_DOORS | {"b", "calendar", "files", "hooks", "pay", "dev"}
_BEFORE_A_TOKEN = "/payment/"

_log = structlog.get_logger(logs.REQUESTS)


class AccessLog:
    """Wraps an app: each answered request is logged and counted under the door it came through.

    Whoever answers may leave the name of a GraphQL operation in `scope["operation"]`.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request and say how it went."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = time.perf_counter()
        status = 0

        async def watched_send(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, watched_send)
        finally:
            tell(scope, status, time.perf_counter() - started)


def door_of(path: str) -> str:
    """The first part of an address this server knows, or `other`: a label must not be made up by strangers."""
    first = path.split("/", 2)[1] if "/" in path else ""
    return first if first in _KNOWN_DOORS else "other"


def told(path: str) -> str:
    """The path as the log may show it: the part that is a secret is left out."""
    door = door_of(path)
    if door not in _OPEN_DOORS:
        return f"/{door}/…"
    shown, token, _ = path.partition(_BEFORE_A_TOKEN)
    return f"{shown[:200]}{token}…" if token else path[:200]


def tell(scope: Scope, status: int, seconds: float) -> None:
    """The request is counted, and has its line."""
    door, shown = _door_and_path(scope["path"])
    _answered(door, status).inc()
    if not scope.get("is_stream"):
        _seconds(door).observe(seconds)
    facts = {"method": scope["method"], "path": shown, "status": status, "ms": round(seconds * 1000, 2)}
    if "operation" in scope:
        facts["operation"] = scope["operation"]
    if "request_id" in scope:
        facts["request_id"] = scope["request_id"]
    lines = logs.request_lines()
    if lines is None:
        _log.info("request", **facts)
    else:
        facts["event"] = "request"
        lines.add(facts, time.time())


# Most requests are for one of a few addresses.
@lru_cache(maxsize=64)
def _door_and_path(path: str) -> tuple[str, str]:
    return door_of(path), told(path)


# Labels are looked up by text under a lock; there are few, and each is kept.
@lru_cache(maxsize=512)
def _answered(door: str, status: int) -> Counter:
    return metrics.REQUESTS.labels(door, str(status))


@lru_cache(maxsize=64)
def _seconds(door: str) -> Histogram:
    return metrics.REQUEST_SECONDS.labels(door)
