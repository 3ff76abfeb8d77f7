"""Where the root fields take an id, and the documents that ask them for all there is."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from typing import Any

from graphql import (
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    get_named_type,
    is_input_object_type,
    is_leaf_type,
    is_required_argument,
)

from resolvers.root import schema

DEPTH = 4
ROOTS = {"query": schema._schema.query_type, "mutation": schema._schema.mutation_type}


def id_places() -> dict[str, set[str]]:
    """Where the root fields take an id: the paths of each, such as `input.attendees.contact`."""
    found = {}
    for root in ROOTS.values():
        assert root is not None
        for name, field in root.fields.items():
            paths = {path for one, argument in field.args.items() for path in _paths(argument.type, one)}
            if paths:
                found[name] = paths
    return found


def _paths(type_: Any, path: str) -> Iterator[str]:
    named = get_named_type(type_)
    if named.name == "ID":
        yield path
    elif is_input_object_type(named):
        for name, inner in named.fields.items():
            yield from _paths(inner.type, f"{path}.{name}")


def given_places(value: Any, path: str = "") -> Iterator[str]:
    """The paths at which arguments hold an id."""
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from given_places(inner, f"{path}.{name}" if path else name)
    elif isinstance(value, list):
        for one in value:
            yield from given_places(one, path)
    elif isinstance(value, str) and value[3:4] == "_" and value[4:].isdigit():
        yield path


def with_id_at(arguments: dict[str, Any], path: str, id: str) -> dict[str, Any]:
    """The arguments with the id at that path replaced; in a list every one of them."""
    changed = copy.deepcopy(arguments)
    _replace(changed, path.split("."), id)
    return changed


def _replace(value: Any, steps: list[str], id: str) -> None:
    if isinstance(value, list):
        for one in value:
            _replace(one, steps, id)
        return
    first, *rest = steps
    if first not in value:
        return
    if rest:
        _replace(value[first], rest, id)
    else:
        value[first] = [id] if isinstance(value[first], list) else id


def document_for(name: str) -> str:
    """The operation that asks the root field for all there is, four levels deep."""
    kind, root = next((kind, root) for kind, root in ROOTS.items() if root is not None and name in root.fields)
    field = root.fields[name]
    declared = ", ".join(f"${one}: {argument.type}" for one, argument in field.args.items())
    passed = ", ".join(f"{one}: ${one}" for one in field.args)
    return f"{kind} ({declared}) {{ {name}({passed}) {_selection(get_named_type(field.type), DEPTH)} }}"


def _selection(type_: GraphQLNamedType, depth: int, alias: str = "") -> str:
    if is_leaf_type(type_):
        return ""
    if isinstance(type_, GraphQLInterfaceType):
        kinds = schema._schema.get_possible_types(type_)
        return "{ " + " ".join(f"... on {one} {_selection(one, depth, f'{one}_')}" for one in kinds) + " }"
    assert isinstance(type_, GraphQLObjectType)
    parts = ["__typename"]
    for name, field in type_.fields.items():
        if any(is_required_argument(one) for one in field.args.values()):
            continue
        inner = get_named_type(field.type)
        if is_leaf_type(inner) or depth > 1:
            parts.append(f"{alias}{name}: {name} {_selection(inner, depth - 1)}")
    return f"{{ {' '.join(parts)} }}"
