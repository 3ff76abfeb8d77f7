"""Visitors who book: each request once, its moment and what became of it kept."""

from __future__ import annotations

import asyncio
import json
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

from benchmarks.load.http_client import Connection, close, connections

_PATIENCE_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class Booked:
    """A meeting that was booked: its number, and when it was asked for and answered, on `time.perf_counter`."""

    meeting: int
    asked: float
    answered: float


class Booker:
    """Sends one booking after the other, over connections that are opened for it; a refused one is an error."""

    def __init__(self, port: int, requests: Iterator[bytes]) -> None:
        self._port, self._requests = port, requests
        self._asked: dict[Connection, float] = {}
        self._idle: deque[Connection] = deque()
        self._booked: list[Booked] = []
        self._refused: list[str] = []
        self._until = 0.0
        self.made = 0

    async def all_the_time(self, seconds: float, *, at_once: int) -> list[Booked]:
        """`at_once` visitors, of whom each books again as soon as the last booking stands."""
        opened = await connections(self._port, at_once, self._heard)
        self._until = time.perf_counter() + seconds
        for connection in opened:
            self._ask(connection)
        await asyncio.sleep(seconds)
        return await self._done(opened)

    async def at_pace(self, a_second: float, seconds: float) -> list[Booked]:
        """So many bookings a second, each at its moment, whether those before are answered or not."""
        opened = await connections(self._port, 32, self._heard)
        self._until = 0.0
        self._idle.extend(opened)
        started = time.perf_counter()
        for number in range(round(a_second * seconds)):
            await asyncio.sleep(max(0.0, started + number / a_second - time.perf_counter()))
            if self._idle:
                self._ask(self._idle.popleft())
        return await self._done(opened)

    def _ask(self, connection: Connection) -> None:
        request = next(self._requests, None)
        if request is None:
            raise RuntimeError("there are too few free times for so many bookings")
        self._asked[connection] = time.perf_counter()
        connection.ask(request)

    def _heard(self, connection: Connection, status: int, body: bytes) -> None:
        now, asked = time.perf_counter(), self._asked.pop(connection)
        payload = (json.loads(body).get("data") or {}).get("bookMeeting") if status == 200 else None
        if payload and payload["booking"]:
            self.made += 1
            self._booked.append(Booked(int(payload["booking"]["id"].removeprefix("mtg_")), asked, now))
        else:
            self._refused.append(f"{status}: {body[:300]!r}")
        if now < self._until:
            self._ask(connection)
        else:
            self._idle.append(connection)

    async def _done(self, opened: list[Connection]) -> list[Booked]:
        patience = time.perf_counter() + _PATIENCE_SECONDS
        while self._asked and time.perf_counter() < patience:  # noqa: ASYNC110  # nobody would set an event for it
            await asyncio.sleep(0.01)
        close(opened)
        if self._asked or self._refused:
            raise RuntimeError(
                f"{len(self._asked)} bookings unanswered, {len(self._refused)} refused: {self._refused[:1]}"
            )
        self._idle.clear()
        booked, self._booked = self._booked, []
        return booked
