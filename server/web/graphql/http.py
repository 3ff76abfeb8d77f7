"""POST and GET of /graphql (GraphQL over HTTP): from the request to a response or a stream of them."""

from __future__ import annotations

from typing import Any

import orjson
from starlette.datastructures import Headers
from starlette.types import Receive, Scope, Send

from server.web.graphql.answering import Response, answered, compressed, json_headers, refused, revalidated
from server.web.graphql.asked_again import left_for_later
from server.web.graphql.asking import Asked, asked_of, json_of
from server.web.graphql.caller import Caller
from server.web.graphql.cross_site import preflight_headers
from server.web.graphql.errors import refusal_of
from server.web.graphql.executor import Answer
from server.web.graphql.multipart import send_parts
from server.web.graphql.negotiation import MULTIPART
from server.web.graphql.operations import Operations, Prepared, too_many
from server.web.graphql.refusals import RequestRefused
from server.web.graphql.resuming import resumed
from server.web.graphql.sse import send_events, send_refusal
from server.web.graphql.visit import Visit

MOST_IN_A_BATCH = 10


class HttpDoor:
    """The ASGI app behind `/graphql` for everything but websockets."""

    def __init__(self, operations: Operations) -> None:
        self._operations = operations
        self._settings = operations.settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one HTTP request."""
        if scope["method"] == "OPTIONS":
            shared = preflight_headers(Headers(scope=scope), self._settings)
            await Response(204, b"", {"allow": "GET, POST", **shared}).send(send)
            return
        visit = Visit(scope, self._settings)
        try:
            await self._serve(visit, receive, send)
        except RequestRefused as refusal:
            response = refused(refusal, visit.media_type, visit.said)
            await compressed(response, visit.headers).send(send)
        except Exception as error:  # the last door: what was not foreseen is logged and told as that
            if visit.is_streaming:
                raise
            await refused(refusal_of(error), visit.media_type, visit.said).send(send)

    async def _serve(self, visit: Visit, receive: Receive, send: Send) -> None:
        visit.check_form()
        caller = await self._operations.caller(visit.scope, visit.headers.get("authorization"))
        self._take(visit, caller)
        given = visit.asked_in_address() if visit.is_get else json_of(await body_of(receive))
        if isinstance(given, list):
            visit.check_takes_json()
            await (await self._batch(given, visit, caller)).send(send)
            return
        asked = given if isinstance(given, Asked) else asked_of(given)
        try:
            prepared = self._operations.prepared(asked, caller)
        except RequestRefused as refusal:
            if not (refusal.was_understood and visit.wants_events):
                raise
            await send_refusal(refusal, visit, send)
            return
        if visit.is_get and prepared.operation.kind == "mutation":
            raise RequestRefused("A mutation must be sent by POST.", status=405, headers={"allow": "POST"})
        if prepared.operation.kind == "subscription" or visit.wants_events:
            await self._stream(prepared, visit, caller, receive, send)
            return
        visit.check_takes_json()
        await (await self._single(prepared, asked, visit, caller)).send(send)

    def _take(self, visit: Visit, caller: Caller) -> None:
        allowance = self._operations.rates.take(*caller.limit)
        visit.said.update(allowance.headers())
        if allowance.is_exceeded:
            raise too_many("Too many requests.", allowance.headers())

    async def _single(self, prepared: Prepared, asked: Asked, visit: Visit, caller: Caller) -> Response:
        answer = await self._answer(prepared, visit, caller)
        response = answered(answer, visit.media_type, visit.said)
        if visit.is_get and asked.hash is not None and not answer.has_errors:
            response = revalidated(response, answer, visit.headers)
        if prepared.operation.kind == "mutation":
            # It may answer with a new token beside the caller's own words; compressing both would leak it (BREACH).
            return response
        response = compressed(response, visit.headers, answer) if response.body else response
        left_for_later(visit.scope, caller, answer, response)
        return response

    async def _answer(self, prepared: Prepared, visit: Visit, caller: Caller) -> Answer:
        visit.scope["operation"] = prepared.operation.name
        answer = await self._operations.answer(prepared, caller)
        if visit.headers.get("x-cost") != "1":
            return answer
        cost = {"requested": prepared.cost, "limit": self._settings.limit_cost}
        return answer.with_extension("cost", cost)

    async def _batch(self, given: list[Any], visit: Visit, caller: Caller) -> Response:
        if not 1 <= len(given) <= MOST_IN_A_BATCH:
            raise RequestRefused(f"A batch holds 1 to {MOST_IN_A_BATCH} operations; this one holds {len(given)}.")
        bodies = [await self._in_batch(one, index, visit, caller) for index, one in enumerate(given)]
        # Not compressed: a mutation may be among them (BREACH).
        return Response(200, b"[" + b",".join(bodies) + b"]", {**json_headers(visit.media_type), **visit.said})

    async def _in_batch(self, given: Any, index: int, visit: Visit, caller: Caller) -> bytes:
        try:
            if index:
                self._take(visit, caller)
                caller = caller.later()
            prepared = self._operations.prepared(asked_of(given), caller)
            if prepared.operation.kind == "subscription":
                raise RequestRefused("A subscription cannot be part of a batch.")
            return (await self._answer(prepared, visit, caller)).body
        except RequestRefused as refusal:
            return orjson.dumps({"errors": refusal.errors()})

    async def _stream(self, prepared: Prepared, visit: Visit, caller: Caller, receive: Receive, send: Send) -> None:
        in_parts = prepared.operation.kind == "subscription" and visit.stream_type == MULTIPART
        sender = send_parts if in_parts else send_events
        visit.scope["operation"] = prepared.operation.name
        visit.begin_streaming()
        operation = resumed(prepared.operation, visit.headers.get("last-event-id"))
        await sender(self._operations, prepared._replace(operation=operation), caller, visit, receive, send)


async def body_of(receive: Receive) -> bytes:
    """The whole body of a request; its length and time were bounded in front."""
    message = await receive()
    body: bytes = message.get("body", b"")
    while message.get("more_body", False):
        message = await receive()
        body += message.get("body", b"")
    return body
