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


async def test_query_with_the_same_header_is_plain_json(client: httpx.AsyncClient) -> None:
    answer = await client.post(
        "/graphql", json={"query": "{ greeting }"}, headers={"accept": "multipart/mixed;q=0.5, application/json"}
    )
    assert answer.json() == {"data": {"greeting": "Hello you. "}}
