"""A service that makes video rooms, as somebody outside would write one: it answers at five addresses, and only to
requests that the reference library finds rightly signed."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any

from standardwebhooks import Webhook as Verifier


class VideoService:
    """Remembers what it was asked. The same `webhook-id` is the same room. `answers` are statuses that come before it
    does as it is told; `users` are the people it knows, by address; `moves_rooms` gives an updated room another
    link; `meanwhile` happens once, between a request and its answer."""

    def __init__(self) -> None:
        self.url = ""
        self.secret = ""
        self.rooms: dict[str, dict[str, Any]] = {}
        self.asked: list[dict[str, Any]] = []
        self.keys: list[str] = []
        self.users: dict[str, str] = {}
        self.accounts: list[dict[str, str]] = []
        self.answers: deque[int] = deque()
        self.said: dict[str, Any] | str | None = None
        self.moves_rooms = False
        self.extra = ""
        self.meanwhile: Callable[[], Awaitable[object]] | None = None
        self._made: dict[str, str] = {}

    @property
    def types(self) -> list[str]:
        return [one["type"] for one in self.asked]

    @property
    def urls(self) -> dict[str, str]:
        """All five addresses, as an extension is entered with."""
        names = ("create_url", "update_url", "delete_url", "verify_url", "accounts_url")
        return {name: f"{self.url}/{name.removesuffix('_url')}" for name in names}

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            headers = {
                name.lower(): value for name, value in (one.split(": ", 1) for one in head.strip().split("\r\n")[1:])
            }
            body = await reader.readexactly(int(headers.get("content-length", 0)))
            status, content = self._answer(headers, body)
            if self.meanwhile is not None:
                happens, self.meanwhile = self.meanwhile, None
                await happens()
            text = content if isinstance(content, str) else json.dumps(content)
            sent = text.encode()
            writer.write(f"HTTP/1.1 {status} So\r\ncontent-length: {len(sent)}\r\n{self.extra}\r\n".encode() + sent)
            await writer.drain()
        writer.close()

    def _answer(self, headers: dict[str, str], body: bytes) -> tuple[int, Any]:
        asked: dict[str, Any] = Verifier(self.secret).verify(body, headers)
        self.asked.append(asked)
        self.keys.append(headers["webhook-id"])
        if self.answers and (status := self.answers.popleft()) != 200:
            return status, "Not today"
        if self.said is not None:
            return 200, self.said
        return self._done(asked["type"], asked["data"], headers["webhook-id"])

    def _done(self, type_: str, data: dict[str, Any], key: str) -> tuple[int, Any]:
        if type_ == "user.verify":
            known = self.users.get(data["user"]["email"])
            return 200, {"verified": known is not None, "email": known, "id": data["account"]["id"] or "u-1"}
        if type_ == "accounts.list":
            return 200, {"accounts": self.accounts}
        if type_ == "room.create":
            number = self._made.setdefault(key, f"room-{len(self._made) + 1}")
            self.rooms[number] = data["meeting"]
            return 201, {"id": number, "joinUrl": f"https://rooms.example/{number}"}
        if (number := data["room"]["id"]) not in self.rooms:
            return 404, {}
        if type_ == "room.delete":
            del self.rooms[number]
            return 204, ""
        self.rooms[number] = data["meeting"]
        return 200, {"joinUrl": f"https://rooms.example/{number}-moved"} if self.moves_rooms else {}


@asynccontextmanager
async def video_service() -> AsyncIterator[VideoService]:
    """Such a service on this machine."""
    service = VideoService()
    server = await asyncio.start_server(service.serve, "127.0.0.1", 0)
    service.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield service
    finally:
        server.close()
        await server.wait_closed()
