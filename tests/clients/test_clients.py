"""Unmodified clients from npm against the real server: each asks, books, and hears of the booking (C1, C2)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Run = Callable[[str], Any]


def heard(told: Any, email: str) -> bool:
    """Whether the one change that was heard is the booking that was made."""
    expected = {"kind": "MEETING_BOOKED", "startsAt": told["booked"], "email": email}
    return bool(told["heard"] == expected)


def test_every_audit_of_graphql_over_http(run: Run) -> None:
    audits = run("audits.mjs")
    assert [audit for audit in audits if audit["status"] != "ok"] == []
    assert len(audits) == 61


def test_graphql_ws(run: Run) -> None:
    told = run("graphql_ws.mjs")
    assert told["today"]
    assert heard(told, "graphql-ws@client.example")
    assert told["refused"] == 4403


def test_graphql_sse(run: Run) -> None:
    told = run("graphql_sse.mjs")
    for mode in ("distinct", "single"):
        assert told[mode]["today"]
        assert heard(told[mode], f"sse-{mode}@client.example")


def test_apollo_client(run: Run) -> None:
    told = run("apollo.mjs")
    assert {way: told[way]["today"] for way in ("post", "get", "persistedFirst", "persistedAgain")} == {
        "post": True,
        "get": True,
        "persistedFirst": True,
        "persistedAgain": True,
    }
    assert [request["method"] for request in told["get"]["requests"]] == ["GET"]
    assert [request["hasQuery"] for request in told["persistedFirst"]["requests"]] == [False, True]
    assert told["persistedAgain"]["requests"] == [{"method": "GET", "status": 200, "hasQuery": False}]
    assert heard(told["multipart"], "apollo-multipart@client.example")
    assert heard(told["websocket"], "apollo-websocket@client.example")


def test_urql(run: Run) -> None:
    told = run("urql.mjs")
    assert told["today"]
    assert heard(told["events"], "urql-events@client.example")
    assert heard(told["websocket"], "urql-websocket@client.example")


@pytest.mark.capability("E-5")
def test_each_client_goes_on_after_its_token_has_ended(run: Run) -> None:
    expected = {
        name: {"heard": [f"{name}-{number}@client.example" for number in (1, 2, 3)], "closes": [4403]}
        for name in ("graphql-ws", "apollo", "urql")
    }
    assert run("resuming.mjs") == expected
