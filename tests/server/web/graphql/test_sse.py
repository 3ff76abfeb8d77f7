"""Server-sent events, one operation a request, over real sockets."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator

import httpx
import pytest

from server.web.graphql import sse
from server.web.graphql.endpoint import GraphqlEndpoint
from server.web.graphql.sse import cursor_in, event
from tests.server.web.graphql.serving import serving
from tests.server.web.graphql.small_schema import counters

EVENTS = {"accept": "text/event-stream", "x-apollo-operation-name": "A"}


@pytest.fixture
async def far(endpoint: GraphqlEndpoint) -> AsyncIterator[httpx.AsyncClient]:
    """A client at the other end of a real socket."""
    async with (
        serving(endpoint, endpoint.operations.settings) as (place, _),
        httpx.AsyncClient(base_url=f"http://{place}", headers=EVENTS) as client,
    ):
        yield client


async def test_subscription_by_post(far: httpx.AsyncClient) -> None:
    query = "subscription { steps(to: 2) { number cursor } }"
    answer = await far.post("/graphql", json={"query": query})
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/event-stream; charset=utf-8"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-accel-buffering"] == "no"
    assert answer.text == (
        ":\n\n"
        'id: 1\nevent: next\ndata: {"data":{"steps":{"number":1,"cursor":"1"}}}\n\n'
        'id: 2\nevent: next\ndata: {"data":{"steps":{"number":2,"cursor":"2"}}}\n\n'
        "event: complete\ndata: \n\n"
    )


async def test_last_event_id_goes_on_where_it_broke_off(far: httpx.AsyncClient) -> None:
    parameters = {"query": "subscription { steps(to: 3) { number } }"}
    answer = await far.get("/graphql", params=parameters, headers={"last-event-id": "2"})
    assert answer.text == ':\n\nevent: next\ndata: {"data":{"steps":{"number":3}}}\n\nevent: complete\ndata: \n\n'


async def test_query_as_a_stream_of_one(far: httpx.AsyncClient) -> None:
    answer = await far.post("/graphql", json={"query": "{ greeting }"})
    assert answer.text == (':\n\nevent: next\ndata: {"data":{"greeting":"Hello you. "}}\n\nevent: complete\ndata: \n\n')


async def test_mutation_by_get_is_not_run(far: httpx.AsyncClient) -> None:
    before = counters.runs
    answer = await far.get("/graphql", params={"query": "mutation { run }"})
    assert (answer.status_code, counters.runs) == (405, before)


async def test_subscription_that_falls_says_why_and_completes(far: httpx.AsyncClient) -> None:
    answer = await far.post("/graphql", json={"query": "subscription { falls(at: 0) }"})
    assert '"code":"RESYNC_REQUIRED"' in answer.text
    assert answer.text.endswith("event: complete\ndata: \n\n")


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"query": "subscription { nothing }"}, "GRAPHQL_VALIDATION_FAILED"),
        ({"query": "{ nothing }"}, "GRAPHQL_VALIDATION_FAILED"),
        ({"documentId": "0" * 64}, "PERSISTED_QUERY_NOT_FOUND"),
    ],
)
async def test_what_is_not_executed_is_told_by_an_event_too(
    far: httpx.AsyncClient, asked: dict[str, str], code: str
) -> None:
    """A browser's own EventSource can read nothing else (graphql-sse, distinct connections mode)."""
    answer = await far.post("/graphql", json=asked)
    beat, told, complete = answer.text.removesuffix("\n\n").split("\n\n")
    assert (beat, complete) == (":", "event: complete\ndata: ")
    (error,) = json.loads(told.removeprefix("event: next\ndata: "))["errors"]
    assert error["extensions"]["code"] == code


async def test_what_was_not_understood_is_a_plain_answer(far: httpx.AsyncClient) -> None:
    answer = await far.post("/graphql", json={"query": 1})
    assert (answer.status_code, answer.headers["content-type"]) == (400, "application/json; charset=utf-8")


async def test_subscription_without_a_stream_to_answer_in_is_406(far: httpx.AsyncClient) -> None:
    for accept in ("application/json", "*/*"):
        answer = await far.post("/graphql", json={"query": "subscription { never }"}, headers={"accept": accept})
        assert answer.status_code == 406


async def test_leaving_ends_the_subscription_inside(far: httpx.AsyncClient) -> None:
    query = {"query": "subscription { never }"}
    async with far.stream("POST", "/graphql", json=query) as answer:
        assert await anext(answer.aiter_text()) == ":\n\n"
        await _until_open(1)
    await _until_open(0)


async def test_pauses_are_filled_with_comments(far: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    assert sse.BEAT_SECONDS < 30
    monkeypatch.setattr(sse, "BEAT_SECONDS", 0.1)
    answer = await far.post("/graphql", json={"query": "subscription { steps(to: 1, pause: 0.35) { number } }"})
    assert answer.text.startswith(":\n\n:\n\n:\n\n")
    assert answer.text.endswith('event: next\ndata: {"data":{"steps":{"number":1}}}\n\nevent: complete\ndata: \n\n')


async def test_server_that_stops_ends_the_stream(endpoint: GraphqlEndpoint) -> None:
    async with (
        serving(endpoint, endpoint.operations.settings) as (place, _),
        httpx.AsyncClient(base_url=f"http://{place}", headers=EVENTS) as client,
        client.stream("POST", "/graphql", json={"query": "subscription { never }"}) as answer,
    ):
        endpoint.operations.going_away.set()
        assert [piece async for piece in answer.aiter_text()] == [":\n\n"]
    assert counters.open_streams == 0


def test_event_is_framed_by_line_feeds_alone() -> None:
    assert event("next", b"{}", id="7") == b"id: 7\nevent: next\ndata: {}\n\n"


@pytest.mark.parametrize(
    ("body", "cursor"),
    [
        (b'{"data":{"meetingBooked":{"cursor":"c1"}}}', "c1"),
        (b'{"data":{"meetingBooked":{"id":"c1"}}}', None),
        (b'{"data":{"meetingBooked":{"cursor":"a\\nb"}}}', None),
        (b'{"data":null}', None),
        (b'{"errors":[]}', None),
    ],
)
def test_cursor_in(body: bytes, cursor: str | None) -> None:
    assert cursor_in(body) == cursor


async def _until_open(count: int) -> None:
    async with asyncio.timeout(5):
        while counters.open_streams != count:  # noqa: ASYNC110  # a plain counter of the small schema
            await asyncio.sleep(0.02)
