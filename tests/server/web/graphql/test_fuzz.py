"""Whatever arrives, the answer is an answer: no 5xx, no socket that breaks, no traceback (SEC3, in the small size)."""

from __future__ import annotations

import json
import random
from contextlib import suppress
from typing import Any

import httpx
import pytest
from structlog.testing import capture_logs
from websockets.exceptions import ConnectionClosed

from server import settings
from server.web.graphql.endpoint import GraphqlEndpoint
from server.web.graphql.operations import Operations
from tests.server.web.graphql.fuzzing import spoiled
from tests.server.web.graphql.serving import close_code_of, serving, socket_to
from tests.server.web.graphql.small_schema import schema

GENEROUS = {"limit_visitor_requests": "1000000/minute", "limit_sign_in": "1000000/minute"}
SEEDS: list[Any] = [
    {"query": "{ greeting }"},
    {"query": "query A($n: String!, $t: Int = 2) { greeting(name: $n, times: $t) }", "variables": {"n": "Ines"}},
    {"query": "{ branch { ...A } } fragment A on Branch { branches { name ...B } } fragment B on Branch { n: name }"},
    {"query": "mutation Run { run }", "operationName": "Run", "extensions": {"persistedQuery": {"version": 1}}},
    {"query": "subscription { steps(to: 2) { number } }"},
    [{"query": "{ greeting }"}, {"documentId": "ab" * 32}],
]
SOCKET_SEEDS: list[Any] = [
    {"type": "connection_init", "payload": {}},
    {"type": "ping"},
    {"type": "pong", "payload": {"a": 1}},
    {"type": "complete", "id": "a"},
    {"id": "a", "type": "subscribe", "payload": {"query": "{ greeting }"}},
    {"id": "b", "type": "subscribe", "payload": {"query": "subscription { steps(to: 2) { number } }"}},
]
ALLOWED_CODES = {1000, 1007, 1009, 4400, 4401, 4409, 4429}


@pytest.fixture
def endpoint() -> GraphqlEndpoint:
    """The endpoint without limits on how often one may ask."""
    return GraphqlEndpoint(Operations(schema, settings.read(demo=True, **GENEROUS)))


@pytest.mark.parametrize("seed", range(3))
async def test_spoiled_bodies_are_answered(client: httpx.AsyncClient, seed: int) -> None:
    chance = random.Random(seed)
    accept = "application/graphql-response+json, text/event-stream;q=0.5"
    headers = {"content-type": "application/json", "accept": accept}
    with capture_logs() as lines:
        for _ in range(700):
            body = spoiled(json.dumps(chance.choice(SEEDS), ensure_ascii=False).encode(), chance)
            answer = await client.post("/graphql", content=body, headers=headers)
            assert answer.status_code in (200, 400), body
            if answer.headers["content-type"].startswith("application/"):
                json.loads(answer.content)
    assert [line for line in lines if line["log_level"] == "error"] == []


@pytest.mark.parametrize("seed", range(2))
async def test_spoiled_messages_close_a_socket_properly_or_not_at_all(endpoint: GraphqlEndpoint, seed: int) -> None:
    chance = random.Random(seed)
    codes: set[int | None] = set()
    with capture_logs() as lines:
        async with serving(endpoint, endpoint.operations.settings) as (place, _):
            for _ in range(120):
                async with socket_to(place) as socket:
                    with suppress(ConnectionClosed):
                        await socket.send('{"type":"connection_init"}')
                        for _ in range(5):
                            message = spoiled(json.dumps(chance.choice(SOCKET_SEEDS)).encode(), chance)
                            await socket.send(message.decode("utf-8", "replace") if chance.random() < 0.9 else message)
                        await socket.close()
                    codes.add(await close_code_of(socket))
    assert codes <= ALLOWED_CODES
    assert [line for line in lines if line["log_level"] == "error"] == []
