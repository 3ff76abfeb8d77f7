"""What stands in front of the app, over raw sockets."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from server import settings
from server.web import protocols, socket_protocol
from server.web.body_limits import BodyLimits
from server.web.graphql.endpoint import GraphqlEndpoint
from server.web.graphql.operations import Operations
from server.web.protocols import uvicorn_options
from tests.server.web.graphql.serving import close_code_of, serving, socket_to
from tests.server.web.graphql.small_schema import counters, schema

OWN = settings.read(demo=True, public_url="https://meet.example.com", limit_request_seconds=0.5)
QUERY = b'{"query":"{ greeting }"}'


@pytest.fixture
async def place() -> AsyncIterator[str]:
    """Where the endpoint answers, with its limits in front."""
    endpoint = GraphqlEndpoint(Operations(schema, OWN))
    bounded = BodyLimits(endpoint, most_bytes=OWN.limit_body_bytes, seconds=OWN.limit_request_seconds)
    async with serving(bounded, OWN) as (place, _):
        yield place


@asynccontextmanager
async def line_to(place: str) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    host, port = place.split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    try:
        yield reader, writer
    finally:
        writer.close()


async def answer_to(place: str, request: bytes) -> bytes:
    """Everything that comes back until the server closes the connection."""
    async with asyncio.timeout(5), line_to(place) as (reader, writer):
        writer.write(request)
        return await reader.read()


def head(*lines: str) -> bytes:
    given = ["POST /graphql HTTP/1.1", "Host: meet", "Content-Type: application/json", *lines, "", ""]
    return "\r\n".join(given).encode()


async def test_two_lengths_are_answered_once(place: str) -> None:
    chunk = f"{len(QUERY):x}\r\n".encode() + QUERY + b"\r\n0\r\n\r\n"
    smuggled = head(f"Content-Length: {len(QUERY)}", "Transfer-Encoding: chunked") + chunk
    answer = await answer_to(place, smuggled + head(f"Content-Length: {len(QUERY)}") + QUERY)
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert answer.count(b"HTTP/1.1") == 1


async def test_body_that_is_too_long_is_not_waited_for(place: str) -> None:
    answer = await answer_to(place, head("Content-Length: 20000000") + b"x" * 1_000)
    assert answer.startswith(b"HTTP/1.1 413 ")


async def test_body_that_does_not_come_is_408(place: str) -> None:
    assert (await answer_to(place, head("Content-Length: 100") + b"{")).startswith(b"HTTP/1.1 408 ")


async def test_headers_that_do_not_come_end_the_connection(place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(protocols, "HEADER_SECONDS", 0.3)
    async with asyncio.timeout(3), line_to(place) as (reader, writer):
        writer.write(b"POST /graphql HTTP/1.1\r\nHost: meet\r\n")
        assert await reader.read() == b""


async def test_second_request_on_a_connection_has_its_own_time(place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(protocols, "HEADER_SECONDS", 0.5)
    async with asyncio.timeout(5), line_to(place) as (reader, writer):
        for _ in range(3):
            writer.write(head(f"Content-Length: {len(QUERY)}") + QUERY)
            answer = await reader.readuntil(b"}}")
            assert answer.startswith(b"HTTP/1.1 200 ")
            await asyncio.sleep(0.3)


async def test_stopping_server_says_1001_and_ends_streams() -> None:
    endpoint = GraphqlEndpoint(Operations(schema, OWN))

    async def with_state(scope, receive, send):  # type: ignore[no-untyped-def]  # three words of ASGI
        if scope["type"] == "lifespan":
            await receive()
            scope["state"]["going_away"] = endpoint.operations.going_away
            await send({"type": "lifespan.startup.complete"})
            await receive()
            await send({"type": "lifespan.shutdown.complete"})
        else:
            await endpoint(scope, receive, send)

    async with serving(with_state, OWN, lifespan="on") as (place, server):
        socket = await socket_to(place)
        await socket.send('{"type":"connection_init"}')
        await socket.recv()
        query = "subscription { never }"
        await socket.send(json.dumps({"id": "a", "type": "subscribe", "payload": {"query": query}}))
        body = json.dumps({"query": query}).encode()
        async with line_to(place) as (reader, writer):
            writer.write(head("Accept: text/event-stream", f"Content-Length: {len(body)}") + body)
            await reader.readuntil(b":\n\n")
            began = asyncio.get_running_loop().time()
            server.should_exit = True
            assert await close_code_of(socket) == 1001
            assert (await reader.read()).endswith(b"0\r\n\r\n")
    assert asyncio.get_running_loop().time() - began < 3
    assert counters.open_streams == 0


async def test_peer_that_never_reads_cannot_hold_its_socket(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket_protocol, "LINGER_SECONDS", 0.3)
    monkeypatch.setattr("server.web.graphql.line.PATIENCE_SECONDS", 0.3)
    endpoint = GraphqlEndpoint(Operations(schema, OWN))
    async with serving(endpoint, OWN) as (place, server):
        socket = await socket_to(place, max_queue=1)
        await socket.send('{"type":"connection_init"}')
        await socket.recv()
        query = {"query": "subscription { large(count: 5000) }"}
        await socket.send(json.dumps({"id": "a", "type": "subscribe", "payload": query}))
        async with asyncio.timeout(10):
            while server.server_state.connections:  # noqa: ASYNC110  # uvicorn keeps a set and no event
                await asyncio.sleep(0.05)
        socket.transport.abort()


def test_uvicorn_options_leave_compression_off() -> None:
    options = uvicorn_options(OWN)
    assert (options["ws_per_message_deflate"], options["ws_max_size"]) == (False, OWN.limit_body_bytes)
    assert options["ws_ping_interval"] < 30


@pytest.mark.parametrize(
    ("trusted", "believed"), [(("127.0.0.1",), "203.0.113.9"), (("127.0.0.0/8",), "203.0.113.9"), (("10.0.0.1",), None)]
)
async def test_a_proxy_is_believed_only_if_it_is_one_of_ours(trusted: tuple[str, ...], believed: str | None) -> None:
    seen: list[str] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        seen.append(scope["client"][0])
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    own = OWN.model_copy(update={"trusted_proxies": trusted})
    async with serving(app, own) as (place, _):
        await answer_to(
            place, b"GET / HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 203.0.113.9\r\nConnection: close\r\n\r\n"
        )
    assert seen == [believed or "127.0.0.1"]
