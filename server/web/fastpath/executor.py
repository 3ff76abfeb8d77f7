"""The executor in front: what a plan can answer, it answers; everything else the reference executor does."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing

import orjson
import strawberry
import structlog

from schema.context import Context
from server import database, metrics
from server.web.fastpath.kept import FOUND, MADE, MOST_BYTES_ASKED, KeptAnswers, Parts, moment_of
from server.web.fastpath.once import Done, replaying
from server.web.fastpath.operation import PlannedOperations
from server.web.fastpath.subscriptions import LogSubscriptions
from server.web.fastpath.unusual import Unusual
from server.web.graphql.executor import Answer, Followed, Operation, ReferenceExecutor

_log = structlog.get_logger("parley.fastpath")
_MOST_NOTED = 1_000


class FastExecutor:
    """Answers queries, mutations and subscriptions to the log by plan. Errors are told by the reference executor."""

    def __init__(self, schema: strawberry.Schema) -> None:
        self._reference = ReferenceExecutor(schema)
        self._planned = PlannedOperations(schema)
        self._subscriptions = LogSubscriptions(schema, self._planned, self._reference, self._note)
        self._kept = KeptAnswers()
        self._noted: set[tuple[str, str | None, str]] = set()

    async def answer(self, operation: Operation, context: Context) -> Answer:
        """The response to a query or a mutation. Whatever a mutation did before a plan failed is not done again."""
        done: Done = {}
        try:
            return await self._kept_or_made(operation, context, done)
        except database.TooLong:
            # The reference executor would only take longer.
            raise
        except Exception as error:  # noqa: BLE001 - whatever it was, the reference executor tells it in the one form
            self._note(operation, error)
        if operation.kind == "query" or not done:
            return await self._reference.answer(operation, context)
        return await self._reference.answer(operation, context, replaying(done, context.read))

    async def _kept_or_made(self, operation: Operation, context: Context, done: Done) -> Answer:
        viewer = context.viewer
        if viewer is None or not self._planned.of(operation).may_be_kept:
            return Answer(await self.body(operation, context, done))
        asked = orjson.dumps(operation.variables)
        if len(asked) > MOST_BYTES_ASKED:
            return Answer(await self.body(operation, context, done))
        key = (operation.document.hash, operation.name, asked, viewer)
        moment = await moment_of(viewer.account_id, context.data_version)
        kept = self._kept.found(key, moment)
        (MADE if kept is None else FOUND).inc()
        if kept is None:
            body = await self.body(operation, context, done, Parts(self._kept, viewer, moment))
            kept = self._kept.keep(key, moment, body)
        return kept

    async def body(self, operation: Operation, context: Context, done: Done, parts: Parts | None = None) -> bytes:
        """The response by plan, as JSON; after an exception the reference does what is not done."""
        if operation.document.introspects:
            raise Unusual("introspection")
        planned = self._planned.of(operation)
        variables = planned.variables(operation.variables)
        plan = planned.plan(variables, database.dialect())
        return orjson.dumps({"data": await plan.answer(context, variables, done, parts if plan.is_mixed else None)})

    def followed(self, operation: Operation, context: Callable[[], Context]) -> Followed | None:
        """The subscription, if it is one to the change log and may begin."""
        try:
            return self._subscriptions.followed(operation, context)
        except Exception as error:  # noqa: BLE001 - whatever it was, the reference executor tells it in the one form
            self._note(operation, error)
            return None

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
