"""Two hundred phones that subscribe and vanish leave a server that answers, on both databases."""

from __future__ import annotations

import asyncio
import json

from websockets.asyncio.client import ClientConnection

from server import database, settings
from server.accounts.api_tokens import create_api_token
from server.accounts.scopes import READ_SCOPES
from server.app import build_app
from tests.factories import a_user, an_account
from tests.server.web.graphql.serving import serving, socket_to

SUBSCRIBE = {"id": "a", "type": "subscribe", "payload": {"query": "subscription { meetingBooked { cursor } }"}}
COMPLETE = {"id": "a", "type": "complete"}
ASK = {"id": "q", "type": "subscribe", "payload": {"query": "{ todayMeetings { id } }"}}


async def say(socket: ClientConnection, *messages: object) -> None:
    for message in messages:
        await socket.send(json.dumps(message))


async def test_server_answers_after_two_hundred_dropped_subscribers(in_use: settings.Settings) -> None:
    async with serving(build_app(in_use), in_use, lifespan="on") as (place, server):
        user = await a_user(await an_account())
        made = await create_api_token(user.account_id, user_id=user.id, name="test", scopes=READ_SCOPES)
        init = {"type": "connection_init", "payload": {"authorization": f"Bearer {made.secret}"}}
        for number in range(200):
            socket = await socket_to(place)
            await say(socket, init, SUBSCRIBE)
            if number % 4 == 1:
                await socket.recv()
            if number % 4 == 2:
                await say(socket, COMPLETE)
            if number % 4 == 3:
                await socket.close()
            else:
                socket.transport.abort()
        async with asyncio.timeout(10):
            while server.server_state.connections:  # noqa: ASYNC110  # uvicorn keeps a set and no event
                await asyncio.sleep(0.05)
            async with socket_to(place) as socket:
                await say(socket, init, ASK)
                assert [json.loads(await socket.recv())["type"] for _ in range(3)] == [
                    "connection_ack",
                    "next",
                    "complete",
                ]
            async with database.transaction():
                assert await database.fetch_one("SELECT 1")
