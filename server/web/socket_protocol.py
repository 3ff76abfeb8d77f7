"""Websockets as uvicorn serves them, with what it lacks: the close code 1001, an end for deaf peers, frames without a
coroutine for each, and little memory for a socket that waits."""

from __future__ import annotations

import asyncio
from collections import deque
from http import HTTPStatus
from typing import Any

from uvicorn._types import ASGIReceiveEvent, ASGISendEvent
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.http11 import Request
from websockets.protocol import State

from server.web.protocols import announce
from server.web.websocket_frames import EXTENSION

LINGER_SECONDS = 5.0


class SocketProtocol(WebSocketsSansIOProtocol):
    """A websocket that says 1001 when the server stops, that a peer who never reads cannot hold open, and that takes
    whole frames from the app (`websocket_frames.EXTENSION`)."""

    def __init__(self, *given: Any, **options: Any) -> None:
        super().__init__(*given, **options)
        self.queue = Inbox()  # type: ignore[assignment]  # all of a queue that is used here

    def handle_connect(self, event: Request) -> None:
        super().handle_connect(event)
        if self.response.status_code == HTTPStatus.SWITCHING_PROTOCOLS and not self.config.ws_per_message_deflate:
            self.scope["extensions"][EXTENSION] = {"send_now": self.send_now}

    def send_now(self, frame: bytes) -> bool:
        """The frame is with the network. False while the peer does not read, and once the socket is not open."""
        if not self.writable.is_set() or self.disconnected or self.conn.state is not State.OPEN:
            return False
        self.transport.write(frame)
        return True

    async def send(self, message: ASGISendEvent) -> None:
        if message["type"] == "websocket.close":
            # The close frame may stand in line behind what the peer has not read yet; nobody waits for that.
            self.writable.set()
        await super().send(message)
        if message["type"] == "websocket.accept":
            # Of the greeting the app has what it needs in its scope. A socket may wait for days.
            self.request.headers.clear()
            del self.request, self.response

    async def run_asgi(self) -> None:
        await super().run_asgi()
        self.loop.call_later(LINGER_SECONDS, self.transport.abort)

    def shutdown(self) -> None:
        # The app closes the socket itself, with 1001 and every operation ended.
        announce(self.app_state)
        if not self.handshake_complete:
            super().shutdown()


class Inbox:
    """What came from the peer and was not taken yet. A tenth of what a queue of asyncio takes: one app reads it."""

    __slots__ = ("_came", "_waiting")

    def __init__(self) -> None:
        self._waiting: deque[ASGIReceiveEvent] | None = None
        self._came: asyncio.Future[None] | None = None

    def put_nowait(self, event: ASGIReceiveEvent) -> None:
        """The event is there for whoever reads next."""
        if self._waiting is None:
            self._waiting = deque()
        self._waiting.append(event)
        if self._came is not None and not self._came.done():
            self._came.set_result(None)

    async def get(self) -> ASGIReceiveEvent:
        """The next event, as soon as there is one."""
        while not self._waiting:
            self._came = asyncio.get_running_loop().create_future()
            await self._came
        event = self._waiting.popleft()
        if not self._waiting:
            self._waiting = self._came = None
        return event

    def empty(self) -> bool:
        """Whether there is none."""
        return not self._waiting
