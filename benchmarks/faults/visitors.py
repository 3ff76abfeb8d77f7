"""Visitors who each want one slot, send their request with a key, and never give up."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

import httpx

from benchmarks.faults.scene import MINUTES, NotHeld, Scene, hold

BOOK = """mutation($input: BookMeetingInput!) {
  bookMeeting(input: $input) { booking { id startsAt } alternatives { startsAt } userErrors { code } } }"""
_PAUSE_SECONDS = 0.05


@dataclass(slots=True)
class Crowd:
    """What all visitors of a scene were told. `acknowledged` maps the number of a visitor to the start that is theirs;
    `said` counts the answers that were neither that nor a connection that broke."""

    scene: Scene
    urls: Sequence[str]
    at_once: int = 16
    patience_seconds: float = 120.0
    acknowledged: dict[int, str] = field(default_factory=dict)
    said: Counter[str] = field(default_factory=Counter)
    broken: int = 0
    longest_seconds: float = 0.0

    async def book(self, starts: Sequence[str]) -> None:
        """Every one of `starts` is booked by a visitor of its own."""
        offset = len(self.acknowledged)
        waiting = iter(list(enumerate(starts, start=offset)))
        limits = httpx.Limits(max_connections=self.at_once, max_keepalive_connections=self.at_once)
        async with httpx.AsyncClient(timeout=15, limits=limits) as client:

            async def next_visitors(lane: int) -> None:
                for number, start in waiting:
                    began = monotonic()
                    self.acknowledged[number] = await self._insist(client, lane, number, start)
                    self.longest_seconds = max(self.longest_seconds, monotonic() - began)

            await asyncio.gather(*(next_visitors(lane) for lane in range(self.at_once)))

    async def _insist(self, client: httpx.AsyncClient, lane: int, number: int, start: str) -> str:
        chance = random.Random(f"{self.scene.seed}:{number}")
        given = {
            "slug": self.scene.slug,
            "startsAt": start,
            "durationMinutes": MINUTES,
            "email": f"visitor{number}@client.example",
            "firstName": "Eva",
            "lastName": f"Number {number}",
            "idempotencyKey": f"visitor-{number}",
        }
        until = monotonic() + self.patience_seconds
        attempt = lane
        while monotonic() < until:
            url = self.urls[attempt % len(self.urls)]
            attempt += 1
            booked = await self._try(client, url, given)
            if booked is not None:
                hold(booked == start, f"visitor {number} asked for {start} and got {booked}")
                return booked
            await asyncio.sleep(_PAUSE_SECONDS * (1 + chance.random()))
        raise NotHeld(f"visitor {number} was not served within {self.patience_seconds:.0f} s: {dict(self.said)}")

    async def _try(self, client: httpx.AsyncClient, url: str, given: dict[str, Any]) -> str | None:
        """The start that is booked, or None where another try is in order; anything else breaks the promise."""
        try:
            answer = await client.post(f"{url}/graphql", json={"query": BOOK, "variables": {"input": given}})
        except httpx.TransportError:
            self.broken += 1
            return None
        body = answer.json()
        for error in body.get("errors", ()):
            extensions = error.get("extensions", {})
            self.said[f"{extensions.get('code')} {'retryable' if extensions.get('isRetryable') else 'final'}"] += 1
            hold(bool(extensions.get("isRetryable")), f"an answer that says neither yes nor try again: {error}")
            return None
        payload = body["data"]["bookMeeting"]
        codes = [error["code"] for error in payload["userErrors"]]
        hold(not codes, f"{given['startsAt']} is {given['email']}'s alone, and was answered {codes}")
        return str(payload["booking"]["startsAt"])
