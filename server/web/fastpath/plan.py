"""How one operation is answered: its doors in order, what each of them reads, and how it is completed."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any

import strawberry
from graphql import (
    GraphQLInterfaceType,
    GraphQLObjectType,
    is_interface_type,
    is_leaf_type,
    is_list_type,
    is_object_type,
)
from graphql.execution.values import VariableValues
from strawberry.types.field import StrawberryField

from schema.context import Context
from schema.reading import model_of
from server.web.fastpath.acts import Act, takes_key
from server.web.fastpath.arguments import Given, arguments_of
from server.web.fastpath.completion import Complete, Completion
from server.web.fastpath.dialects import Tongue
from server.web.fastpath.kept import Parts
from server.web.fastpath.once import Done
from server.web.fastpath.reader import PlannedReader
from server.web.fastpath.records import Records
from server.web.fastpath.selection import Chosen, Selection, has_variables
from server.web.fastpath.shapes import Constant, Each, Handed, Inner, Plain, Value, Written
from server.web.fastpath.statement import Statement
from server.web.fastpath.telling import Telling
from server.web.fastpath.types import Asked, asked_of, class_of, definition_of, taken_apart
from server.web.fastpath.unusual import Unusual
from server.web.fastpath.whole import Beyond, Shown, shown_from_whole, whole_field

_NATIVE = {"String": str, "ID": str, "TimeZone": str, "Int": int, "Boolean": bool}


class Info:
    """All that a door is told here of the question: the context. Whatever else it looks for ends the fast path."""

    __slots__ = ("context",)

    def __init__(self, context: Context) -> None:
        self.context = context


@dataclass(frozen=True, slots=True, eq=False)
class Door:
    """A field with a resolver, and what becomes of its answer. `is_steady` when nothing that a request may vary has a
    say in it."""

    key: str
    resolve: Callable[..., Awaitable[Any]]
    given: Given
    info: str | None
    reader: PlannedReader
    inner: tuple[Door, ...]
    complete: Complete
    is_steady: bool

    async def answer(self, context: Context, variables: VariableValues, done: Done, *source: object) -> Any:
        """The field's entry, completed. What the resolver answered is `done` from then on, an exception too."""
        try:
            value = done[self.key] = await self._resolved(context, variables, *source)
        except Exception as error:
            done[self.key] = error
            raise
        return self.complete(value, context.viewer, await self._below(value, context, variables))

    async def ask(self, context: Context, variables: VariableValues) -> tuple[Any, Sequence[Any]]:
        """What the resolver answered, and the entries of the fields with a resolver below it."""
        value = await self._resolved(context, variables)
        return value, await self._below(value, context, variables)

    async def _resolved(self, context: Context, variables: VariableValues, *source: object) -> Any:
        given = self.given(variables)
        if self.info is not None:
            given[self.info] = Info(through(self.reader, context))
        return await self.resolve(*source, **given)

    async def _below(self, value: Any, context: Context, variables: VariableValues) -> Sequence[Any]:
        if not self.inner or value is None:
            return ()
        return [await door.answer(context, variables, {}, value) for door in self.inner]


def through(reader: PlannedReader, context: Context) -> Context:
    """The same question, read through a door's own reader."""
    return Context(context.viewer, reader, context.address, context.locale, context.request_id)


@dataclass(frozen=True, slots=True)
class Plan:
    """The root entries of an operation in their order: a door, or a constant such as `__typename`. `is_mixed` when some
    of them are steady, and others not."""

    entries: tuple[tuple[str, Door | Act | str], ...]
    is_mixed: bool

    async def answer(
        self, context: Context, variables: VariableValues, done: Done, parts: Parts | None = None
    ) -> dict[str, Any]:
        """The data of the answer. Any exception means that the reference executor has to be asked for what is not
        `done`. `parts` may know the steady entries already."""
        data: dict[str, Any] = {}
        for key, entry in self.entries:
            if isinstance(entry, str):
                data[key] = entry
            elif parts is not None and isinstance(entry, Door) and entry.is_steady:
                data[key] = await parts.entry(entry, partial(entry.answer, context, variables, done))
            else:
                data[key] = await entry.answer(context, variables, done)
        return data


