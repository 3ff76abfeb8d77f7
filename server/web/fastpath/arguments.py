"""What a door is called with: graphql-core's rules for arguments, then strawberry's conversion to our classes.

Whatever a declaration or a document says is worked out once; a request's own values are put in their places."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, NamedTuple

import strawberry
from graphql import (
    FieldNode,
    GraphQLArgument,
    GraphQLField,
    NameNode,
    VariableNode,
    is_non_null_type,
    is_required_argument,
)
from graphql.execution.values import VariableValues, get_argument_values
from strawberry.types.arguments import convert_arguments
from strawberry.types.field import StrawberryField

from server.web.fastpath.conversion import Convert, Converters
from server.web.fastpath.selection import has_variables

Given = Callable[[VariableValues], dict[str, Any]]
_NO_VARIABLES = VariableValues({}, {})
_BARE = FieldNode(name=NameNode(value="bare"), arguments=())


class _Said(NamedTuple):
    """An argument that the document says, or leaves to its default."""

    python_name: str
    value: Any
    convert: Convert | None


class _Varying(NamedTuple):
    """An argument that is a variable. `otherwise` holds what the default makes of it; empty where there is none."""

    variable: str
    python_name: str
    convert: Convert | None
    is_required: bool
    otherwise: tuple[Any, ...]


def arguments_of(schema: strawberry.Schema, field: StrawberryField, definition: GraphQLField, node: FieldNode) -> Given:
    """Makes the keyword arguments of one request."""

    def asked(variables: VariableValues) -> dict[str, Any]:
        values = get_argument_values(definition, node, variables)
        return convert_arguments(values, field.arguments, schema.schema_converter.scalar_registry, schema.config)

    if not field.arguments:
        return lambda _: {}
    values = {one.name.value: one.value for one in node.arguments or ()}
    if any(has_variables(one) for one in values.values() if not isinstance(one, VariableNode)):
        return asked
    converters, said, varying = Converters(schema), list[_Said](), list[_Varying]()
    for argument in field.arguments:
        name = schema.config.name_converter.from_argument(argument)
        one, given = definition.args[name], values.get(name)
        python_name, convert = str(argument.python_name), converters.of(argument.type)
        if isinstance(given, VariableNode):
            otherwise = () if is_required_argument(one) else _value_of(name, one, _BARE)
            is_required = is_non_null_type(one.type)
            varying.append(_Varying(given.name.value, python_name, convert, is_required, otherwise))
        else:
            said += (_Said(python_name, value, convert) for value in _value_of(name, one, node))
    return lambda variables: _put_in(variables, said, varying) or asked(variables)


def _value_of(name: str, argument: GraphQLArgument, node: FieldNode) -> tuple[Any, ...]:
    """What the node, without variables, says of one argument: its value, or nothing."""
    of_this: Any = SimpleNamespace(args={name: argument})
    return tuple(get_argument_values(of_this, node, _NO_VARIABLES).values())


def _put_in(variables: VariableValues, said: list[_Said], varying: list[_Varying]) -> dict[str, Any] | None:
    """The arguments; None where graphql-core would have to say what is wrong with them, and for none at all."""
    found = {}
    for python_name, value, convert in said:
        found[python_name] = value if convert is None else convert(value)
    for variable, python_name, convert, is_required, otherwise in varying:
        if variable in variables.coerced:
            value = variables.coerced[variable]
        elif is_required or not otherwise:
            if is_required:
                return None
            continue
        else:
            (value,) = otherwise
        if value is None and is_required:
            return None
        found[python_name] = value if convert is None else convert(value)
    return found
