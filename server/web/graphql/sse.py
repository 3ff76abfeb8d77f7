"""Answers as server-sent events: one operation a request, after the distinct connections mode of graphql-sse."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing

import orjson
from starlette.types import Receive, Send

from server.web.graphql.caller import Caller
from server.web.graphql.executor import Answer, StreamEnded
from server.web.graphql.operations import Operations, Prepared
from server.web.graphql.pacing import departure, paced
from server.web.graphql.refusals import RequestRefused
from server.web.graphql.visit import Visit

BEAT_SECONDS = 12.0
BEAT = b":\n\n"


async def send_events(
    operations: Operations, prepared: Prepared, caller: Caller, visit: Visit, receive: Receive, send: Send
) -> None:
    """Every answer was sent as an event `next`, then `complete`; or the client left."""
    await start_events(send, visit)
    leaving = asyncio.create_task(departure(receive, operations.going_away))
    try:
        async with aclosing(answers_of(operations, prepared, caller)) as answers:
            async for answer in paced(answers, seconds=BEAT_SECONDS, until=leaving):
                await _chunk(send, BEAT if answer is None else event("next", answer.body, id=cursor_in(answer.body)))
        if not leaving.done():
            await _chunk(send, event("complete", b""))
    finally:
        leaving.cancel()
    await send({"type": "http.response.body", "body": b"", "more_body": False})


async def send_refusal(refusal: RequestRefused, visit: Visit, send: Send) -> None:
    """Why nothing is executed was sent as an event `next`, then `complete`, as graphql-sse has it."""
    visit.begin_streaming()
    await start_events(send, visit)
    await _chunk(send, event("next", orjson.dumps({"errors": refusal.errors()})))
    await send({"type": "http.response.body", "body": event("complete", b""), "more_body": False})


async def start_events(send: Send, visit: Visit) -> None:
    """The response has begun and proxies are told to let each event through at once."""
    headers = {
        **visit.said,
        "content-type": "text/event-stream; charset=utf-8",
        "cache-control": "no-store",
        "x-content-type-options": "nosniff",
        "x-accel-buffering": "no",
    }
    raw = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": 200, "headers": raw})
    await _chunk(send, BEAT)


async def answers_of(operations: Operations, prepared: Prepared, caller: Caller) -> AsyncGenerator[Answer, None]:
    """The one answer of a query or mutation, or those of a subscription; what ends it early is its last answer."""
    if prepared.operation.kind != "subscription":
        yield await operations.answer(prepared, caller)
        return
    try:
        async with aclosing(operations.follow(prepared, caller)) as answers:
            async for answer in answers:
                yield answer
    except StreamEnded as ended:
        yield Answer(orjson.dumps({"errors": ended.errors}), was_run=False, has_errors=True)


def event(kind: str, data: bytes, *, id: str | None = None) -> bytes:
    """One event, its lines ended by LF alone; JSON holds no line breaks, so the data is one line."""
    head = f"id: {id}\n" if id is not None else ""
    return f"{head}event: {kind}\ndata: ".encode() + data + b"\n\n"


def cursor_in(body: bytes) -> str | None:
    """The `cursor` of the change in an answer, if the client asked for it: where to resume after it."""
    data = orjson.loads(body).get("data")
    for change in (data or {}).values():
        cursor = change.get("cursor") if isinstance(change, dict) else None
        if isinstance(cursor, str) and cursor.isprintable():
            return cursor
    return None


async def _chunk(send: Send, data: bytes) -> None:
    await send({"type": "http.response.body", "body": data, "more_body": True})
