"""A proxy gives up a connection that is silent for too long. A subscription never is, over whichever transport.

In the small size both the proxy's patience and the server's beats are shortened alike; in the full size neither is, and
a subscription lives for longer than the minute that the recipes allow."""

from __future__ import annotations

import asyncio
import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from websockets.asyncio.client import connect

from server.accounts.api_tokens import create_api_token
from server.accounts.scopes import READ_SCOPES
from server.changes.log import record_change
from server.database import transaction
from server.models import Meeting
from server.models.enums import ChangeKind
from server.web import protocols
from server.web.graphql import multipart, socket, sse
from tests.factories import a_meeting, a_user, an_account
from tests.proxies.standing import KINDS, Front, before_the_app

IS_FULL = os.environ.get("PARLEY_TEST_FULL") == "1"
SILENCE = 60 if IS_FULL else 2
SECONDS = SILENCE * 1.25 if IS_FULL else SILENCE * 2.5
BOOKED = "subscription { meetingBooked { meeting { id } } }"

Heard = asyncio.Queue[str]


@pytest.fixture
async def meeting(db: str) -> Meeting:
    """A meeting to tell of."""
    user = await a_user(await an_account(), role="ADMIN")
    return await a_meeting(user, datetime(2026, 11, 24, 12, 0, tzinfo=UTC))


@pytest.fixture
async def token(meeting: Meeting) -> str:
    """A token that may listen."""
    made = await create_api_token(
        account_id=meeting.account_id, user_id=meeting.host_id, name="x", scopes=list(READ_SCOPES)
    )
    return made.secret


@pytest.fixture
def beats(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the small size the server's pauses are as much shorter as the proxy's patience is."""
    pause = getattr(request, "param", None if IS_FULL else SILENCE * 0.45)
    if pause is not None:
        monkeypatch.setattr(socket, "HEARTBEAT_SECONDS", pause)
        monkeypatch.setattr(protocols, "PING_SECONDS", pause)
        monkeypatch.setattr(sse, "BEAT_SECONDS", pause)
        monkeypatch.setattr(multipart, "BEAT_SECONDS", pause)


async def over_websocket(front: Front, token: str, heard: Heard) -> None:
    address = f"wss://example.com:{front.port}/meetings/graphql"
    # Neither end speaks but the server: a client's own pings would keep the line open too.
    given: Any = {"subprotocols": ["graphql-transport-ws"], "ping_interval": None, "proxy": None}
    async with connect(address, host="127.0.0.1", ssl=front.tls, **given) as line:
        await line.send(json.dumps({"type": "connection_init", "payload": {"authorization": f"Bearer {token}"}}))
        await line.send(json.dumps({"id": "1", "type": "subscribe", "payload": {"query": BOOKED}}))
        async for message in line:
            told = json.loads(message)
            if told["type"] == "ping":
                await line.send('{"type":"pong"}')
            elif told["type"] == "next":
                await heard.put(message)


async def over_http(front: Front, token: str, heard: Heard, *, accept: str) -> None:
    sent = {"json": {"query": BOOKED}, "headers": {"accept": accept, "authorization": f"Bearer {token}"}}
    patient = httpx.Timeout(30, read=None)
    async with front.client() as client, client.stream("POST", "/graphql", timeout=patient, **sent) as answer:
        assert answer.status_code == 200
        async for line in answer.aiter_lines():
            if "meetingBooked" in line:
                await heard.put(line)


def subscriptions(front: Front, token: str, heard: dict[str, Heard]) -> dict[str, asyncio.Task[None]]:
    """One listener over each transport."""
    accepted = {"events": "text/event-stream", "multipart": 'multipart/mixed;subscriptionSpec="1.0"'}
    lives = {"websocket": over_websocket(front, token, heard["websocket"])} | {
        name: over_http(front, token, heard[name], accept=accept) for name, accept in accepted.items()
    }
    return {name: asyncio.create_task(life) for name, life in lives.items()}


async def book(meeting: Meeting) -> None:
    async with transaction():
        await record_change(
            ChangeKind.MEETING_BOOKED, account_id=meeting.account_id, meeting_id=meeting.id, actor="visitor"
        )


@pytest.mark.capability("E-28")
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.usefixtures("beats")
async def test_subscriptions_outlive_the_patience_of_the_proxy(
    kind: str, meeting: Meeting, token: str, tmp_path: Path
) -> None:
    heard: dict[str, Heard] = {name: asyncio.Queue() for name in ("websocket", "events", "multipart")}
    async with before_the_app(kind, tmp_path, silence=SILENCE) as front:
        listening = subscriptions(front, token, heard)
        await asyncio.sleep(SECONDS)
        assert {name: task for name, task in listening.items() if task.done()} == {}
        await book(meeting)
        async with asyncio.timeout(5):
            told = {name: await queue.get() for name, queue in heard.items()}
        for task in listening.values():
            task.cancel()
        await asyncio.gather(*listening.values(), return_exceptions=True)
    assert {name: f'"mtg_{meeting.id}"' in text for name, text in told.items()} == dict.fromkeys(heard, True)


@pytest.mark.parametrize("kind", ["nginx", "haproxy"])
@pytest.mark.parametrize("beats", [3600.0], indirect=True)
@pytest.mark.usefixtures("beats")
async def test_without_beats_the_proxy_would_have_ended_them(
    kind: str, meeting: Meeting, token: str, tmp_path: Path
) -> None:
    """Otherwise the test above would prove nothing."""
    heard: dict[str, Heard] = {name: asyncio.Queue() for name in ("websocket", "events", "multipart")}
    async with before_the_app(kind, tmp_path, silence=SILENCE) as front:
        listening = subscriptions(front, token, heard)
        await asyncio.wait(listening.values(), timeout=SECONDS + 2)
        assert [name for name, task in listening.items() if not task.done()] == []
        await asyncio.gather(*listening.values(), return_exceptions=True)


def test_no_pause_is_as_long_as_half_a_minute() -> None:
    pauses = (socket.HEARTBEAT_SECONDS, protocols.PING_SECONDS, sse.BEAT_SECONDS, multipart.BEAT_SECONDS)
    assert max(pauses) < 30
