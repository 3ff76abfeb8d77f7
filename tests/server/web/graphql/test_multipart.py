"""Multipart subscriptions as Apollo's clients read them."""

from __future__ import annotations

import httpx
import pytest

from server.web.graphql import multipart

PARTS = {"accept": "multipart/mixed;boundary=graphql;subscriptionSpec=1.0,application/json"}


async def parts(client: httpx.AsyncClient, query: str) -> list[str]:
    answer = await client.post("/graphql", json={"query": query}, headers=PARTS)
    assert answer.headers["content-type"] == 'multipart/mixed; boundary="graphql"; subscriptionSpec=1.0'
    assert answer.text.endswith("--graphql--\r\n")
    pieces = answer.text.removesuffix("--graphql--\r\n").split("--graphql\r\n")[1:]
    assert all(piece.startswith("content-type: application/json\r\n\r\n") for piece in pieces)
    return [piece.split("\r\n\r\n", 1)[1].removesuffix("\r\n") for piece in pieces]


async def test_subscription_in_parts(client: httpx.AsyncClient) -> None:
    assert await parts(client, "subscription { steps(to: 2) { number } }") == [
        "{}",
        '{"payload":{"data":{"steps":{"number":1}}}}',
        '{"payload":{"data":{"steps":{"number":2}}}}',
    ]


async def test_end_with_errors_stands_beside_the_payload(client: httpx.AsyncClient) -> None:
    told = await parts(client, "subscription { falls(at: 0) }")
    assert told[1].startswith('{"payload":null,"errors":[{')
    assert '"code":"RESYNC_REQUIRED"' in told[1]


async def test_pauses_are_filled(client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(multipart, "BEAT_SECONDS", 0.1)
    told = await parts(client, "subscription { steps(to: 1, pause: 0.25) { number } }")
    assert told == ["{}", "{}", "{}", '{"payload":{"data":{"steps":{"number":1}}}}']


@pytest.mark.parametrize(
    "accept",
    [
        "multipart/mixed;q=0.5, application/json",
        "multipart/mixed;deferSpec=20220824, application/graphql-response+json, application/json",
        PARTS["accept"],
    ],
    ids=["liked less", "as Apollo iOS and Kotlin send it with every query and mutation", "as with a subscription"],
)
@pytest.mark.parametrize("query", ["{ greeting }", "mutation { run }"])
async def test_what_is_no_subscription_is_one_answer(client: httpx.AsyncClient, accept: str, query: str) -> None:
    answer = await client.post("/graphql", json={"query": query}, headers={"accept": accept})
    assert answer.headers["content-type"].split(";")[0] in ("application/json", "application/graphql-response+json")
    assert "data" in answer.json()


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("multipart/mixed;subscriptionSpec=1.0, text/event-stream, application/json", "multipart/mixed"),
        ("text/event-stream, multipart/mixed;subscriptionSpec=1.0, application/json", "text/event-stream"),
        ("application/json, multipart/mixed;q=0.5, text/event-stream;q=0.4", "multipart/mixed"),
    ],
)
async def test_a_subscription_comes_in_the_stream_that_is_liked_best(
    client: httpx.AsyncClient, accept: str, kind: str
) -> None:
    query = {"query": "subscription { steps(to: 1) { number } }"}
    answer = await client.post("/graphql", json=query, headers={"accept": accept})
    assert answer.headers["content-type"].split(";")[0] == kind


async def test_a_query_for_parts_only_is_refused(client: httpx.AsyncClient) -> None:
    answer = await client.post("/graphql", json={"query": "{ greeting }"}, headers={"accept": "multipart/mixed"})
    assert answer.status_code == 406
