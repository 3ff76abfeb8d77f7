"""`/graphql/stream`: the single connection mode of graphql-sse, where many operations share one event stream."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass, field

import orjson
from starlette.datastructures import Headers, QueryParams
from starlette.types import Receive, Scope, Send

from server import ids
from server.web.graphql.answering import Response, refused
from server.web.graphql.asking import asked_of, json_of
from server.web.graphql.caller import Caller
from server.web.graphql.cross_site import preflight_headers
from server.web.graphql.executor import Answer
from server.web.graphql.http import HttpDoor, body_of
from server.web.graphql.operations import Operations, Prepared, too_many
from server.web.graphql.pacing import departure, paced
from server.web.graphql.refusals import RequestRefused
from server.web.graphql.sse import BEAT, BEAT_SECONDS, answers_of, event, start_events
from server.web.graphql.visit import Visit

METHODS = "GET, POST, PUT, DELETE"
TOKEN_HEADER = "x-graphql-event-stream-token"
MOST_RESERVATIONS = 10_000
MOST_OPERATIONS = 100
MOST_WAITING = 100
UNUSED_SECONDS = 30.0
_BARE = {"cache-control": "no-store", "x-content-type-options": "nosniff"}


@dataclass(slots=True)
class Reservation:
    """A stream that somebody asked for: what waits to be sent over it, and the operations that feed it."""

    is_connected: bool = False
    waiting: asyncio.Queue[bytes] = field(default_factory=lambda: asyncio.Queue(MOST_WAITING))
    running: dict[str, asyncio.Task[None]] = field(default_factory=dict)


class SingleConnectionDoor:
    """PUT reserves a stream, GET opens it, POST starts an operation on it, DELETE ends one.

    A reservation lives in the process that made it, so this mode takes one worker, and a proxy that keeps a client on
    one of several servers. Without a reservation's token GET and POST are ordinary.
    """

    def __init__(self, operations: Operations, ordinary: HttpDoor) -> None:
        self._operations = operations
        self._ordinary = ordinary
        self._reservations: dict[str, Reservation] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request of the mode, or hand it on."""
        headers = Headers(scope=scope)
        if scope["method"] == "OPTIONS":
            shared = preflight_headers(headers, self._operations.settings)
            await Response(204, b"", {"allow": METHODS, **shared}).send(send)
            return
        token = headers.get(TOKEN_HEADER) or QueryParams(scope["query_string"].decode("latin-1")).get("token")
        if token is None and scope["method"] in ("GET", "POST"):
            await self._ordinary(scope, receive, send)
            return
        visit = Visit(scope, self._operations.settings)
        try:
            await self._serve(visit, token or "", receive, send)
        except RequestRefused as refusal:
            await refused(refusal, visit.media_type, visit.said).send(send)

    async def _serve(self, visit: Visit, token: str, receive: Receive, send: Send) -> None:
        caller = await self._operations.caller(visit.scope, visit.headers.get("authorization"))
        allowance = self._operations.rates.take(*caller.limit)
        visit.said.update(allowance.headers())
        if allowance.is_exceeded:
            raise too_many("Too many requests.", allowance.headers())
        method = visit.scope["method"]
        if method == "PUT":
            await self._reserve(visit, send)
        elif method == "GET":
            await self._open(self._found(token), token, visit, receive, send)
        elif method == "POST":
            await self._start(self._found(token), caller, visit, await body_of(receive), send)
        elif method == "DELETE":
            await self._stop(self._found(token), visit, send)
        else:
            raise RequestRefused(f"Use one of {METHODS}.", status=405, headers={"allow": METHODS})

    def _found(self, token: str) -> Reservation:
        if token not in self._reservations:
            raise RequestRefused("This process knows no such stream. Reserve one with PUT.", status=404)
        return self._reservations[token]

    async def _reserve(self, visit: Visit, send: Send) -> None:
        if len(self._reservations) >= MOST_RESERVATIONS:
            raise _full("Too many streams are open.")
        token = ids.new_secret()
        self._reservations[token] = Reservation()
        asyncio.get_running_loop().call_later(UNUSED_SECONDS, self._drop_unused, token)
        headers = {**visit.said, **_BARE, "content-type": "text/plain; charset=utf-8"}
        await Response(201, token.encode(), headers).send(send)

    def _drop_unused(self, token: str) -> None:
        reservation = self._reservations.get(token)
        if reservation is not None and not reservation.is_connected:
            self._forget(token)

    def _forget(self, token: str) -> None:
        for task in self._reservations.pop(token).running.values():
            task.cancel()

    async def _open(self, stream: Reservation, token: str, visit: Visit, receive: Receive, send: Send) -> None:
        if stream.is_connected:
            raise RequestRefused("The stream is open already.", status=409)
        stream.is_connected = True
        leaving = asyncio.create_task(departure(receive, self._operations.going_away))
        try:
            await start_events(send, visit)
            async for said in paced(_waiting(stream), seconds=BEAT_SECONDS, until=leaving):
                await send({"type": "http.response.body", "body": said or BEAT, "more_body": True})
        finally:
            leaving.cancel()
            self._forget(token)
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _start(self, stream: Reservation, caller: Caller, visit: Visit, body: bytes, send: Send) -> None:
        given = json_of(body)
        asked = asked_of(given)
        extensions = given.get("extensions") or {}
        id = extensions.get("operationId")
        if not isinstance(id, str) or not 1 <= len(id) <= 255:
            raise RequestRefused("Send `extensions.operationId`, a string of 1 to 255 characters.")
        if id in stream.running:
            raise RequestRefused("An operation of that id is running.", status=409)
        if len(stream.running) >= MOST_OPERATIONS:
            raise _full("Too many operations on one stream.")
        prepared = self._operations.prepared(asked, caller)
        task = asyncio.create_task(self._feed(stream, id, prepared, caller))
        stream.running[id] = task
        task.add_done_callback(lambda _: stream.running.pop(id, None))
        await Response(202, b"", {**visit.said, **_BARE}).send(send)

    async def _feed(self, stream: Reservation, id: str, prepared: Prepared, caller: Caller) -> None:
        # The queue is bounded, so an operation whose client does not read simply waits for it.
        name = orjson.dumps(id)
        async with aclosing(answers_of(self._operations, prepared, caller)) as answers:
            async for answer in answers:
                await stream.waiting.put(event("next", _with_id(name, answer)))
        await stream.waiting.put(event("complete", b'{"id":' + name + b"}"))

    async def _stop(self, stream: Reservation, visit: Visit, send: Send) -> None:
        parameters = QueryParams(visit.scope["query_string"].decode("latin-1"))
        task = stream.running.get(parameters.get("operationId", ""))
        if task is not None:
            task.cancel()
        await Response(200, b"", {**visit.said, **_BARE}).send(send)


def _full(message: str) -> RequestRefused:
    # When there is room again nobody knows; a second keeps whoever asks from asking without pause.
    return RequestRefused(message, status=429, code="RATE_LIMITED", headers={"retry-after": "1"})


def _with_id(name: bytes, answer: Answer) -> bytes:
    return b'{"id":' + name + b',"payload":' + answer.body + b"}"


async def _waiting(stream: Reservation) -> AsyncIterator[bytes]:
    while True:
        yield await stream.waiting.get()
