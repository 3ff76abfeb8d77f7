from __future__ import annotations

import asyncio
from typing import Any

import pytest
from starlette.types import Message, Receive, Scope, Send

from server.web.body_limits import BodyLimits


async def echo(scope: Scope, receive: Receive, send: Send) -> None:
    message = await receive()
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": message.get("body", b"")})


async def asked(pieces: list[Any], *headers: tuple[bytes, bytes]) -> tuple[int | None, bytes]:
    """Status and body of the answer to a body in these pieces; a number is a pause in seconds."""
    told: list[Message] = []
    left = list(pieces)

    async def receive() -> Message:
        if left and isinstance(left[0], float):
            await asyncio.sleep(left.pop(0))
        if not left:
            return {"type": "http.disconnect"}
        body = left.pop(0)
        return {"type": "http.request", "body": body, "more_body": bool(left)}

    async def send(message: Message) -> None:
        told.append(message)

    scope = {"type": "http", "method": "POST", "path": "/", "headers": list(headers)}
    await BodyLimits(echo, most_bytes=10, seconds=0.2)(scope, receive, send)
    return (told[0]["status"], told[1]["body"]) if told else (None, b"")


LENGTH = b"content-length"
CHUNKED = (b"transfer-encoding", b"chunked")


@pytest.mark.parametrize(
    ("pieces", "headers", "expected"),
    [
        ([b"12345", b"67890"], [CHUNKED], (200, b"1234567890")),
        ([b"1234567890"], [(LENGTH, b"10")], (200, b"1234567890")),
        ([b"12345", b"678901"], [CHUNKED], (413, b"A body may have at most 10 bytes.\n")),
        ([b"x"], [(LENGTH, b"11")], (413, b"A body may have at most 10 bytes.\n")),
        ([b"x"], [(LENGTH, b"9" * 5_000)], (413, b"A body may have at most 10 bytes.\n")),
        ([b"x"], [(LENGTH, b"1"), CHUNKED], (400, b"The request must say its length once.\n")),
        ([b"x"], [(LENGTH, b"1"), (LENGTH, b"1")], (400, b"The request must say its length once.\n")),
        ([b"x"], [(LENGTH, b"-1")], (400, b"The request must say its length once.\n")),
        ([b"x"], [(LENGTH, b"1e3")], (400, b"The request must say its length once.\n")),
        ([b"x", 0.5, b"y"], [CHUNKED], (408, b"The body did not arrive within 0.2 seconds.\n")),
        ([b"x", 0.15, b"y", 0.15, b"z"], [CHUNKED], (408, b"The body did not arrive within 0.2 seconds.\n")),
        ([], [(LENGTH, b"5")], (None, b"")),
    ],
)
async def test_body(pieces: list[Any], headers: list[tuple[bytes, bytes]], expected: tuple[int | None, bytes]) -> None:
    assert await asked(pieces, *headers) == expected


async def test_request_without_a_body_goes_straight_through() -> None:
    assert await asked([b""]) == (200, b"")
