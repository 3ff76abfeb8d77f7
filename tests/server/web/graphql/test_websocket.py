"""graphql-transport-ws and graphql-ws over real sockets: close codes, isolation of operations, resumption."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed, InvalidStatus

from server import clock, database
from server.accounts.api_tokens import create_api_token
from server.accounts.scopes import Scope
from server.accounts.sessions import open_session
from server.web.graphql import line
from server.web.graphql import socket as socket_module
from server.web.graphql.endpoint import GraphqlEndpoint
from tests.factories import a_user, an_account
from tests.server.web.graphql.serving import close_code_of, serving, socket_to
from tests.server.web.graphql.small_schema import counters

INIT = {"type": "connection_init"}
ACK = {"type": "connection_ack"}


@pytest.fixture
async def place(endpoint: GraphqlEndpoint) -> AsyncIterator[str]:
    """Where a real server answers."""
    async with serving(endpoint, endpoint.operations.settings) as (place, _):
        yield place


async def say(socket: ClientConnection, *messages: Any) -> None:
    for message in messages:
        await socket.send(message if isinstance(message, (str, bytes)) else json.dumps(message))


async def hear(socket: ClientConnection, *, within: float = 5) -> Any:
    async with asyncio.timeout(within):
        return json.loads(await socket.recv())


async def greet(socket: ClientConnection, **payload: str) -> None:
    await say(socket, {**INIT, "payload": payload})
    assert await hear(socket) == ACK


def subscribe(id: str, query: str, **members: Any) -> dict[str, Any]:
    return {"id": id, "type": "subscribe", "payload": {"query": query, **members}}


async def test_subscription_runs_to_its_end(place: str) -> None:
    async with socket_to(place) as socket:
        await greet(socket)
        await say(socket, subscribe("a", "subscription($to: Int!) { steps(to: $to) { number } }", variables={"to": 2}))
        heard = [await hear(socket) for _ in range(3)]
    assert heard == [
        {"id": "a", "type": "next", "payload": {"data": {"steps": {"number": 1}}}},
        {"id": "a", "type": "next", "payload": {"data": {"steps": {"number": 2}}}},
        {"id": "a", "type": "complete"},
    ]


async def test_query_and_mutation_run_over_a_socket_too(place: str) -> None:
    async with socket_to(place) as socket:
        await greet(socket)
        await say(socket, subscribe("q", "{ greeting }"))
        assert [await hear(socket), await hear(socket)] == [
            {"id": "q", "type": "next", "payload": {"data": {"greeting": "Hello you. "}}},
            {"id": "q", "type": "complete"},
        ]
        await say(socket, subscribe("m", "mutation { run }"))
        assert (await hear(socket))["payload"]["data"] == {"run": counters.runs}


async def test_complete_ends_the_subscription_inside(place: str) -> None:
    async with socket_to(place) as socket:
        await greet(socket)
        await say(socket, subscribe("a", "subscription { never }"))
        await _until(lambda: counters.open_streams == 1)
        await say(socket, {"id": "a", "type": "complete"}, {"type": "ping"})
        assert await hear(socket) == {"type": "pong"}
        assert counters.open_streams == 0
        await say(socket, subscribe("a", "{ greeting }"))
        assert (await hear(socket))["type"] == "next"


async def test_leaving_ends_every_subscription_inside(place: str) -> None:
    async with socket_to(place) as socket:
        await greet(socket)
        await say(socket, *(subscribe(str(number), "subscription { never }") for number in range(5)))
        await _until(lambda: counters.open_streams == 5)
    await _until(lambda: counters.open_streams == 0)


@pytest.mark.parametrize(
    "message",
    ["[]", '"text"', "7", "null", "{", "", "[" * 100_000, "{}", '{"type":7}', '{"type":"nonsense"}', b'{"type":"ping"}',
     '{"type":"connection_init","payload":7}', '{"type":"connection_init","payload":{"authorization":["Bearer"]}}',
     '{"type":"ping","payload":[]}', '{"type":"subscribe","payload":{}}', '{"type":"subscribe","id":"","payload":{}}',
     '{"type":"subscribe","id":["a"],"payload":{}}', '{"type":"subscribe","id":"a"}',
     '{"type":"subscribe","id":"a","payload":[]}', '{"type":"complete","id":{}}', '{"type":"complete"}',
     '{"type":"subscribe","id":"' + "x" * 256 + '","payload":{}}', '{"type":"start","id":"a","payload":{}}'],
)  # fmt: skip
async def test_malformed_message_is_4400(place: str, message: str | bytes) -> None:
    async with socket_to(place) as socket:
        await say(socket, message)
        assert await close_code_of(socket) == 4400


async def test_subscribe_before_init_is_4401(place: str) -> None:
    async with socket_to(place) as socket:
        await say(socket, subscribe("a", "{ greeting }"))
        assert await close_code_of(socket) == 4401


async def test_second_init_is_4429(place: str) -> None:
    async with socket_to(place) as socket:
        await greet(socket)
        await say(socket, INIT)
        assert await close_code_of(socket) == 4429


async def test_same_id_twice_is_4409(place: str) -> None:
    async with socket_to(place) as socket:
        await greet(socket)
        await say(socket, subscribe("a", "subscription { never }"), subscribe("a", "subscription { never }"))
        assert await close_code_of(socket) == 4409
    await _until(lambda: counters.open_streams == 0)


async def test_unknown_subprotocol_is_4406(place: str) -> None:
    async with socket_to(place, subprotocol="soap") as socket:
        assert await close_code_of(socket) == 4406


async def test_no_init_is_4408(place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket_module, "INIT_SECONDS", 0.2)
    async with socket_to(place) as socket:
        assert await close_code_of(socket) == 4408


async def test_too_large_message_is_1009(place: str) -> None:
    async with socket_to(place) as socket:
        await greet(socket)
        with suppress(ConnectionClosed):
            await say(socket, subscribe("a", "{ greeting }" + " " * 300_000))
        assert await close_code_of(socket) == 1009


@pytest.mark.parametrize("key", ["authorization", "Authorization"])
async def test_token_in_init(place: str, token: str, key: str) -> None:
    async with socket_to(place) as socket:
        await greet(socket, **{key: f"Bearer {token}"})
        await say(socket, subscribe("a", "{ whoami }"))
        assert (await hear(socket))["payload"]["data"]["whoami"].startswith("user:")


@pytest.mark.parametrize("given", ["Bearer nonsense", "Bearer parley_x", "nonsense", "Bearer a.b.c"])
async def test_wrong_token_is_4403(place: str, db: str, given: str) -> None:
    async with socket_to(place) as socket:
        await say(socket, {**INIT, "payload": {"authorization": given}})
        assert await close_code_of(socket) == 4403


async def test_token_that_ends_while_connected_is_4403(place: str, db: str) -> None:
    signed_in = await open_session(await a_user(await an_account()), lifetime=timedelta(seconds=2))
    async with socket_to(place) as socket:
        await greet(socket, authorization=f"Bearer {signed_in.access_token}")
        await say(socket, subscribe("a", "subscription { never }"))
        assert await close_code_of(socket, within=8) == 4403
    await _until(lambda: counters.open_streams == 0)


async def test_session_that_is_ended_elsewhere_is_4403(place: str, db: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket_module, "HEARTBEAT_SECONDS", 0.3)
    signed_in = await open_session(await a_user(await an_account()))
    async with socket_to(place) as socket:
        await greet(socket, authorization=f"Bearer {signed_in.access_token}")
        await database.execute("UPDATE session SET ended_at = $1", clock.now_epoch())
        assert await close_code_of(socket) == 4403


async def test_revoked_token_cannot_start_another_operation(place: str, db: str) -> None:
    account = await an_account()
    made = await create_api_token(account.id, name="test", scopes=[Scope.MEETINGS_READ])
    async with socket_to(place) as socket:
        await greet(socket, authorization=f"Bearer {made.secret}")
        await database.execute("UPDATE api_token SET revoked_at = $1", clock.now_epoch())
        await say(socket, subscribe("a", "{ greeting }"))
        assert await close_code_of(socket) == 4403


async def test_one_bad_operation_leaves_the_others_alone(place: str) -> None:
    bad = {
        "syntax": ("{", "GRAPHQL_PARSE_FAILED"),
        "invalid": ("{ nothing }", "GRAPHQL_VALIDATION_FAILED"),
        "introspection": ("{ __schema { queryType { name } } }", "FORBIDDEN"),
        "variables": ("subscription($a: Int!) { steps(to: $a) { number } }", "BAD_USER_INPUT"),
        "cursor lost": ("subscription { falls(at: 0) }", "RESYNC_REQUIRED"),
        "cost": ("{branch{branches(first:100){branches(first:100){branches(first:100){name}}}}}", "COST_LIMIT"),
    }
    async with socket_to(place) as socket:
        await greet(socket)
        await say(socket, subscribe("good", "subscription { steps(to: 1, pause: 1) { number } }"))
        for id, (query, _) in bad.items():
            await say(socket, subscribe(id, query))
        heard = {(message := await hear(socket))["id"]: message for _ in bad}
        assert {id: (one["type"], one["payload"][0]["extensions"]["code"]) for id, one in heard.items()} == {
            id: ("error", code) for id, (_, code) in bad.items()
        }
        assert await hear(socket) == {"id": "good", "type": "next", "payload": {"data": {"steps": {"number": 1}}}}


async def test_a_stream_that_falls_says_why_and_ends(place: str) -> None:
    async with socket_to(place) as socket:
        await greet(socket)
        await say(socket, subscribe("a", "subscription { falls(at: 1) }"), subscribe("b", "subscription { crashes }"))
        heard = [await hear(socket) for _ in range(4)]
        told = {one["id"]: one["payload"][0] for one in heard if one["type"] == "error"}
        assert told["a"]["extensions"]["code"] == "RESYNC_REQUIRED"
        assert told["b"]["extensions"]["code"] == "INTERNAL"
        assert "swordfish" not in json.dumps(told)
        await say(socket, {"type": "ping"})
        assert await hear(socket) == {"type": "pong"}


async def test_heartbeat(place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert socket_module.HEARTBEAT_SECONDS < 30
    monkeypatch.setattr(socket_module, "HEARTBEAT_SECONDS", 0.1)
    async with socket_to(place) as socket:
        await greet(socket)
        assert await hear(socket) == {"type": "ping"}
        await say(socket, {"type": "pong"})
        assert await hear(socket) == {"type": "ping"}


async def test_page_of_a_foreign_origin_gets_no_socket(place: str) -> None:
    with pytest.raises(InvalidStatus) as refused:
        await socket_to(place, origin="https://evil.example")
    assert refused.value.response.status_code == 403
    async with socket_to(place, origin="https://meet.example.com") as socket:
        await greet(socket)


async def test_no_compression_is_agreed(place: str) -> None:
    async with socket_to(place, compression="deflate") as socket:
        assert socket.protocol.extensions == []


async def test_server_that_stops_says_1001(endpoint: GraphqlEndpoint) -> None:
    async with serving(endpoint, endpoint.operations.settings) as (place, server):
        socket = await socket_to(place)
        await greet(socket)
        await say(socket, subscribe("a", "subscription { never }"))
        await _until(lambda: counters.open_streams == 1)
        endpoint.operations.going_away.set()
        assert await close_code_of(socket) == 1001
    assert counters.open_streams == 0


async def test_subscription_whose_database_is_away_is_1013_and_no_end(place: str) -> None:
    """Clients take an error for the end of an operation, and subscribe again after this code by themselves."""
    async with socket_to(place) as socket:
        await greet(socket)
        await say(socket, subscribe("a", "subscription { falters }"))
        assert (await hear(socket))["payload"] == {"data": {"falters": 1}}
        assert await close_code_of(socket) == 1013


async def test_consumer_that_does_not_read_is_1013(
    place: str, endpoint: GraphqlEndpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(line, "PATIENCE_SECONDS", 0.5)
    async with socket_to(place, max_queue=1) as slow, socket_to(place) as other:
        for socket in (slow, other):
            await greet(socket)
        await say(slow, subscribe("a", "subscription { large(count: 5000) }"))
        await asyncio.sleep(1.5)
        await say(other, subscribe("a", "{ greeting }"))
        assert (await hear(other))["payload"] == {"data": {"greeting": "Hello you. "}}
        assert await close_code_of(slow, within=20) == 1013


async def test_legacy_dialect(place: str, token: str) -> None:
    async with socket_to(place, subprotocol="graphql-ws") as socket:
        await say(socket, {**INIT, "payload": {"Authorization": f"Bearer {token}"}})
        assert [await hear(socket), await hear(socket)] == [ACK, {"type": "ka"}]
        query = "subscription { steps(to: 1) { number } }"
        await say(socket, {"id": "1", "type": "start", "payload": {"query": query}})
        assert [await hear(socket), await hear(socket)] == [
            {"id": "1", "type": "data", "payload": {"data": {"steps": {"number": 1}}}},
            {"id": "1", "type": "complete"},
        ]
        await say(socket, {"id": "2", "type": "start", "payload": {"query": "{"}})
        error = await hear(socket)
        assert (error["type"], error["payload"]["extensions"]["code"]) == ("error", "GRAPHQL_PARSE_FAILED")
        await say(socket, {"id": "3", "type": "start", "payload": {"query": "subscription { never }"}})
        await say(socket, {"id": "3", "type": "stop"})
        assert await hear(socket) == {"id": "3", "type": "complete"}
        await say(socket, {"type": "connection_terminate"})
        assert await close_code_of(socket) == 1000


async def test_legacy_dialect_tells_a_wrong_token(place: str, db: str) -> None:
    async with socket_to(place, subprotocol="graphql-ws") as socket:
        await say(socket, {**INIT, "payload": {"authorization": "Bearer nonsense"}})
        assert (await hear(socket))["type"] == "connection_error"
        assert await close_code_of(socket) == 4403


async def test_two_hundred_subscribers_that_drop(place: str, token: str) -> None:
    for number in range(200):
        socket = await socket_to(place)
        await say(socket, {**INIT, "payload": {"authorization": f"Bearer {token}"}})
        await say(socket, subscribe("a", "subscription { never }"))
        if number % 3 == 0:
            await hear(socket)
            await say(socket, {"id": "a", "type": "complete"})
        if number % 3 == 1:
            socket.transport.abort()
        else:
            await socket.close()
    await _until(lambda: counters.open_streams == 0)
    async with socket_to(place) as socket:
        await greet(socket, authorization=f"Bearer {token}")
        await say(socket, subscribe("a", "{ whoami }"))
        assert (await hear(socket))["payload"]["data"]["whoami"].startswith("user:")


async def _until(holds: Any, *, within: float = 5) -> None:
    async with asyncio.timeout(within):
        while not holds():  # noqa: ASYNC110  # what is awaited is a plain counter of the small schema
            await asyncio.sleep(0.02)
