"""A real receiver of webhooks: it keeps what it is sent, and can be told how to answer."""

from __future__ import annotations

import asyncio
import json
import ssl
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any

from standardwebhooks import Webhook as Verifier

HANG_UP = 0


@dataclass(frozen=True)
class Received:
    """One POST as it came."""

    line: str
    headers: dict[str, str]
    body: bytes

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    @property
    def content(self) -> dict[str, Any]:
        content: dict[str, Any] = json.loads(self.body)
        return content

    @property
    def type(self) -> str:
        return str(self.content["type"])

    def verified_by(self, secret: str) -> Any:
        """The content, as the reference library hands it over after it has verified the signature."""
        return Verifier(secret).verify(self.body, self.headers)


class Receiver:
    """Answers 204, or what stands in `answers` (used up one by one) or `always`; `HANG_UP` is no answer at all. What
    has an id of `disliked` gets the status there. Each answer takes `seconds_to_answer`, and has `extra` headers and
    `text`."""

    def __init__(self) -> None:
        self.url = ""
        self.received: list[Received] = []
        self.answers: deque[int] = deque()
        self.always = 204
        self.disliked: dict[str, int] = {}
        self.extra = ""
        self.text = ""
        self.seconds_to_answer = 0.0
        self._news = asyncio.Event()
        self._open: set[asyncio.StreamWriter] = set()

    @property
    def ids(self) -> list[str]:
        return [one.id for one in self.received]

    @property
    def types(self) -> list[str]:
        return [one.type for one in self.received]

    async def has(self, count: int) -> None:
        """Returns when so much has come, or raises after ten seconds."""
        async with asyncio.timeout(10):
            while len(self.received) < count:
                self._news.clear()
                await self._news.wait()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, one request."""
        self._open.add(writer)
        try:
            with suppress(ConnectionError, asyncio.IncompleteReadError):
                await self._answer(reader, writer)
        finally:
            writer.close()

    async def hang_up(self) -> None:
        """No connection is left."""
        for writer in self._open:
            writer.transport.abort()
        await asyncio.sleep(0)

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        line, *rest = head.strip().split("\r\n")
        headers = {name.lower(): value for name, value in (one.split(": ", 1) for one in rest)}
        body = await reader.readexactly(int(headers.get("content-length", 0)))
        self.received.append(Received(line, headers, body))
        self._news.set()
        await asyncio.sleep(self.seconds_to_answer)
        status = self.answers.popleft() if self.answers else self.always
        status = self.disliked.get(headers.get("webhook-id", ""), status)
        if status == HANG_UP:
            return
        text = self.text.encode()
        writer.write(f"HTTP/1.1 {status} Said\r\ncontent-length: {len(text)}\r\n{self.extra}\r\n".encode() + text)
        await writer.drain()


@asynccontextmanager
async def receiving(
    *, host: str = "127.0.0.1", port: int = 0, tls: ssl.SSLContext | None = None
) -> AsyncIterator[Receiver]:
    """A receiver on this machine, at `receiver.url`."""
    receiver = Receiver()
    server = await asyncio.start_server(receiver.serve, host, port, ssl=tls)
    number = server.sockets[0].getsockname()[1]
    receiver.url = f"{'https' if tls else 'http'}://{host}:{number}/hooks?for=parley"
    try:
        yield receiver
    finally:
        server.close()
        await receiver.hang_up()
        await server.wait_closed()
