"""What is on its way to a client over a websocket: in order, and never more than it may be."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable

from starlette.types import Scope, Send

from server.web.websocket_frames import EXTENSION, SendNow, text_frame, text_in

PATIENCE_SECONDS = 10.0
MOST_WAITING = 256
MOST_BYTES = 1024 * 1024


class Line:
    """Where the server offers it, a frame goes to the network at once, and while the client reads, nothing waits here.
    A client that does not read for ten seconds, or for which too much waits, is told of by `too_slow`."""

    __slots__ = ("_bytes", "_clearing", "_is_closed", "_send", "_send_now", "_too_slow", "_waiting")

    def __init__(self, scope: Scope, send: Send, too_slow: Callable[[], None]) -> None:
        offered = (scope.get("extensions") or {}).get(EXTENSION)
        self._send_now: SendNow | None = offered["send_now"] if offered else None
        self._send = send
        self._too_slow = too_slow
        self._waiting: deque[bytes] | None = None
        self._bytes = 0
        self._clearing: asyncio.Task[None] | None = None
        self._is_closed = False

    def put(self, frame: bytes) -> bool:
        """The frame will be sent after those before it. False if it will not."""
        if self._is_closed:
            return False
        if self._clearing is None and self._send_now is not None and self._send_now(frame):
            return True
        return self._wait(frame)

    def put_text(self, text: str) -> bool:
        """The same for a message that is no frame yet."""
        return self.put(text_frame(text.encode()))

    async def say(self, text: str) -> None:
        """The message, and all before it, is with the network, or the line is closed."""
        self.put_text(text)
        await self.cleared()

    async def cleared(self) -> None:
        """Nothing waits any more."""
        while (clearing := self._clearing) is not None:
            await asyncio.wait({clearing})

    def close(self) -> None:
        """Nothing is sent any more, not even what waits."""
        self._is_closed = True
        self._waiting = None
        if self._clearing is not None:
            # One that has not begun yet never comes to its own end, so it is forgotten here.
            self._clearing.cancel()
            self._clearing = None

    def _wait(self, frame: bytes) -> bool:
        if self._waiting is None:
            self._waiting = deque()
        if self._waiting and (len(self._waiting) >= MOST_WAITING or self._bytes + len(frame) > MOST_BYTES):
            self._give_up()
            return False
        self._waiting.append(frame)
        self._bytes += len(frame)
        if self._clearing is None:
            self._clearing = asyncio.create_task(self._clear(self._waiting), name="line")
        return True

    async def _clear(self, waiting: deque[bytes]) -> None:
        try:
            while waiting:
                async with asyncio.timeout(PATIENCE_SECONDS):
                    await self._send({"type": "websocket.send", "text": text_in(waiting[0])})
                self._bytes -= len(waiting.popleft())
        except TimeoutError:
            self._give_up()
        except OSError:
            # The client is gone; the reader hears of it too and ends the socket.
            self._is_closed = True
        finally:
            self._clearing = self._waiting = None
            self._bytes = 0

    def _give_up(self) -> None:
        self._is_closed = True
        self._too_slow()
