"""Programs that follow the change log by its cursor, and come back whenever their connection breaks."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from benchmarks.faults.patience import until

QUERY = """subscription($after: String) { meetingChanged(after: $after) {
  cursor kind meeting { id startsAt version } } }"""


class Follower:
    """One program. `heard` are the cursors in the order in which they came; `closed` counts the close codes."""

    def __init__(self, urls: Sequence[str], token: str, *, after: str | None, query: str = QUERY) -> None:
        self.urls = urls
        self.after = after
        self.heard: list[str] = []
        self.changes: list[dict[str, Any]] = []
        self.closed: Counter[int] = Counter()
        self.resumed_seconds: list[float] = []
        self._query = query
        self._token = token
        self._broke_at: float | None = None

    async def follow(self) -> None:
        """Everything after the cursor is heard, until cancelled."""
        attempt = 0
        while True:
            url = self.urls[attempt % len(self.urls)].replace("http://", "ws://") + "/graphql"
            attempt += 1
            try:
                async with connect(url, subprotocols=["graphql-transport-ws"]) as socket:  # type: ignore[list-item]
                    with suppress(ConnectionClosed):
                        await self._listen(socket)
                    if socket.close_code is not None:
                        self.closed[socket.close_code] += 1
            except (OSError, InvalidHandshake, TimeoutError):
                pass
            if self._broke_at is None:
                self._broke_at = asyncio.get_running_loop().time()
            await asyncio.sleep(0.1)

    async def _listen(self, socket: Any) -> None:
        await socket.send(
            json.dumps({"type": "connection_init", "payload": {"authorization": f"Bearer {self._token}"}})
        )
        variables = {"after": self.after} if self.after is not None else {}
        payload = {"query": self._query, "variables": variables}
        await socket.send(json.dumps({"id": "1", "type": "subscribe", "payload": payload}))
        async for text in socket:
            message = json.loads(text)
            if message["type"] == "connection_ack" and self._broke_at is not None:
                self.resumed_seconds.append(asyncio.get_running_loop().time() - self._broke_at)
                self._broke_at = None
            elif message["type"] == "ping":
                await socket.send('{"type":"pong"}')
            elif message["type"] == "next":
                change = message["payload"]["data"]["meetingChanged"]
                self.after = change["cursor"]
                self.heard.append(change["cursor"])
                self.changes.append(change)
            elif message["type"] in ("error", "complete"):
                # The server ends an operation where it cannot go on; whoever follows comes back.
                return


async def have_heard(followers: Sequence[Follower], count: int, *, within: float) -> bool:
    """Whether each of them heard that many changes before the time was up."""
    try:
        await until(lambda: all(len(one.heard) >= count for one in followers), within=within, every=0.05)
    except TimeoutError:
        return False
    return True
