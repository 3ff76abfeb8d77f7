"""Answers as parts of a multipart body, as Apollo's clients read subscriptions over HTTP (subscriptionSpec=1.0)."""

from __future__ import annotations

import asyncio
from contextlib import aclosing

from starlette.types import Receive, Send

from server.web.graphql.caller import Caller
from server.web.graphql.executor import Answer
from server.web.graphql.operations import Operations, Prepared
from server.web.graphql.pacing import departure, paced
from server.web.graphql.sse import answers_of
from server.web.graphql.visit import Visit

BEAT_SECONDS = 5.0
_OPEN = b"--graphql\r\ncontent-type: application/json\r\n\r\n"


async def send_parts(
    operations: Operations, prepared: Prepared, caller: Caller, visit: Visit, receive: Receive, send: Send
) -> None:
    """Every answer of a subscription was sent as a part; or the client left. A part `{}` shows that the connection
    lives."""
    await _start(send, visit)
    leaving = asyncio.create_task(departure(receive, operations.going_away))
    try:
        async with aclosing(answers_of(operations, prepared, caller)) as answers:
            async for answer in paced(answers, seconds=BEAT_SECONDS, until=leaving):
                await _send_part(send, _body(answer))
    finally:
        leaving.cancel()
    await send({"type": "http.response.body", "body": b"--graphql--\r\n", "more_body": False})


async def _start(send: Send, visit: Visit) -> None:
    headers = {
        **visit.said,
        "content-type": 'multipart/mixed; boundary="graphql"; subscriptionSpec=1.0',
        "cache-control": "no-store",
        "x-content-type-options": "nosniff",
        "x-accel-buffering": "no",
    }
    raw = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": 200, "headers": raw})
    await _send_part(send, b"{}")


def _body(answer: Answer | None) -> bytes:
    if answer is None:
        return b"{}"
    if not answer.was_run:
        # An end of the whole stream stands beside the payload, not in it (Apollo, multipart subscription protocol).
        return b'{"payload":null,' + answer.body[1:]
    return b'{"payload":' + answer.body + b"}"


async def _send_part(send: Send, body: bytes) -> None:
    await send({"type": "http.response.body", "body": _OPEN + body + b"\r\n", "more_body": True})
