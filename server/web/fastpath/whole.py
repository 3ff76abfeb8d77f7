"""What a mutation answers, asked for in full, so that a later document can be answered from what was kept of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLSchema,
    NameNode,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    get_named_type,
    is_leaf_type,
    is_list_type,
    is_object_type,
)
from graphql.execution.values import VariableValues

from server.web.fastpath.selection import Chosen, Selection
from server.web.fastpath.types import definition_of, taken_apart
from server.web.fastpath.unusual import Unusual

LEVELS = 3
"""How far below the payload: the meeting, its attendees, each one's contact."""

Shown = Callable[[Any], Any]


class Beyond(LookupError):
    """A document asks for something that was not kept."""


def whole_field(schema: GraphQLSchema, root: GraphQLObjectType, name: str) -> tuple[Selection, Chosen]:
    """The root field with everything below it that can be read without arguments, `LEVELS` deep."""
    payload = get_named_type(root.fields[name].type)
    node = FieldNode(name=NameNode(value=name), selection_set=_everything(payload, LEVELS))
    operation = OperationDefinitionNode(
        operation=OperationType.MUTATION, selection_set=SelectionSetNode(selections=(node,))
    )
    selection = Selection(schema, DocumentNode(definitions=(operation,)), operation, VariableValues({}, {}))
    return selection, selection.of_root(root)[0]


def shown_from_whole(selection: Selection, chosen: Chosen, type_: GraphQLOutputType) -> Shown:
    """Makes what `chosen` asks for of an answer that was kept whole. `Beyond` where that cannot be, now or then."""
    kind = taken_apart(type_).nullable
    if is_list_type(kind):
        item = shown_from_whole(selection, chosen, kind.of_type)
        return lambda value: None if value is None else [item(one) for one in value]
    if is_leaf_type(kind):
        return lambda value: value
    if not is_object_type(kind):
        raise Beyond(str(kind))
    entries = [(one.key, *_entry(selection, one, kind)) for one in selection.below(chosen, kind)]
    return lambda value: None if value is None else {key: show(_of(value, name)) for key, name, show in entries}


def _entry(selection: Selection, chosen: Chosen, type_: GraphQLObjectType) -> tuple[str | None, Shown]:
    if chosen.name == "__typename":
        return None, lambda _: type_.name
    if not _is_kept(type_, chosen.name):
        raise Beyond(f"{type_.name}.{chosen.name}")
    return chosen.name, shown_from_whole(selection, chosen, type_.fields[chosen.name].type)


def _of(value: dict[str, Any], name: str | None) -> Any:
    if name is None:
        return None
    if name not in value:
        raise Beyond(name)
    return value[name]


def _everything(type_: Any, levels: int) -> SelectionSetNode:
    return SelectionSetNode(selections=tuple(_fields(type_, levels)))


def _fields(type_: GraphQLObjectType, levels: int) -> list[FieldNode]:
    found = []
    for name, field in type_.fields.items():
        named = get_named_type(field.type)
        if not _is_kept(type_, name):
            continue
        if is_leaf_type(named):
            found.append(FieldNode(name=NameNode(value=name)))
        elif is_object_type(named) and levels > 0 and (below := _fields(named, levels - 1)):
            found.append(FieldNode(name=NameNode(value=name), selection_set=SelectionSetNode(selections=tuple(below))))
    return found


def _is_kept(type_: GraphQLObjectType, name: str) -> bool:
    try:
        return not type_.fields[name].args and definition_of(type_, name).base_resolver is None
    except Unusual:
        return False
