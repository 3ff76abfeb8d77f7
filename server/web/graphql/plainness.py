"""Whether a document is beyond doubt: operations of fields and their arguments, without fragments, and valid.

One walk over the selections, in which each check stands for one of the specification's rules (GraphQL, section 5).
Whatever it does not know, it doubts; what is wrong with a document it does not say.

Leans on how graphql-core compares the types of variables and places, which is not public: pin its version."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple, NoReturn, TypeAlias

from graphql import (
    ArgumentNode,
    BooleanValueNode,
    ConstValueNode,
    DirectiveNode,
    DocumentNode,
    EnumValueNode,
    FieldNode,
    FloatValueNode,
    GraphQLArgument,
    GraphQLField,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    IntValueNode,
    ListValueNode,
    ObjectFieldNode,
    ObjectValueNode,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    StringValueNode,
    ValueNode,
    VariableDefinitionNode,
    VariableNode,
    get_named_type,
    get_nullable_type,
    is_input_type,
    is_leaf_type,
    is_required_argument,
    is_required_input_field,
    type_from_ast,
)
from graphql.utilities import validate_input_literal
from graphql.validation.rules.variables_in_allowed_position import allowed_variable_usage

_SWITCHES = ("skip", "include")
_SINGLE = (BooleanValueNode, EnumValueNode, FloatValueNode, IntValueNode, StringValueNode)


_Place: TypeAlias = GraphQLArgument | GraphQLInputField


class _Doubted(Exception):
    """Perhaps there is something wrong."""


def is_plain_and_valid(schema: GraphQLSchema, document: DocumentNode) -> bool:
    """True only if graphql-core finds no fault in it; False says nothing."""
    try:
        names = [_named(one) for one in document.definitions]
        if len(set(names)) != len(names) or ("" in names and len(names) > 1):
            return False
        for one in document.definitions:
            _Operation(schema, one).check()
    except _Doubted:
        return False
    return True


def _named(definition: Any) -> str:
    if not isinstance(definition, OperationDefinitionNode) or definition.directives:
        _doubt()
    return definition.name.value if definition.name else ""


def _doubt() -> NoReturn:
    raise _Doubted


class _Variable(NamedTuple):
    type: Any
    default: ConstValueNode | None


class _Operation:
    """One operation, its variables, and those that it uses."""

    def __init__(self, schema: GraphQLSchema, node: Any) -> None:
        self._schema, self._node = schema, node
        self._variables: dict[str, _Variable] = {}
        self._used: set[str] = set()

    def check(self) -> None:
        for one in self._node.variable_definitions or ():
            self._declare(one)
        root = self._schema.get_root_type(self._node.operation)
        if root is None:
            _doubt()
        if self._node.operation is OperationType.SUBSCRIPTION:
            self._check_single(self._node.selection_set)
        self._check_selections(root, self._node.selection_set)
        if len(self._used) != len(self._variables):
            _doubt()

    def _declare(self, node: VariableDefinitionNode) -> None:
        name, type_ = node.variable.name.value, type_from_ast(self._schema, node.type)
        if name in self._variables or node.directives or not is_input_type(type_):
            _doubt()
        if node.default_value is not None:
            self._check_literal(node.default_value, type_)
        self._variables[name] = _Variable(type_, node.default_value)

    def _check_single(self, selections: SelectionSetNode) -> None:
        first, *others = selections.selections
        if others or first.directives or (isinstance(first, FieldNode) and first.name.value == "__typename"):
            _doubt()

    def _check_selections(self, parent: Any, selections: SelectionSetNode) -> None:
        if not isinstance(parent, GraphQLObjectType | GraphQLInterfaceType):
            _doubt()
        fields, keys = parent.fields, set()
        for one in selections.selections:
            if not isinstance(one, FieldNode):
                _doubt()
            name = one.name.value
            # What stands twice would have to be merged.
            keys.add(one.alias.value if one.alias else name)
            if one.directives:
                self._check_directives(one.directives)
            if name in fields:
                self._check_field(one, fields[name])
            elif name != "__typename" or one.arguments or one.selection_set:
                _doubt()
        if len(keys) != len(selections.selections):
            _doubt()

    def _check_field(self, node: FieldNode, field: GraphQLField) -> None:
        if node.arguments or field.args:
            self._check_arguments(node.arguments or (), field.args)
        type_ = get_named_type(field.type)
        if is_leaf_type(type_):
            if node.selection_set is not None:
                _doubt()
        elif node.selection_set is None:
            _doubt()
        else:
            self._check_selections(type_, node.selection_set)

    def _check_directives(self, nodes: Iterable[DirectiveNode]) -> None:
        names = [one.name.value for one in nodes]
        if len(set(names)) != len(names):
            _doubt()
        for one in nodes:
            directive = self._schema.get_directive(one.name.value)
            if one.name.value not in _SWITCHES or directive is None:
                _doubt()
            self._check_arguments(one.arguments or (), directive.args)

    def _check_arguments(self, nodes: Iterable[ArgumentNode | ObjectFieldNode], known: Mapping[str, _Place]) -> None:
        given = set()
        for one in nodes:
            name = one.name.value
            if name in given or name not in known:
                _doubt()
            given.add(name)
            self._check_value(one.value, known[name])
        if any(name not in given and _is_required(one) for name, one in known.items()):
            _doubt()

    def _check_value(self, node: ValueNode, place: _Place) -> None:
        if isinstance(node, ObjectValueNode):
            self._check_object(node, get_nullable_type(place.type))
            return
        if not isinstance(node, VariableNode):
            self._check_literal(node, place.type)
            return
        name = node.name.value
        variable = self._variables.get(name)
        default = place.default if place.default is not None else place.default_value
        if variable is None or not allowed_variable_usage(self._schema, *variable, place.type, default):
            _doubt()
        self._used.add(name)

    def _check_object(self, node: ObjectValueNode, type_: Any) -> None:
        if not isinstance(type_, GraphQLInputObjectType) or type_.is_one_of:
            _doubt()
        self._check_arguments(node.fields, type_.fields)

    def _check_literal(self, node: ValueNode, type_: Any) -> None:
        for one in node.values if isinstance(node, ListValueNode) else (node,):
            if not isinstance(one, _SINGLE):
                _doubt()
        validate_input_literal(node, type_, lambda *_: _doubt())


def _is_required(place: _Place) -> bool:
    return is_required_argument(place) if isinstance(place, GraphQLArgument) else is_required_input_field(place)
