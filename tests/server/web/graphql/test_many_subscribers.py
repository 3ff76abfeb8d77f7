"""Hundreds of phones on one change log, over real sockets."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed

from resolvers.root import schema
from server import database, settings
from server.accounts.api_tokens import create_api_token
from server.accounts.scopes import READ_SCOPES
from server.changes import cursor
from server.models import Meeting
from server.web.fan_out import groups
from server.web.graphql import line
from server.web.graphql.endpoint import GraphqlEndpoint
from server.web.graphql.operations import Operations
from tests.factories import a_meeting, a_user, an_account
from tests.server.web.fan_out.scene import STARTS, changed
from tests.server.web.graphql.serving import close_code_of, serving, socket_to

SMALL = "subscription ($after: String) { meetingBooked(after: $after) { cursor } }"
LARGE = "subscription ($after: String) { meetingBooked(after: $after) { cursor meeting { attendeeDescription } } }"


@pytest.fixture
async def meeting(db: str) -> Meeting:
    """The one that is booked again and again; what its attendees read is long."""
    return await a_meeting(await a_user(await an_account()), STARTS, attendee_description="x" * 20_000)


@pytest.fixture
async def token(meeting: Meeting) -> str:
    """Of a program of the account."""
    return (await create_api_token(meeting.account_id, name="test", scopes=READ_SCOPES)).secret


@pytest.fixture
async def place(db: str) -> AsyncIterator[str]:
    """Where the whole schema is served."""
    chosen = settings.current().model_copy(update={"limit_token_requests": "100000/minute"})
    async with serving(GraphqlEndpoint(Operations(schema, chosen)), chosen) as (place, _):
        yield place


async def subscribed(
    place: str, token: str, *, id: str = "1", document: str = SMALL, **options: Any
) -> ClientConnection:
    """A socket that follows the bookings; what it may say first is read."""
    after = options.pop("after", None)
    socket = await socket_to(place, **options)
    await socket.send(json.dumps({"type": "connection_init", "payload": {"authorization": f"Bearer {token}"}}))
    await socket.recv()
    payload = {"query": document, "variables": {"after": after}}
    await socket.send(json.dumps({"id": id, "type": "subscribe", "payload": payload}))
    await socket.send('{"type":"ping"}')
    assert json.loads(await socket.recv()) == {"type": "pong"}
    return socket


async def next_of(socket: ClientConnection) -> Any:
    """The next message that is not a beat."""
    async with asyncio.timeout(20):
        while (message := json.loads(await socket.recv()))["type"] == "ping":
            pass
    return message


async def _read_on(socket: ClientConnection, heard: list[str]) -> None:
    while True:
        heard.append((await next_of(socket))["payload"]["data"]["meetingBooked"]["cursor"])


@pytest.mark.capability("S1-23")
async def test_five_hundred_subscribers_hear_every_booking(place: str, token: str, meeting: Meeting) -> None:
    sockets = []
    for start in range(0, 500, 50):
        come = (subscribed(place, token, id=str(number % 7)) for number in range(start, start + 50))
        sockets += await asyncio.gather(*come)
    await asyncio.sleep(1)
    numbers = await changed(meeting, 3)
    wanted = [{"data": {"meetingBooked": {"cursor": cursor.write(number)}}} for number in numbers]
    for index, socket in enumerate(sockets):
        told = [await next_of(socket) for _ in numbers]
        assert told == [{"id": str(index % 7), "type": "next", "payload": one} for one in wanted]
        socket.transport.abort()


async def test_a_subscriber_that_does_not_read_is_cut_and_resumes(
    place: str, token: str, meeting: Meeting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(line, "PATIENCE_SECONDS", 1.0)
    slow = await subscribed(place, token, document=LARGE, max_queue=1)
    steady = [await subscribed(place, token) for _ in range(5)]
    await asyncio.sleep(0.5)
    numbers = await changed(meeting, 400)
    wanted = [cursor.write(number) for number in numbers]
    for socket in steady:
        assert [(await next_of(socket))["payload"]["data"]["meetingBooked"]["cursor"] for _ in numbers] == wanted
        await socket.close()
    heard: list[str] = []
    with pytest.raises(ConnectionClosed):
        await _read_on(slow, heard)
    assert slow.close_code == 1013
    assert heard == wanted[: len(heard)]
    assert len(heard) < len(wanted)
    again = await subscribed(place, token, after=heard[-1])
    rest = [(await next_of(again))["payload"]["data"]["meetingBooked"]["cursor"] for _ in wanted[len(heard) :]]
    assert heard + rest == wanted
    await again.close()


async def test_a_token_that_is_revoked_ends_the_socket_before_the_next_change(
    place: str, token: str, meeting: Meeting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(groups, "TRUST_SECONDS", 0.0)
    socket = await subscribed(place, token)
    await asyncio.sleep(0.3)
    await database.execute("UPDATE api_token SET revoked_at = 1")
    await changed(meeting)
    assert await close_code_of(socket) == 4403


async def test_complete_ends_a_shared_subscription_and_leaves_the_others(
    place: str, token: str, meeting: Meeting
) -> None:
    first, second = await subscribed(place, token), await subscribed(place, token)
    await asyncio.sleep(0.3)
    await first.send(json.dumps({"id": "1", "type": "complete"}))
    await first.send('{"type":"ping"}')
    assert await next_of(first) == {"type": "pong"}
    await changed(meeting)
    assert (await next_of(second))["type"] == "next"
    query = {"query": "{ viewer { account { id } } }"}
    await first.send(json.dumps({"id": "1", "type": "subscribe", "payload": query}))
    assert (await next_of(first))["payload"] == {"data": {"viewer": {"account": {"id": f"acc_{meeting.account_id}"}}}}
    for socket in (first, second):
        await socket.close()


async def test_a_cursor_that_is_no_longer_kept_ends_its_operation_only(
    place: str, token: str, meeting: Meeting
) -> None:
    socket = await subscribed(place, token, after=cursor.write(99))
    told = await next_of(socket)
    assert (told["id"], told["type"], told["payload"][0]["extensions"]["code"]) == ("1", "error", "RESYNC_REQUIRED")
    await socket.send('{"type":"ping"}')
    assert await next_of(socket) == {"type": "pong"}
    await socket.close()
