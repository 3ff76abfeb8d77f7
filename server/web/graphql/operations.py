"""From what a client asks to an operation that may run, and its answer: the same for every transport."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from typing import NamedTuple

import orjson
import strawberry
from graphql import OperationDefinitionNode
from starlette.types import Scope

from schema.errors import TOO_LONG, ProblemCode
from server import database, metrics
from server.settings import Settings
from server.web.fan_out.groups import Groups
from server.web.fan_out.stream import Stream
from server.web.fastpath.executor import FastExecutor
from server.web.graphql.asking import Asked
from server.web.graphql.caller import Caller, address_of, caller_of
from server.web.graphql.cost import cost_of, sizes_given
from server.web.graphql.documents import Document, Documents
from server.web.graphql.errors import as_graphql_error, error_list
from server.web.graphql.executor import Answer, Executor, Followed, Operation, StreamEnded
from server.web.graphql.refusals import RequestRefused, document_refused
from server.web.rate_limits import RateLimits

MOST_COSTS = 100


class Prepared(NamedTuple):
    """An operation that may run for this caller, and the points it is expected to cost."""

    operation: Operation
    cost: int


class Operations:
    """What the transports share: the registry of documents, the limits and the executor."""

    def __init__(self, schema: strawberry.Schema, settings: Settings) -> None:
        self.settings = settings
        self.rates = RateLimits(settings)
        self.documents = Documents(schema._schema, settings)
        self.groups = Groups()
        self.going_away = asyncio.Event()
        self._schema = schema._schema
        self._executor: Executor = FastExecutor(schema)

    async def caller(self, scope: Scope, authorization: str | None) -> Caller:
        """Who asks. A wrong token is refused, and counted for its address, so that nobody can try them all."""
        try:
            return await caller_of(scope, authorization)
        except RequestRefused as refusal:
            allowance = self.rates.take("visitor", address_of(scope))
            refusal.headers.update(allowance.headers())
            if allowance.is_exceeded:
                raise too_many("Too many requests.", allowance.headers()) from None
            raise

    def prepared(self, asked: Asked, caller: Caller) -> Prepared:
        """The operation asked for, within every limit; the refusal says which one it breaks."""
        document = self.documents.asked_for(asked, is_trusted=caller.may_introspect)
        if document.introspects and not caller.may_introspect:
            raise document_refused("Reading the schema needs the scope schema:introspect.", code="FORBIDDEN")
        node = document.operation(asked.operation_name)
        cost = self._cost(document, node, asked.variables)
        self._take_stricter(document, node, caller)
        return Prepared(Operation(document, node, asked.variables), cost)

    async def answer(self, prepared: Prepared, caller: Caller) -> Answer:
        """The response to a query or a mutation, for a caller who was proven for it. A query that takes too long is
        given up, and answered as that."""
        context = caller.context(data_version=caller.data_version)
        if prepared.operation.kind != "query":
            return await self._executor.answer(prepared.operation, context)
        try:
            async with asyncio.timeout(self.settings.limit_query_seconds):
                return await self._executor.answer(prepared.operation, context)
        except (TimeoutError, database.TooLong):
            metrics.QUERIES_GIVEN_UP.inc()
            refusal = document_refused(TOO_LONG, code=ProblemCode.TIME_LIMIT)
            return Answer(orjson.dumps({"errors": refusal.errors()}), was_run=False, has_errors=True)

    async def follow(self, prepared: Prepared, caller: Caller) -> AsyncGenerator[Answer, None]:
        """One response for each change; `StreamEnded` says why there are no more."""
        followed = self.followed(prepared, caller)
        if followed is not None:
            async with aclosing(self._shared(followed, caller)) as answers:
                async for answer in answers:
                    yield answer
            return
        metrics.SUBSCRIBERS.inc()
        try:
            async with aclosing(self._executor.follow(prepared.operation, caller.context)) as answers:
                async for answer in answers:
                    yield answer
        finally:
            metrics.SUBSCRIBERS.dec()

    def followed(self, prepared: Prepared, caller: Caller) -> Followed | None:
        """A subscription to the change log, to be joined through `groups`; None for anything else."""
        if prepared.operation.kind != "subscription":
            return None
        return self._executor.followed(prepared.operation, caller.later().context)

    async def _shared(self, followed: Followed, caller: Caller) -> AsyncGenerator[Answer, None]:
        stream = Stream(caller.viewer, followed.after)
        try:
            async with aclosing(stream.answers(self.groups, followed)) as answers:
                async for answer in answers:
                    yield answer
        except Exception as error:
            raise StreamEnded(error_list([as_graphql_error(error)])) from error

    def _cost(self, document: Document, node: OperationDefinitionNode, variables: Mapping[str, object]) -> int:
        key = (node.name.value if node.name else "", sizes_given(document.sizes, variables))
        cost = document.costs.get(key)
        if cost is None:
            cost = cost_of(self._schema, document.node, node, variables)
            if len(document.costs) < MOST_COSTS:
                document.costs[key] = cost
        if cost > self.settings.limit_cost:
            raise document_refused(
                f"This operation may cost {cost} points, and {self.settings.limit_cost} is the most. "
                "Ask for fewer entries (`first`) or fewer nested lists.",
                code="COST_LIMIT",
            )
        return cost

    def _take_stricter(self, document: Document, node: OperationDefinitionNode, caller: Caller) -> None:
        """Count the root fields that have a limit of their own, by address: guessing has no token."""
        for name in document.roots[node.name.value if node.name else ""]:
            if not self.rates.is_limited(name):
                continue
            allowance = self.rates.take(name, caller.address)
            if allowance.is_exceeded:
                raise too_many(f"Too many attempts of {name}.", allowance.headers())


def too_many(message: str, headers: Mapping[str, str]) -> RequestRefused:
    """The refusal of a caller who asks too often."""
    again = f"{message} Try again in {headers['retry-after']} seconds."
    return RequestRefused(again, code="RATE_LIMITED", status=429, headers=headers)