class Planner:
    """Makes the plan of one selection. `name` tells its operation from every other one."""

    def __init__(self, schema: strawberry.Schema, selection: Selection, tongue: Tongue, name: str = "") -> None:
        self._strawberry, self._schema = schema, schema._schema
        self._selection, self._tongue, self._name = selection, tongue, name

    def plan(self, root: GraphQLObjectType) -> Plan:
        """The plan. `Unusual` says what it has no form for."""
        entries = tuple((one.key, self._root(root, one)) for one in self._selection.of_root(root))
        doors = [entry for _, entry in entries if isinstance(entry, Door)]
        return Plan(entries, is_mixed=0 < sum(door.is_steady for door in doors) < len(doors))

    def telling(self, root: GraphQLObjectType) -> Telling:
        """The plan of a subscription to changes of the log, whose one root field hands out rows."""
        (chosen,) = self._selection.of_root(root)
        values = Values(self, {}, may_have_doors=False)
        completion = Completion(values.value(chosen, root.fields[chosen.name].type))
        if len(values.statements) != 1:
            raise Unusual("type", f"{chosen.name} is not read from a table")
        ((type_, statement),) = values.statements.items()
        number = statement.column(statement.root, "number")
        reader = PlannedReader(self._tongue, values.statements)
        return Telling(chosen.key, type_, reader, completion.function(), number, completion.asks_viewer)

    def _root(self, root: GraphQLObjectType, chosen: Chosen) -> Door | Act | str:
        if chosen.name == "__typename":
            return root.name
        door = self.door(root, chosen, definition_of(root, chosen.name), is_root=True)
        is_act = root is self._schema.mutation_type and takes_key(root.fields[chosen.name])
        return self._act(root, chosen, door) if is_act else door

    def _act(self, root: GraphQLObjectType, chosen: Chosen, plain: Door) -> Act:
        door = self.door(root, chosen, definition_of(root, chosen.name), is_root=True)
        whole: Complete | None = None
        shown: Shown | None = None
        type_ = root.fields[chosen.name].type
        with suppress(Unusual):
            selection, everything = whole_field(self._schema, root, chosen.name)
            # Read with the same statements, so that the rows that a verb's door is handed hold both.
            values = Values(
                Planner(self._strawberry, selection, self._tongue), door.reader.statements, may_have_doors=False
            )
            whole = Completion(values.value(everything, type_)).function()
        with suppress(Beyond):
            shown = shown_from_whole(self._selection, chosen, type_)
        return Act(
            chosen.key, f"{self._name}/{chosen.key}", chosen.node, plain.answer, door.ask, door.complete, whole, shown
        )

    def door(self, parent: GraphQLObjectType, chosen: Chosen, field: StrawberryField, *, is_root: bool) -> Door:
        """The field of `parent` that a resolver answers; inner doors stand only directly below a root field."""
        resolver, place = field.base_resolver, f"{parent.name}.{chosen.name}"
        if resolver is None or not inspect.iscoroutinefunction(resolver.wrapped_func) or resolver.parent_parameter:
            raise Unusual("resolver", place)
        values = Values(self, {}, may_have_doors=is_root)
        complete = Completion(values.value(chosen, parent.fields[chosen.name].type)).function()
        return Door(
            chosen.key,
            resolver.wrapped_func,
            arguments_of(self._strawberry, field, parent.fields[chosen.name], chosen.node),
            resolver.info_parameter.name if resolver.info_parameter else None,
            PlannedReader(self._tongue, values.statements),
            tuple(values.doors),
            complete,
            not has_variables(chosen.node) and all(inner.is_steady for inner in values.doors),
        )

    def statement(self, type_: GraphQLObjectType, tag: str | None) -> Statement:
        """An empty statement over the table of a reading type."""
        model = model_of(class_of(type_))
        if model is None:
            raise Unusual("type", f"{type_.name} is not read from a table")
        return Statement(model, self._tongue, tag=tag)

    def below(self, chosen: Chosen, type_: GraphQLObjectType) -> list[Chosen]:
        """The entries of an object at `chosen`."""
        return self._selection.below(chosen, type_)

    def records(self, values: Values) -> Records:
        """Shapes of rows, whose ruled values become what `values` makes of them."""
        return Records(self._selection, values.value)

    def possible(self, type_: GraphQLInterfaceType) -> list[GraphQLObjectType]:
        """The types that an interface may turn out to be."""
        return self._schema.get_possible_types(type_)


class Values:
    """Shapes of what one door answers, and the statements for the rows in it."""

    def __init__(self, planner: Planner, statements: dict[type, Statement], *, may_have_doors: bool) -> None:
        self._planner = planner
        self.statements = statements
        self.doors: list[Door] = []
        self._may_have_doors = may_have_doors
        self._depth = 0

    def value(self, chosen: Chosen, type_: Any) -> Value:
        """The shape of a value of this type at `chosen`."""
        asked = taken_apart(type_)
        kind = asked.nullable
        if is_leaf_type(kind):
            return Written(kind.coerce_output_value, _NATIVE.get(kind.name), asked.is_required)
        self._depth += 1
        try:
            return self._compound(chosen, asked, kind)
        finally:
            self._depth -= 1

    def _compound(self, chosen: Chosen, asked: Asked, kind: Any) -> Value:
        if is_list_type(kind):
            return Each(self.value(chosen, kind.of_type), asked.is_required)
        if is_interface_type(kind):
            types = self._planner.possible(kind)
            return Handed({one.name: self._record(chosen, one, tag=one.name) for one in types}, asked.is_required)
        if not is_object_type(kind):
            raise Unusual("type", str(kind))
        if model_of(class_of(kind)) is not None:
            return Handed({kind.name: self._record(chosen, kind, tag=None)}, asked.is_required)
        entries = tuple(self._entry(kind, one) for one in self._planner.below(chosen, kind))
        return Plain(entries, asked.is_required)

    def _record(self, chosen: Chosen, type_: GraphQLObjectType, tag: str | None) -> Any:
        class_ = class_of(type_)
        if class_ not in self.statements:
            self.statements[class_] = self._planner.statement(type_, tag)
        statement = self.statements[class_]
        asked = self._planner.below(chosen, type_)
        return self._planner.records(self).record(type_, asked, statement, statement.root)

    def _entry(self, type_: GraphQLObjectType, chosen: Chosen) -> tuple[str, str, Value]:
        if chosen.name == "__typename":
            return chosen.key, "", Constant(type_.name)
        field = definition_of(type_, chosen.name)
        if field.base_resolver is None:
            return chosen.key, field.python_name, self.value(chosen, asked_of(type_, chosen.name).type)
        if not self._may_have_doors or self._depth > 1:
            raise Unusual("resolver", f"{type_.name}.{chosen.name}")
        self.doors.append(self._planner.door(type_, chosen, field, is_root=False))
        return chosen.key, "", Inner(len(self.doors) - 1)
