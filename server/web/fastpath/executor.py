"""The executor in front: what a plan can answer, it answers; everything else the reference executor does."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing

import orjson
import strawberry
import structlog

from schema.context import Context
from server import database, metrics
from server.web.fastpath.operation import PlannedOperations
from server.web.fastpath.unusual import Unusual
from server.web.graphql.executor import Answer, Operation, ReferenceExecutor

_log = structlog.get_logger("parley.fastpath")
_MOST_NOTED = 1_000


class FastExecutor:
    """Answers queries by plan. Errors always have the reference executor's form, for it tells all of them."""

    def __init__(self, schema: strawberry.Schema) -> None:
        self._reference = ReferenceExecutor(schema)
        self._planned = PlannedOperations(schema)
        self._noted: set[tuple[str, str | None, str]] = set()

    async def answer(self, operation: Operation, context: Context) -> Answer:
        """The response to a query or a mutation."""
        if operation.kind != "query":
            return await self._reference.answer(operation, context)
        try:
            return Answer(await self.body(operation, context))
        except Exception as error:  # noqa: BLE001 - a query may be run again, and then the reference tells what is wrong
            self._note(operation, error)
        return await self._reference.answer(operation, context)

    async def body(self, operation: Operation, context: Context) -> bytes:
        """The response to a query by plan, as JSON; any exception means that it has to be asked of the reference."""
        if operation.document.introspects:
            raise Unusual("introspection")
        planned = self._planned.of(operation)
        variables = planned.variables(operation.variables)
        plan = planned.plan(variables, database.dialect())
        return orjson.dumps({"data": await plan.answer(context, variables)})

    async def follow(self, operation: Operation, context: Callable[[], Context]) -> AsyncGenerator[Answer, None]:
        """One response for each change, in order."""
        async with aclosing(self._reference.follow(operation, context)) as answers:
            async for answer in answers:
                yield answer

    def _note(self, operation: Operation, error: Exception) -> None:
        """The reason is counted, and logged once for an operation."""
        reason = error.reason if isinstance(error, Unusual) else "refused"
        metrics.FALLBACKS.labels(reason).inc()
        key = (operation.document.hash, operation.name, reason)
        if key not in self._noted and len(self._noted) < _MOST_NOTED:
            self._noted.add(key)
            _log.info("fastpath.fallback", operation=operation.name, reason=reason, detail=str(error)[:200])
