"""Bodies that are too large, too slow or of two lengths are turned away before anybody reads them."""

from __future__ import annotations

import asyncio
import contextlib

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server.web.protocols import BODY_IS_HERE

_MOST_DISCARDED = 64 * 1024 * 1024


class _BodyRefused(Exception):
    """`has_rest`: the client is still sending."""

    def __init__(self, status: int, message: str, *, has_rest: bool = False) -> None:
        super().__init__(message)
        self.status = status
        self.has_rest = has_rest


class BodyLimits:
    """Wraps an app: a body has at most `most_bytes` and arrives within `seconds`, else the answer is 413 or 408; one
    that says its length twice is 400. A body that is here already is not timed.

    The app is called when the body is here as a whole, so a slow sender holds a socket and nothing else. Below the
    addresses that begin with `streamed` it is called at once, may be told up to `most_streamed_bytes`, and keeps the
    time itself.
    """

    def __init__(
        self, app: ASGIApp, *, most_bytes: int, seconds: float, streamed: str = "", most_streamed_bytes: int = 0
    ) -> None:
        self._app = app
        self._streamed = streamed
        self._most_streamed_bytes = most_streamed_bytes
        self._most_bytes = most_bytes
        self._seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request whose body keeps to the limits."""
        lengths = _lengths(scope) if scope["type"] == "http" else []
        if not lengths:
            await self._app(scope, receive, send)
            return
        is_streamed = bool(self._streamed) and scope["path"].startswith(self._streamed)
        try:
            self._check_length(lengths, self._most_streamed_bytes if is_streamed else self._most_bytes)
            if is_streamed:
                await self._app(scope, receive, send)
                return
            body = await (self._read(receive) if scope.get(BODY_IS_HERE) else self._read_in_time(receive))
        except _BodyRefused as refused:
            # A client still sending when its connection is closed is told of a reset and never reads the answer.
            if refused.has_rest and b"expect" not in dict(scope["headers"]):
                await discard(receive, self._seconds)
            await _refuse(send, refused)
            return
        if body is not None:
            await self._app(scope, _replaying(body, receive), send)

    def _check_length(self, lengths: list[bytes | None], most_bytes: int) -> None:
        if lengths == [None]:
            return
        # Two lengths are how a request is smuggled past a proxy (RFC 9112, 6.1).
        if len(lengths) > 1 or lengths[0] is None or not lengths[0].isdigit():
            raise _BodyRefused(400, "The request must say its length once.")
        if len(lengths[0]) > 15 or int(lengths[0]) > most_bytes:
            raise self._too_large(most_bytes, has_rest=True)

    async def _read_in_time(self, receive: Receive) -> bytes | None:
        try:
            async with asyncio.timeout(self._seconds):
                return await self._read(receive)
        except TimeoutError:
            raise _BodyRefused(408, f"The body did not arrive within {self._seconds:g} seconds.") from None

    async def _read(self, receive: Receive) -> bytes | None:
        pieces: list[bytes] = []
        seen = 0
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                return None
            pieces.append(message.get("body", b""))
            seen += len(pieces[-1])
            if seen > self._most_bytes:
                raise self._too_large(self._most_bytes, has_rest=message.get("more_body", False))
            if not message.get("more_body", False):
                return b"".join(pieces)

    def _too_large(self, most_bytes: int, *, has_rest: bool) -> _BodyRefused:
        return _BodyRefused(413, f"A body may have at most {most_bytes} bytes.", has_rest=has_rest)


def _lengths(scope: Scope) -> list[bytes | None]:
    """Every way in which the request says how long its body is: a number, or None for one sent in chunks."""
    found: list[bytes | None] = []
    for name, value in scope["headers"]:
        if name == b"content-length":
            found.append(value)
        elif name == b"transfer-encoding":
            found.append(None)
    return found


def _replaying(body: bytes, receive: Receive) -> Receive:
    is_told = False

    async def receive_whole() -> Message:
        nonlocal is_told
        if is_told:
            return await receive()
        is_told = True
        return {"type": "http.request", "body": body, "more_body": False}

    return receive_whole


async def discard(receive: Receive, seconds: float) -> None:
    """What the client still sends is read and dropped, up to a bound in bytes and time."""
    left = _MOST_DISCARDED
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            while left > 0:
                message = await receive()
                left -= len(message.get("body", b""))
                if not message.get("more_body", False):
                    return


async def _refuse(send: Send, refused: _BodyRefused) -> None:
    body = f"{refused}\n".encode()
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
        (b"x-content-type-options", b"nosniff"),
        # What is left of the body must not be read as the next request.
        (b"connection", b"close"),
    ]
    await send({"type": "http.response.start", "status": refused.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
