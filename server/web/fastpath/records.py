"""From what is asked of a reading type to a statement's columns and the shape of its rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from enum import Enum
from functools import lru_cache, partial
from typing import Any

from graphql import GraphQLEnumType, GraphQLLeafType, GraphQLObjectType, is_leaf_type, is_list_type
from tortoise.fields import (
    BigIntField,
    BooleanField,
    CharField,
    DateField,
    IntField,
    JSONField,
    SmallIntField,
    TextField,
)
from tortoise.fields.base import Field
from tortoise.fields.data import CharEnumFieldInstance
from tortoise.models import Model

from schema.reading import Children as ChildrenRead
from schema.reading import Column, Computed, Embedded, Exists, Read, Relation, path_of, read_of
from server import ids
from server.models.base import InstantField
from server.web.fastpath import shapes
from server.web.fastpath.completion import Completion
from server.web.fastpath.selection import Chosen, Selection
from server.web.fastpath.shapes import (
    Argument,
    Cell,
    Choice,
    Constant,
    Each,
    Flag,
    Form,
    Identity,
    OfRow,
    Record,
    Ruled,
    Told,
    Written,
)
from server.web.fastpath.statement import Place, Statement
from server.web.fastpath.types import Asked, asked_of, definition_of
from server.web.fastpath.unusual import Unusual

ValueOf = Callable[[Chosen, Any], shapes.Value]
_FORMS: dict[type[Field[Any]], tuple[Form, frozenset[str]]] = {
    CharField: (Form.TEXT, frozenset({"String", "ID", "TimeZone"})),
    TextField: (Form.TEXT, frozenset({"String", "ID", "TimeZone"})),
    IntField: (Form.WHOLE, frozenset({"Int"})),
    BigIntField: (Form.WHOLE, frozenset({"Int"})),
    SmallIntField: (Form.WHOLE, frozenset({"Int"})),
    BooleanField: (Form.TRUTH, frozenset({"Boolean"})),
    InstantField: (Form.INSTANT, frozenset({"DateTime"})),
    DateField: (Form.TEXT, frozenset({"Date"})),
}
"""Per kind of column the one exact way to write it, and as which scalars."""
_AS_READ = (CharField, TextField, IntField, BigIntField, SmallIntField)


class Records:
    """Shapes of rows for one plan. `value_of` says what becomes of the Python values that rules make."""

    def __init__(self, selection: Selection, value_of: ValueOf) -> None:
        self._selection = selection
        self._value_of = value_of

    def record(self, type_: GraphQLObjectType, asked: Sequence[Chosen], statement: Statement, at: Place) -> Record:
        """An object of a reading type, over the row at `at`."""
        return Record(self._entries(type_, asked, statement, at))

    def _entries(
        self,
        type_: GraphQLObjectType,
        asked: Sequence[Chosen],
        statement: Statement,
        at: Place,
        within: Embedded | None = None,
    ) -> tuple[tuple[str, OfRow], ...]:
        return tuple((one.key, self._entry(type_, one, statement, at, within)) for one in asked)

    def _entry(
        self, type_: GraphQLObjectType, chosen: Chosen, statement: Statement, at: Place, within: Embedded | None
    ) -> OfRow:
        if chosen.name == "__typename":
            return Constant(type_.name)
        field = definition_of(type_, chosen.name)
        if field.base_resolver is not None:
            raise Unusual("resolver", f"{type_.name}.{chosen.name}")
        if within is not None and field.python_name in within.without:
            return Constant(None)
        read = read_of(field, at.model, within.prefix if within else "")
        return self._shape(chosen, asked_of(type_, chosen.name), read, statement, at)

    def _shape(self, chosen: Chosen, asked: Asked, read: Read, statement: Statement, at: Place) -> OfRow:
        match read:
            case Column(name):
                return self._column(chosen, asked, statement.column(at, name), at.model, name)
            case Embedded():
                inner = asked.object_type()
                return Record(self._entries(inner, self._selection.below(chosen, inner), statement, at, read))
            case Relation(steps):
                return self._relation(chosen, asked, steps, statement, at)
            case ChildrenRead():
                index, child = statement.children(at, read)
                inner = asked.item().object_type()
                item = self.record(inner, self._selection.below(chosen, inner), child, child.root)
                return shapes.Children(index, item)
            case Exists(expected=expected):
                return Flag(statement.exists(at, read), expected)
            case Computed():
                return self._computed(chosen, asked, read, statement, at)

    def _relation(self, chosen: Chosen, asked: Asked, steps: Sequence[str], statement: Statement, at: Place) -> Record:
        for step in steps:
            at = statement.joined(at, step)
        inner = asked.object_type()
        entries = self._entries(inner, self._selection.below(chosen, inner), statement, at)
        return Record(entries, statement.column(at, "id"), asked.is_required)

    def _column(self, chosen: Chosen, asked: Asked, index: int, model: type[Model], name: str) -> OfRow:
        column = model._meta.fields_map.get(name)
        if isinstance(column, JSONField):
            # Every statement gives it as text, so there is nothing to ask the column about.
            value = self._value_of(chosen, asked.type)
            if isinstance(value, Each) and isinstance(value.item, Written):
                return Told(index, _teller(column.decoder, value), asked.is_required)
            return Ruled(None, (Argument(index, column.decoder),), with_viewer=False, value=value)
        if is_list_type(asked.nullable) or not is_leaf_type(asked.nullable):
            raise Unusual("column", f"{model.__name__}.{name} as {asked.type}")
        return _cell(column, asked.nullable, index, asked.is_required)

    def _computed(self, chosen: Chosen, asked: Asked, read: Computed, statement: Statement, at: Place) -> OfRow:
        found = [self._argument(dotted, statement, at) for dotted in read.columns]
        if isinstance(read.rule, partial) and read.rule.func is ids.public_id:
            return Identity(found[0].index, *read.rule.args)
        value = self._value_of(chosen, asked.type)
        return Ruled(read.rule, tuple(found), read.with_viewer, value)

    def _argument(self, dotted: str, statement: Statement, at: Place) -> Argument:
        steps, model, name = path_of(at.model, dotted)
        for step in steps:
            at = statement.joined(at, step)
        column = model._meta.fields_map.get(name)
        convert = None if column is None or type(column) in _AS_READ else column.to_python_value
        return Argument(statement.column(at, name), convert)


def _teller(decode: Callable[[str], Any], value: Each) -> Callable[[str], Any]:
    complete = Completion(value).function()
    return lambda text: complete(decode(text), None, ())


# The same in every plan, as there are few enums.
@lru_cache(maxsize=1_000)
def _names(values: type[Enum], leaf: GraphQLEnumType) -> Mapping[str, str]:
    return {str(one.value): leaf.coerce_output_value(one) for one in values}


def _cell(column: Field[Any] | None, leaf: GraphQLLeafType, index: int, is_required: bool) -> OfRow:
    if isinstance(column, CharEnumFieldInstance) and isinstance(leaf, GraphQLEnumType):
        return Choice(index, _names(column.enum_type, leaf), is_required)
    found = _FORMS.get(type(column)) if column is not None else None
    if found is None or leaf.name not in found[1]:
        raise Unusual("column", f"{type(column).__name__} as {leaf.name}")
    return Cell(index, found[0], is_required)
