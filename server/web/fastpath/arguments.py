"""What a door is called with: graphql-core's rules for arguments, then strawberry's conversion to our classes.

The one file that reaches into these, which are not public: pin their versions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import strawberry
from graphql import FieldNode, GraphQLField, get_named_type, is_input_object_type
from graphql.execution.values import VariableValues, get_argument_values
from strawberry.types.arguments import convert_arguments
from strawberry.types.field import StrawberryField

from server.web.fastpath.selection import has_variables

Given = Callable[[VariableValues], dict[str, Any]]


def arguments_of(schema: strawberry.Schema, field: StrawberryField, definition: GraphQLField, node: FieldNode) -> Given:
    """Makes the keyword arguments of one request; made once where neither variables nor objects are among them."""

    def given(variables: VariableValues) -> dict[str, Any]:
        values = get_argument_values(definition, node, variables)
        return convert_arguments(values, field.arguments, schema.schema_converter.scalar_registry, schema.config)

    if has_variables(node) or any(is_input_object_type(get_named_type(one.type)) for one in definition.args.values()):
        return given
    always = given(VariableValues({}, {}))
    return lambda _: dict(always)
