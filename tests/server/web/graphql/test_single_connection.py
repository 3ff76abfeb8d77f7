"""The single connection mode of graphql-sse over real sockets."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from server.web.graphql import single_connection
from server.web.graphql.endpoint import GraphqlEndpoint
from server.web.graphql.single_connection import TOKEN_HEADER
from tests.server.web.graphql.serving import serving
from tests.server.web.graphql.small_schema import counters


@pytest.fixture
async def far(endpoint: GraphqlEndpoint) -> AsyncIterator[httpx.AsyncClient]:
    """A client at the other end of a real socket."""
    async with (
        serving(endpoint, endpoint.operations.settings) as (place, _),
        httpx.AsyncClient(base_url=f"http://{place}") as client,
    ):
        yield client


async def reserve(client: httpx.AsyncClient) -> dict[str, str]:
    answer = await client.put("/graphql/stream")
    assert answer.status_code == 201
    return {TOKEN_HEADER: answer.text, "accept": "text/event-stream"}


async def start(client: httpx.AsyncClient, headers: dict[str, str], id: str, query: str) -> httpx.Response:
    body = {"query": query, "extensions": {"operationId": id}}
    return await client.post("/graphql/stream", json=body, headers=headers)


def told(text: str) -> list[Any]:
    """The events in a piece of the stream: their kind and their data."""
    events = [block for block in text.split("\n\n") if block.startswith("event: ")]
    return [(head[7:], json.loads(data[6:] or "null")) for head, data in (block.split("\n", 1) for block in events)]


async def test_a_stream_that_carries_enough_says_when_to_come_again(far: httpx.AsyncClient) -> None:
    headers = await reserve(far)
    for number in range(single_connection.MOST_OPERATIONS):
        assert (await start(far, headers, str(number), "subscription { never }")).status_code == 202
    refused = await start(far, headers, "one more", "subscription { never }")
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "1")
    assert int(refused.headers["ratelimit-remaining"]) < int(refused.headers["ratelimit-limit"])


@pytest.mark.parametrize("method", ["DELETE", "PATCH"])
async def test_what_can_be_done_here_is_said_without_a_stream_too(far: httpx.AsyncClient, method: str) -> None:
    answer = await far.request(method, "/graphql/stream")
    assert (answer.status_code, answer.headers.get("allow")) == (
        (404, None) if method == "DELETE" else (405, single_connection.METHODS)
    )


async def test_a_refused_document_has_the_type_that_is_asked_for(far: httpx.AsyncClient) -> None:
    headers = await reserve(far) | {"accept": "application/graphql-response+json"}
    answer = await start(far, headers, "a", "{ nothing }")
    assert (answer.status_code, answer.headers["content-type"]) == (
        400,
        "application/graphql-response+json; charset=utf-8",
    )


async def test_operations_share_one_stream(far: httpx.AsyncClient) -> None:
    headers = await reserve(far)
    for id, query in (("a", "subscription { steps(to: 1) { number } }"), ("b", "{ greeting }")):
        assert (await start(far, headers, id, query)).status_code == 202
    heard: list[Any] = []
    async with asyncio.timeout(5), far.stream("GET", "/graphql/stream", headers=headers) as stream:
        async for piece in stream.aiter_text():
            heard += told(piece)
            if len(heard) == 4:
                break
    assert sorted(heard, key=str) == [
        ("complete", {"id": "a"}),
        ("complete", {"id": "b"}),
        ("next", {"id": "a", "payload": {"data": {"steps": {"number": 1}}}}),
        ("next", {"id": "b", "payload": {"data": {"greeting": "Hello you. "}}}),
    ]


async def test_delete_ends_an_operation_and_leaving_ends_all(far: httpx.AsyncClient) -> None:
    headers = await reserve(far)
    async with far.stream("GET", "/graphql/stream", headers=headers):
        for id in ("a", "b"):
            await start(far, headers, id, "subscription { never }")
        await _until_open(2)
        assert (await far.delete("/graphql/stream?operationId=a", headers=headers)).status_code == 200
        await _until_open(1)
    await _until_open(0)
    assert (await start(far, headers, "c", "{ greeting }")).status_code == 404


async def test_what_is_refused(far: httpx.AsyncClient) -> None:
    headers = await reserve(far)
    stranger = {TOKEN_HEADER: "nonsense", "accept": "text/event-stream"}
    assert (await far.get("/graphql/stream", headers=stranger)).status_code == 404
    assert (await start(far, stranger, "a", "{ greeting }")).status_code == 404
    assert (await start(far, headers, "", "{ greeting }")).status_code == 400
    assert (await start(far, headers, "a", "{ nothing }")).json()["errors"]
    assert (await far.patch("/graphql/stream", headers=headers)).status_code == 405
    await start(far, headers, "a", "subscription { never }")
    assert (await start(far, headers, "a", "subscription { never }")).status_code == 409
    async with far.stream("GET", "/graphql/stream", headers=headers):
        assert (await far.get("/graphql/stream", headers=headers)).status_code == 409


async def test_reservation_that_is_not_used_is_dropped(far: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(single_connection, "UNUSED_SECONDS", 0.1)
    headers = await reserve(far)
    await asyncio.sleep(0.3)
    assert (await far.get("/graphql/stream", headers=headers)).status_code == 404


async def test_without_a_reservation_it_is_an_ordinary_request(far: httpx.AsyncClient) -> None:
    answer = await far.post("/graphql/stream", json={"query": "{ greeting }"}, headers={"accept": "text/event-stream"})
    assert told(answer.text)[0] == ("next", {"data": {"greeting": "Hello you. "}})


async def _until_open(count: int) -> None:
    async with asyncio.timeout(5):
        while counters.open_streams != count:  # noqa: ASYNC110  # a plain counter of the small schema
            await asyncio.sleep(0.02)
