"""A response that is written in one piece is the one that uvicorn would have written."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from typing import Any

import pytest
from starlette.types import Receive, Scope, Send

from server import settings
from server.web.headers import head_of
from server.web.protocols import in_one_piece, send_again
from tests.server.web.graphql.serving import serving

OWN = settings.read(demo=True, public_url="https://meet.example.com")
BODY = b'{"data":{}}'
LENGTH = (b"content-length", b"%d" % len(BODY))
TYPE = (b"content-type", b"application/json; charset=utf-8")

RESPONSES: dict[str, tuple[int, list[tuple[bytes, bytes]], list[bytes]]] = {
    "plain": (200, [TYPE, LENGTH], [BODY]),
    "refused": (429, [LENGTH, TYPE, (b"retry-after", b"3")], [BODY]),
    "empty": (304, [(b"content-length", b"0"), (b"etag", b'W/"1"')], [b""]),
    "without-length": (200, [TYPE], [BODY]),
    "in-two-pieces": (200, [TYPE, LENGTH], [BODY[:4], BODY[4:]]),
    "closing": (200, [TYPE, LENGTH, (b"connection", b"close")], [BODY]),
    "latin": (200, [TYPE, LENGTH, (b"x-name", "Zoë".encode("latin-1"))], [BODY]),
    "tab": (200, [TYPE, LENGTH, (b"x-name", b"a\tb")], [BODY]),
    "too-short": (200, [TYPE, (b"content-length", b"99")], [BODY]),
    "too-long": (200, [TYPE, (b"content-length", b"3")], [BODY]),
    "split": (200, [TYPE, LENGTH, (b"x-name", b"a\r\nset-cookie: stolen=1")], [BODY]),
    "split-by-a-line-feed": (200, [TYPE, LENGTH, (b"x-name", b"a\nset-cookie: stolen=1")], [BODY]),
    "split-in-a-name": (200, [TYPE, LENGTH, (b"x-a: b\r\nx-name", b"c")], [BODY]),
    "returning": (200, [TYPE, LENGTH, (b"x-name", b"a\rb")], [BODY]),
    "nothing": (200, [TYPE, LENGTH, (b"x-name", b"a\0b")], [BODY]),
}
ASKED = (
    "GET {} HTTP/1.1\r\n",
    "HEAD {} HTTP/1.1\r\n",
    "GET {} HTTP/1.0\r\n",
    "GET {} HTTP/1.1\r\nConnection: close\r\n",
)


async def answer(scope: Scope, receive: Receive, send: Send) -> None:
    """`/once/plain` as the app would send it, `/joined/plain` in one piece, `/again/plain` as sent before."""
    if scope["type"] != "http":
        return
    _, way, name = scope["path"].split("/")
    status, headers, pieces = RESPONSES[name]
    if way == "again":
        await send_again(send, status, headers[:1], head_of(headers[:1]), headers[1:], pieces[0])
        return
    send = in_one_piece(send) if way == "joined" else send
    await send({"type": "http.response.start", "status": status, "headers": headers})
    for number, piece in enumerate(pieces, start=1):
        await send({"type": "http.response.body", "body": piece, "more_body": number < len(pieces)})


@pytest.fixture
async def place() -> AsyncIterator[str]:
    async with serving(answer, OWN) as (place, _):
        yield place


async def told(place: str, *requests: bytes) -> bytes:
    """All that comes back, but for the date."""
    host, port = place.split(":")
    async with asyncio.timeout(5):
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(b"".join(requests))
        try:
            found = await reader.read()
        finally:
            writer.close()
    return re.sub(rb"(?m)^date: .*\r\n", b"", found)


def request(asked: str, path: str) -> bytes:
    return f"{asked.format(path)}Host: meet\r\n\r\n".encode()


LAST: Any = request("GET {} HTTP/1.1\r\nConnection: close\r\n", "/once/plain")


@pytest.mark.parametrize("asked", ASKED)
@pytest.mark.parametrize("name", RESPONSES)
async def test_one_piece_holds_the_same_bytes(place: str, name: str, asked: str) -> None:
    once = await told(place, request(asked, f"/once/{name}"), LAST)
    joined = await told(place, request(asked, f"/joined/{name}"), LAST)
    assert b"\r\nset-cookie" not in joined
    # Uvicorn sends a head before it finds that the body does not fit it, and one of its own for a head it refuses.
    assert joined == once


@pytest.mark.parametrize("asked", ASKED)
@pytest.mark.parametrize("name", ["plain", "refused", "empty"])
async def test_a_response_that_is_sent_again_holds_the_same_bytes(place: str, name: str, asked: str) -> None:
    once = await told(place, request(asked, f"/once/{name}"), LAST)
    assert await told(place, request(asked, f"/again/{name}"), LAST) == once


async def test_requests_sent_together_are_answered_in_their_order(place: str) -> None:
    names = ["plain", "refused", "without-length", "plain"]
    answers = await told(place, *(request(ASKED[0], f"/joined/{name}") for name in names), LAST)
    assert re.findall(rb"HTTP/1.1 (\d+)", answers) == [b"200", b"429", b"200", b"200", b"200"]
