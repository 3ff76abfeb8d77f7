"""Requests that are made to hurt, sent to the whole app with a thousand meetings in it: each is refused with 4xx, for
less than 50 ms of this process's time and 20 MB of its memory, and twice the size costs at most two and a half times as
much (SEC1, SEC2)."""

from __future__ import annotations

import asyncio
import gc
import json
import time
import tracemalloc
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import httpx
import pytest

from server import settings
from server.accounts.api_tokens import create_api_token
from server.accounts.scopes import Scope
from server.app import build_app
from server.models import Meeting
from tests.factories import a_meeting, a_user, an_account
from tests.server.web.graphql.serving import serving
from tests.server.web.graphql.test_limits import doubling_fragments, nested

MOST_SECONDS = 0.05
MOST_BYTES = 20 * 1024 * 1024
NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
ROWS = 1_000


@dataclass(frozen=True)
class Attack:
    """Makes a body of some size; `size` is the one that the list of attacks names."""

    body: Callable[[int], bytes]
    size: int
    status: int = 400


def asked(query: str, **variables: Any) -> bytes:
    return json.dumps({"query": query, "variables": variables}).encode()


def deep(levels: int) -> bytes:
    return b'{"query":"{ __typename }","variables":{"a":' + b"[" * levels + b"]" * levels + b"}}"


def long_number(digits: int) -> bytes:
    return asked("query ($n: Int!) { meetings(first: $n) { edges { cursor } } }")[:-3] + (
        b'{"n": ' + b"9" * digits + b"}}"
    )


ATTACKS = {
    "cycle through fields, 60 deep": Attack(lambda size: asked(nested(size)), 60),
    "25 levels of doubling fragments with an end that is wrong": Attack(
        lambda size: asked(doubling_fragments(size).replace("__typename }", "nothing }")), 25
    ),
    "1,000 aliases": Attack(lambda size: asked("{" + " ".join(f"a{n}: __typename" for n in range(size)) + "}"), 1_000),
    "commas": Attack(lambda size: asked("{" + "," * size + "__typename}"), 100_000),
    "comments": Attack(lambda size: asked("#\n" * size + "{ __typename }"), 50_000),
    "1 MB of commas": Attack(lambda size: asked("{" + "," * size + "__typename}"), 1_000_000, 413),
    "1 MB of comments": Attack(lambda size: asked("#\n" * size + "{ __typename }"), 500_000, 413),
    "JSON 100,000 deep": Attack(deep, 100_000),
    "JSON 500 deep": Attack(deep, 500),
    "a number of 5,000 digits": Attack(long_number, 5_000),
    "20 MB": Attack(lambda size: b" " * size, 20_000_000, 413),
    "bytes that are no UTF-8": Attack(lambda size: b'{"query":"{ a' + b"\xff\xc3" * size + b'}"}', 10_000),
    "two operations without a name": Attack(lambda size: asked("{ __typename } " * size), 2),
    "a batch of more than ten": Attack(lambda size: b"[" + b",".join([asked("{ __typename }")] * size) + b"]", 1_000),
    "unknown fields": Attack(lambda size: asked("{" + " ".join(f"x{n}" for n in range(size)) + "}"), 20),
    "variables that nobody declared": Attack(
        lambda size: asked("query A($a: Int) { __typename }", **{f"v{n}": n for n in range(size)}), 2_000
    ),
}


