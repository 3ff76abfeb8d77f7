"""Each request has an id: the caller's own if it has a sane form, else a new one. It stands in every log line."""

from __future__ import annotations

import re
from contextvars import ContextVar
from random import Random, SystemRandom

from starlette.types import ASGIApp, Message, Receive, Scope, Send
from structlog.contextvars import STRUCTLOG_KEY_PREFIX

# An id tells requests apart; nobody is kept out by it, so the system need not be asked for each.
_dice = Random(SystemRandom().getrandbits(128))
# Whatever is called so, structlog puts into every line.
_in_each_line: ContextVar[str] = ContextVar(f"{STRUCTLOG_KEY_PREFIX}request_id")
_SANE = re.compile(rb"[A-Za-z0-9_.:-]{1,100}")


class RequestIds:
    """Wraps an app: `scope["request_id"]` is set, the log knows it, and the answer repeats it as `X-Request-Id`."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request or one socket under its id."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        request_id = _given(scope) or new_id()
        scope["request_id"] = request_id

        async def send_with_id(message: Message) -> None:
            if message["type"] in ("http.response.start", "websocket.accept"):
                message["headers"] = [*message.get("headers", ()), (b"x-request-id", request_id.encode())]
            await send(message)

        before = _in_each_line.set(request_id)
        try:
            await self._app(scope, receive, send_with_id)
        finally:
            _in_each_line.reset(before)


def new_id() -> str:
    """An id that no other request has: 32 hexadecimal digits."""
    return f"{_dice.getrandbits(128):032x}"


def _given(scope: Scope) -> str | None:
    for name, value in scope["headers"]:
        if name == b"x-request-id":
            return value.decode() if _SANE.fullmatch(value) else None
    return None
