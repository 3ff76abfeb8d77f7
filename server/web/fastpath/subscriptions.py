"""Subscriptions to the change log as they can be shared: who hears the same, and what each change becomes for them."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass

import orjson
import strawberry
from graphql.execution.values import VariableValues

from resolvers.following import Following, beginning_of
from schema.context import Context
from schema.types.change import MeetingChange
from server import database
from server.changes import queries
from server.web.fastpath.arguments import arguments_of
from server.web.fastpath.operation import PlannedOperation, PlannedOperations
from server.web.fastpath.plan import Info
from server.web.fastpath.selection import Selection
from server.web.fastpath.telling import Telling
from server.web.fastpath.types import definition_of
from server.web.fastpath.unusual import Unusual
from server.web.graphql.executor import Answer, Followed, Operation, ReferenceExecutor

Note = Callable[[Operation, Exception], None]
MakeContext = Callable[[], Context]


class LogSubscriptions:
    """Finds out what a subscription follows, and with whom it can share."""

    def __init__(
        self, schema: strawberry.Schema, planned: PlannedOperations, reference: ReferenceExecutor, note: Note
    ) -> None:
        self._strawberry, self._schema = schema, schema._schema
        self._planned, self._reference, self._note = planned, reference, note

    def followed(self, operation: Operation, context: MakeContext) -> Followed | None:
        """What the operation follows; None if that is not the log. Any exception means that the reference executor has
        to be asked, which knows how to tell it."""
        planned = self._planned.of(operation)
        variables = planned.variables(operation.variables)
        asked = self._asked(operation, context, variables)
        if asked is None:
            return None
        teller = Teller(operation, context, asked, self._telling(operation, planned, variables), self)
        below = orjson.dumps([variables.coerced.get(name) for name in planned.variables_below], default=repr)
        key = (operation.document.hash, operation.name, asked.wanted, below, teller.audience)
        return Followed(key, asked.wanted, asked.after, teller.answers)

    def _asked(self, operation: Operation, context: MakeContext, variables: VariableValues) -> Following | None:
        root = self._schema.subscription_type
        if root is None:
            return None
        selection = Selection(self._schema, operation.document.node, operation.node, variables)
        (chosen,) = selection.of_root(root)
        field = definition_of(root, chosen.name)
        begin = beginning_of(field)
        if begin is None:
            return None
        given = arguments_of(self._strawberry, field, root.fields[chosen.name], chosen.node)
        return begin(info=Info(context()), **given(variables))

    def _telling(self, operation: Operation, planned: PlannedOperation, variables: VariableValues) -> Telling | None:
        try:
            return planned.telling(variables, database.dialect())
        except Unusual as unusual:
            self._note(operation, unusual)
            return None

    async def told_by_reference(self, operation: Operation, context: Context, number: int) -> Answer | None:
        """One change as the reference executor tells it; None if it is gone."""
        account_id = context.signed_in.account_id
        change = await context.read.one(MeetingChange, queries.change(account_id, number))
        return None if change is None else await self._reference.told(operation, context, change)

    def note(self, operation: Operation, error: Exception) -> None:
        """A plan could not tell a change."""
        self._note(operation, error)


@dataclass(frozen=True, slots=True)
class Teller:
    """Tells changes for everyone in one audience, as one of them would hear it."""

    operation: Operation
    context: MakeContext
    asked: Following
    telling: Telling | None
    others: LogSubscriptions

    @property
    def audience(self) -> Hashable:
        """Whom the answers are the same for: the whole account, unless a rule looks at who asks."""
        if self.telling is not None and not self.telling.asks_viewer:
            return None
        context = self.context()
        return context.viewer, context.locale

    async def answers(self, numbers: Sequence[int]) -> list[Answer | None]:
        """The changes of these numbers as they are told, in one statement; None for one that is gone."""
        context = self.context()
        if self.telling is None:
            return [await self.others.told_by_reference(self.operation, context, number) for number in numbers]
        rows = await self.telling.rows(queries.changes_numbered(self.asked.wanted.account_id, numbers))
        return [await self._answer(context, number, rows.get(number)) for number in numbers]

    async def _answer(self, context: Context, number: int, row: Sequence[object] | None) -> Answer | None:
        if row is None or self.telling is None:
            return None
        try:
            return Answer(self.telling.body(row, context.viewer))
        except Exception as error:  # noqa: BLE001 - whatever it was, the reference executor tells it in the one form
            self.others.note(self.operation, error)
            return await self.others.told_by_reference(self.operation, self.context(), number)
