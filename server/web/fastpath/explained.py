"""How an operation would be answered, for whoever wrote it: the SQL of its root fields, or why there is none."""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

import strawberry
from graphql import OperationDefinitionNode, OperationType, get_variable_values
from graphql.execution.values import VariableValues

from schema.context import context_for
from server.accounts.viewer import Viewer
from server.database.connection import Dialect
from server.database.rows import Rows
from server.web.fastpath.dialects import TONGUES
from server.web.fastpath.plan import Door, Planner
from server.web.fastpath.reader import Page, PlannedReader
from server.web.fastpath.selection import Chosen, Selection
from server.web.fastpath.statement import Statement
from server.web.fastpath.types import definition_of
from server.web.fastpath.unusual import Unusual
from server.web.graphql.documents import Document
from server.web.graphql.roots import root_fields

_BEYOND = "…"


@dataclass(frozen=True, slots=True)
class Sql:
    """A statement, and the parameters it was asked with; None where only the field itself will know its rows."""

    text: str
    parameters: Sequence[Any] | None


@dataclass(frozen=True, slots=True)
class ExplainedField:
    """A root field: what it reads and the function that completes it, or the reason why the reference executor does
    both."""

    name: str
    statements: tuple[Sql, ...] = ()
    completion: str = ""
    fallback: str | None = None


class _Dry(PlannedReader):
    """Notes what would be read, and finds nothing."""

    def __init__(self, reader: PlannedReader, tongue: Any) -> None:
        super().__init__(tongue, reader.statements)
        self.noted: list[tuple[type[Any], Sql]] = []

    async def one(self, type_: type[Any], rows: Rows) -> Any:
        self._note(type_, rows, self._statement(type_, rows).text(rows, 1))

    async def many(self, type_: type[Any], rows: Rows) -> list[Any]:
        self._note(type_, rows, self._statement(type_, rows).text(rows, rows.limit))
        return []

    async def page(self, type_: type[Any], rows: Rows, first: int, after: str | None) -> Any:
        statement, asked = self._statement(type_, rows), rows.page(first, after)
        self._note(type_, asked, statement.text(asked, first + 1, with_order=True))
        return Page([], first, slice(0))

    def _note(self, type_: type[Any], rows: Rows, text: str) -> None:
        self.noted.append((type_, Sql(text, rows.parameters)))


async def explained(
    schema: strawberry.Schema,
    document: Document,
    node: OperationDefinitionNode,
    given: Mapping[str, Any],
    *,
    viewer: Viewer | None,
    dialect: Dialect,
) -> list[ExplainedField]:
    """What becomes of each root field with these variables, for this viewer. No database is asked and no act is done:
    a query's doors are told that there is nothing, an act's are not opened."""
    root = schema._schema.get_root_type(node.operation)
    variables = get_variable_values(schema._schema, node.variable_definitions or (), dict(given))
    if root is None or isinstance(variables, list) or document.introspects:
        reason = f"variables: {variables[0].message}" if isinstance(variables, list) else "introspection"
        return [ExplainedField(one.name.value, fallback=reason) for one in root_fields(document.node, node)]
    selection = Selection(schema._schema, document.node, node, variables)
    planner = Planner(schema, selection, TONGUES[dialect])
    is_query = node.operation is OperationType.QUERY
    if node.operation is OperationType.SUBSCRIPTION:
        return [_subscribed(planner, root, one) for one in selection.of_root(root)]
    return [
        await _field(planner, root, one, variables, viewer if is_query else None, dialect, is_query=is_query)
        for one in selection.of_root(root)
    ]


async def _field(
    planner: Planner,
    root: Any,
    chosen: Chosen,
    variables: VariableValues,
    viewer: Viewer | None,
    dialect: Dialect,
    *,
    is_query: bool,
) -> ExplainedField:
    if chosen.name == "__typename":
        return ExplainedField(chosen.key, completion=repr(root.name))
    try:
        door = planner.door(root, chosen, definition_of(root, chosen.name), is_root=True)
    except Unusual as unusual:
        return ExplainedField(chosen.key, fallback=str(unusual))
    doors = (door, *door.inner)
    found = [sql for one in doors for sql in await _read(one, variables, viewer, dialect, is_opened=is_query)]
    return ExplainedField(chosen.key, tuple(found), "\n".join(inspect.getsource(one.complete) for one in doors))


async def _read(
    door: Door, variables: VariableValues, viewer: Viewer | None, dialect: Dialect, *, is_opened: bool
) -> list[Sql]:
    dry = _Dry(door.reader, TONGUES[dialect])
    if is_opened:
        # A door that wants a database is not opened any further, and its shapes are told.
        with suppress(Exception):
            await replace(door, reader=dry).answer(context_for(viewer), variables, {})
    asked = {type_ for type_, _ in dry.noted}
    shapes = [_shape(one) for type_, one in door.reader.statements.items() if type_ not in asked]
    return [*(sql for _, sql in dry.noted), *shapes]


def _subscribed(planner: Planner, root: Any, chosen: Chosen) -> ExplainedField:
    try:
        telling = planner.telling(root)
    except Unusual as unusual:
        return ExplainedField(chosen.key, fallback=str(unusual))
    shapes = tuple(_shape(one) for one in telling.reader.statements.values())
    return ExplainedField(chosen.key, shapes, inspect.getsource(telling.complete))


def _shape(statement: Statement) -> Sql:
    """The statement without its rows, which only the door knows."""
    text = statement.text(Rows(statement.root.model, _BEYOND, ()), 0)
    return Sql(f"{text.partition(f' WHERE {_BEYOND}')[0]} WHERE {_BEYOND}", None)
