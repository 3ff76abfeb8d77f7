"""Hundreds of subscribers over websockets, read frame by frame without a library, so that little of the core goes to
whoever counts."""

from __future__ import annotations

import asyncio
import base64
import json
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from benchmarks.tokens import Senders

_CURSOR = re.compile(rb'"cursor":\s*"([^"]+)"')
_KEY = base64.b64encode(b"sixteen letters.").decode()
_GREETING = (
    "GET /graphql HTTP/1.1\r\nhost: 127.0.0.1\r\nupgrade: websocket\r\nconnection: Upgrade\r\n"
    f"sec-websocket-version: 13\r\nsec-websocket-key: {_KEY}\r\nsec-websocket-protocol: graphql-transport-ws\r\n"
    "x-viewer: {viewer}\r\n\r\n"
)
_SAMPLED = 25


@dataclass(slots=True)
class Heard:
    """What the crowd was told: how many changes in all, and for some sockets when each came."""

    deliveries: int = 0
    arrivals: list[tuple[str, float]] = field(default_factory=list)
    lost: int = 0
    complaints: list[str] = field(default_factory=list)


class Subscriber(asyncio.Protocol):
    """One socket with one operation; `ready` is done when the server has accepted it."""

    def __init__(self, greeting: str, init: bytes, subscribe: bytes, heard: Heard, *, is_sampled: bool) -> None:
        self._greeting, self._init, self._subscribe = greeting, init, subscribe
        self._heard, self._is_sampled = heard, is_sampled
        self._buffer = bytearray()
        self._is_open = False
        self.is_closing = False
        self.ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        transport.write(self._greeting.encode())

    def connection_lost(self, error: Exception | None) -> None:
        if not self.is_closing:
            self._heard.lost += 1
        if not self.ready.done():
            self.ready.set_exception(ConnectionError("the socket was closed before it was greeted"))

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        if not self._is_open:
            end = self._buffer.find(b"\r\n\r\n")
            if end < 0:
                return
            if b" 101 " not in self._buffer[:20]:
                raise ConnectionError(bytes(self._buffer[:300]).decode(errors="replace"))
            del self._buffer[: end + 4]
            self._is_open = True
            self._send(0x1, self._init)
        self._read_frames()

    def _read_frames(self) -> None:
        buffer, start = self._buffer, 0
        while len(buffer) - start >= 2:
            length, head = buffer[start + 1] & 0x7F, 2
            if length == 126:
                length, head = int.from_bytes(buffer[start + 2 : start + 4], "big"), 4
            elif length == 127:
                length, head = int.from_bytes(buffer[start + 2 : start + 10], "big"), 10
            if len(buffer) - start < head + length:
                break
            self._frame(buffer[start] & 0xF, bytes(buffer[start + head : start + head + length]))
            start += head + length
        del buffer[:start]

    def _frame(self, kind: int, payload: bytes) -> None:
        if kind == 0x9:
            self._send(0xA, payload)
        elif kind == 0x8:
            self._heard.complaints.append(f"closed with {int.from_bytes(payload[:2], 'big')} {payload[2:].decode()}")
        elif b'"cursor"' in payload:
            self._heard.deliveries += 1
            if self._is_sampled and (found := _CURSOR.search(payload)):
                self._heard.arrivals.append((found[1].decode(), time.perf_counter()))
        else:
            self._word(json.loads(payload))

    def _word(self, message: dict[str, object]) -> None:
        if message["type"] == "connection_ack":
            self._send(0x1, self._subscribe)
            self.ready.set_result(None)
        elif message["type"] == "ping":
            self._send(0x1, b'{"type":"pong"}')
        elif message["type"] != "pong":
            self._heard.complaints.append(json.dumps(message)[:300])

    def _send(self, kind: int, payload: bytes) -> None:
        assert self.transport is not None
        # A client has to mask its frames; a mask of zeros leaves them as they are.
        long = len(payload) > 125
        length = bytes([0x80 | 126]) + len(payload).to_bytes(2, "big") if long else bytes([0x80 | len(payload)])
        self.transport.write(bytes([0x80 | kind]) + length + bytes(4) + payload)


class Crowd:
    """Subscribers of one operation."""

    def __init__(self, port: int, senders: Senders, users: Sequence[int], text: str, name: str) -> None:
        self.heard = Heard()
        self._port, self._senders, self._users = port, senders, users
        payload = {"query": text, "operationName": name, "variables": {}}
        self._subscribe = json.dumps({"id": "1", "type": "subscribe", "payload": payload}).encode()
        self._members: list[Subscriber] = []

    async def gather(self) -> float:
        """All are subscribed; how many sockets a second were accepted."""
        started = time.perf_counter()
        for index in range(0, len(self._users), 20):
            await asyncio.gather(*(self._join(user) for user in self._users[index : index + 20]))
        took = time.perf_counter() - started
        # The subscription itself is not acknowledged by the protocol.
        await asyncio.sleep(1.0)
        if self.heard.complaints or self.heard.lost:
            raise RuntimeError(f"{self.heard.lost} sockets lost; {self.heard.complaints[:1]}")
        return len(self._users) / took

    async def hears(self, count: int) -> None:
        """The crowd has heard that often; raises if it has not, and heard nothing new for three seconds."""
        heard, since = self.heard.deliveries, time.perf_counter()
        while self.heard.deliveries < count and time.perf_counter() - since < 3:
            await asyncio.sleep(0.02)
            if self.heard.deliveries != heard:
                heard, since = self.heard.deliveries, time.perf_counter()
        if self.heard.deliveries < count or self.heard.lost or self.heard.complaints:
            words = f"{self.heard.deliveries} deliveries of {count} arrived, {self.heard.lost} sockets were lost"
            raise RuntimeError(f"{words} {self.heard.complaints[:1]}")

    def leave(self) -> None:
        """Every socket is closed."""
        for member in self._members:
            member.is_closing = True
            if member.transport is not None:
                member.transport.abort()

    async def _join(self, user: int) -> None:
        viewer = self._senders.viewer(user)
        payload = {"authorization": self._senders.authorization(user), "viewer": viewer}
        init = json.dumps({"type": "connection_init", "payload": payload}).encode()
        member = Subscriber(
            _GREETING.format(viewer=viewer),
            init,
            self._subscribe,
            self.heard,
            is_sampled=len(self._members) < _SAMPLED,
        )
        self._members.append(member)
        await asyncio.get_running_loop().create_connection(lambda: member, "127.0.0.1", self._port)
        await asyncio.wait_for(member.ready, 30)