@pytest.fixture
async def attacked(db: str, in_use: settings.Settings) -> AsyncIterator[httpx.AsyncClient]:
    """The whole app over a database with a thousand meetings, and a caller who may see them."""
    user = await a_user(await an_account(), role="ADMIN")
    first = await a_meeting(user, NOON)
    await first.refresh_from_db()
    told = {name: value for name, value in dict(first).items() if name not in ("id", "ical_uid")}
    await Meeting.bulk_create(
        [
            Meeting(
                **told
                | {"ical_uid": f"{number}@x", "starts_at": starts_at, "ends_at": starts_at + timedelta(minutes=5)}
            )
            for number, starts_at in enumerate(NOON + timedelta(hours=n) for n in range(1, ROWS))
        ]
    )
    token = await create_api_token(
        account_id=user.account_id, user_id=user.id, name="x", scopes=[Scope.MEETINGS_READ, Scope.ACCOUNT_READ]
    )
    app = build_app(in_use)
    headers = {
        "authorization": f"Bearer {token.secret}",
        "content-type": "application/json",
        "accept": "application/graphql-response+json",
    }
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="https://meet.example.com", headers=headers) as client:
        assert (await client.post("/graphql", content=asked("{ __typename }"))).status_code == 200
        yield client


async def cost_of(client: httpx.AsyncClient, body: bytes) -> tuple[int, float]:
    """The status of the answer, and the processor seconds that it took, the best of three: another process may have
    emptied the caches in between."""
    spent = []
    gc.collect()
    for _ in range(3):
        begun = time.process_time()
        answer = await client.post("/graphql", content=body)
        spent.append(time.process_time() - begun)
    return answer.status_code, min(spent)


async def memory_of(client: httpx.AsyncClient, body: bytes) -> int:
    """The most bytes that answering held at once."""
    tracemalloc.start()
    try:
        await client.post("/graphql", content=body)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_each_is_refused_for_little(attacked: httpx.AsyncClient) -> None:
    found = {}
    for name, attack in ATTACKS.items():
        body = attack.body(attack.size)
        status, seconds = await cost_of(attacked, body)
        found[name] = (status, seconds < MOST_SECONDS, await memory_of(attacked, body) < MOST_BYTES)
    assert found == {name: (attack.status, True, True) for name, attack in ATTACKS.items()}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_twice_the_size_costs_little_more_than_twice(attacked: httpx.AsyncClient) -> None:
    """What costs less than a few milliseconds is not told from chance; what is refused for its length is not read."""
    grown = {}
    for name, attack in ATTACKS.items():
        if attack.status == 413:
            continue
        seconds = [(await cost_of(attacked, attack.body(attack.size * times)))[1] for times in (1, 2, 4)]
        measured = [max(one, 0.004) for one in seconds]
        grown[name] = max(later / sooner for sooner, later in pairwise(measured))
    assert {name: ratio for name, ratio in grown.items() if ratio > 2.5} == {}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_cycle_that_is_short_enough_answers_within_its_cost(attacked: httpx.AsyncClient) -> None:
    """A thousand rows are never multiplied by one another: the points of the question say no before it runs."""
    rows = "edges { node { id host { id } } }"
    wide = f"{{ meetings(first: 100) {{ {rows} }} }}"
    assert (await attacked.post("/graphql", content=asked(wide))).status_code == 200
    many = (
        "{"
        + " ".join(
            f"a{n}: meetings(first: 100) {{ {rows} edges {{ node {{ attendees {{ id }} }} }} }}" for n in range(20)
        )
        + "}"
    )
    refused = await attacked.post("/graphql", content=asked(many))
    assert (refused.status_code, refused.json()["errors"][0]["extensions"]["code"]) == (400, "COST_LIMIT")


async def test_a_body_that_comes_byte_by_byte_is_given_up(in_use: settings.Settings) -> None:
    own = in_use.model_copy(update={"limit_request_seconds": 0.5})
    async with serving(build_app(own), own) as (place, _):
        host, port = place.split(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(
            b"POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 50\r\n\r\n"
        )
        slowly = asyncio.create_task(_trickle(writer))
        async with asyncio.timeout(5):
            # The rest of the body may still be on its way when the connection is closed.
            answer = await reader.readline()
        slowly.cancel()
        await asyncio.gather(slowly, return_exceptions=True)
        writer.close()
    assert answer.startswith(b"HTTP/1.1 408 ")


async def _trickle(writer: asyncio.StreamWriter) -> None:
    while True:
        writer.write(b" ")
        await asyncio.sleep(0.1)
