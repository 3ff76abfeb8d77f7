"""What an operation may cost, known before it runs: one point an object, times the size of every list above it."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    ArgumentNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    ListValueNode,
    Node,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    ValueNode,
    VariableNode,
    get_named_type,
    is_list_type,
    is_non_null_type,
)

from server.web.graphql.roots import root_fields

LIST_GUESS = 20
MUTATION_COST = 10
_BEYOND = 10**9
_SIZE_ARGUMENTS = ("first", "last", "limit")
_SIZES = frozenset((*_SIZE_ARGUMENTS, "ids"))
_LEFT_OUT = -1


@dataclass(slots=True)
class _Tally:
    schema: GraphQLSchema
    fragments: Mapping[str, FragmentDefinitionNode]
    variables: Mapping[str, Any]
    known: dict[str, int] = field(default_factory=dict)


def cost_of(
    schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode, variables: Mapping[str, Any]
) -> int:
    """The most points the operation is expected to cost with these variables; each fragment is counted once.

    An object is one point and a scalar none. `first` says how long a connection is and `ids` how long that list is;
    any other list is taken to hold twenty. A mutation costs ten points a root field besides.
    """
    fragments = {one.name.value: one for one in document.definitions if isinstance(one, FragmentDefinitionNode)}
    defaults = {
        one.variable.name.value: _literal(one.default_value, {})
        for one in operation.variable_definitions or ()
        if one.default_value
    }
    tally = _Tally(schema, fragments, {**defaults, **variables})
    root = schema.get_root_type(operation.operation)
    cost = _of_selections(operation.selection_set, root, tally) if root else 0
    is_mutation = operation.operation is OperationType.MUTATION
    return cost + (MUTATION_COST * sum(1 for _ in root_fields(document, operation)) if is_mutation else 0)


def sizes_of(nodes: Iterable[Node]) -> tuple[str, ...]:
    """The variables that say how long a list is, from all the nodes of a document: without them every request of an
    operation costs the same."""
    found = (one for one in nodes if isinstance(one, ArgumentNode) and one.name.value in _SIZES)
    return tuple(sorted({one.value.name.value for one in found if isinstance(one.value, VariableNode)}))


def sizes_given(names: Sequence[str], variables: Mapping[str, Any]) -> Hashable:
    """What two requests must have in common to cost the same."""
    return tuple(_number(variables[name]) if name in variables else _LEFT_OUT for name in names)


def _of_selections(selections: SelectionSetNode, parent: GraphQLNamedType, tally: _Tally) -> int:
    total = 0
    for selection in selections.selections:
        if isinstance(selection, FieldNode):
            total += _of_field(selection, parent, tally)
        elif isinstance(selection, InlineFragmentNode):
            condition = selection.type_condition
            kind = tally.schema.get_type(condition.name.value) if condition else parent
            total += _of_selections(selection.selection_set, kind or parent, tally)
        elif isinstance(selection, FragmentSpreadNode):
            total += _of_fragment(selection.name.value, tally)
    return total


def _of_fragment(name: str, tally: _Tally) -> int:
    if name not in tally.known:
        definition = tally.fragments[name]
        kind = tally.schema.get_type(definition.type_condition.name.value)
        tally.known[name] = _of_selections(definition.selection_set, kind, tally) if kind else 0
    return tally.known[name]


def _of_field(node: FieldNode, parent: GraphQLNamedType, tally: _Tally) -> int:
    found = _definition(parent, node.name.value)
    if found is None or node.selection_set is None:
        return 0
    inner = get_named_type(found.type)
    return _length(node, found, parent, tally) * (1 + _of_selections(node.selection_set, inner, tally))


def _definition(parent: GraphQLNamedType, name: str) -> GraphQLField | None:
    return parent.fields.get(name) if isinstance(parent, (GraphQLObjectType, GraphQLInterfaceType)) else None


def _length(node: FieldNode, found: GraphQLField, parent: GraphQLNamedType, tally: _Tally) -> int:
    sizes = [name for name in _SIZE_ARGUMENTS if name in found.args]
    if sizes:
        return max(_argument(node, found, name, tally) for name in sizes)
    if not _is_list(found) or parent.name.endswith("Connection"):
        return 1
    return _argument(node, found, "ids", tally) if "ids" in found.args else LIST_GUESS


def _is_list(found: GraphQLField) -> bool:
    return is_list_type(found.type.of_type if is_non_null_type(found.type) else found.type)


def _argument(node: FieldNode, found: GraphQLField, name: str, tally: _Tally) -> int:
    given = next((one.value for one in node.arguments or () if one.name.value == name), None)
    return _number(_literal(given, tally.variables) if given is not None else found.args[name].default_value)


def _number(value: object) -> int:
    if isinstance(value, list):
        return max(1, len(value))
    return int(min(max(value, 1), _BEYOND)) if isinstance(value, (int, float)) else 1


def _literal(node: ValueNode | None, variables: Mapping[str, Any]) -> Any:
    if isinstance(node, IntValueNode):
        return int(node.value) if len(node.value) < 10 else _BEYOND
    if isinstance(node, ListValueNode):
        return list(node.values)
    return variables.get(node.name.value) if isinstance(node, VariableNode) else None
