"""The variables of an operation as graphql-core coerces them, with what their declarations say worked out once.

Leans on how graphql-core puts its values together, which is not public: pin its version."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, NamedTuple

from graphql import (
    GraphQLError,
    GraphQLInputType,
    GraphQLSchema,
    OperationDefinitionNode,
    Undefined,
    VariableDefinitionNode,
    coerce_input_value,
    get_nullable_type,
    get_variable_values,
    is_leaf_type,
    is_non_null_type,
)
from graphql.execution.get_variable_signature import get_variable_signature
from graphql.execution.values import VariableValues, VariableValueSource, input_is_nested_too_deeply

from server.web.fastpath.unusual import Unusual

_NONE = VariableValues({}, {})


class _Declared(NamedTuple):
    """`absent` is what stands for it in a request that leaves it out: its value, `Undefined` if it has none."""

    name: str
    source: VariableValueSource
    coerce: Callable[[Any], Any]
    is_required: bool
    absent: Any


class Variables:
    """Coerces what requests give. Where something does not fit, graphql-core is asked what."""

    def __init__(self, schema: GraphQLSchema, node: OperationDefinitionNode) -> None:
        self._schema, self._nodes = schema, node.variable_definitions or ()
        self._declared = [_declared(schema, one) for one in self._nodes]

    def of(self, given: Mapping[str, Any]) -> VariableValues:
        """The values as the operation declares them; `Unusual` where they do not fit."""
        if not self._declared:
            return _NONE
        found = self._fitting(given) or get_variable_values(self._schema, self._nodes, dict(given))
        if isinstance(found, list):
            raise Unusual("variables", found[0].message)
        return found

    def _fitting(self, given: Mapping[str, Any]) -> VariableValues | None:
        sources, coerced = {}, {}
        for one in self._declared:
            value = given.get(one.name, Undefined) if one is not None else Undefined
            if one is None or (value is None and one.is_required):
                return None
            if value is Undefined:
                sources[one.name], found = one.source, one.absent
                if found is Undefined and one.is_required:
                    return None
            else:
                sources[one.name] = VariableValueSource(one.source.signature, value)
                found = None if value is None else _coerced(one.coerce, value)
                if found is Undefined:
                    return None
            if found is not Undefined:
                coerced[one.name] = found
        return VariableValues(sources, coerced)


def _declared(schema: GraphQLSchema, node: VariableDefinitionNode) -> _Declared | None:
    """What is known of a variable; None where graphql-core has to be asked each time."""
    signature = get_variable_signature(schema, node)
    if isinstance(signature, GraphQLError):
        return None
    type_: Any = get_nullable_type(signature.type)
    absent: Any = Undefined
    is_leaf, is_required = is_leaf_type(type_), is_non_null_type(signature.type)
    if node.default_value is not None:
        found = get_variable_values(schema, [node], {})
        if isinstance(found, list) or not is_leaf:
            return None
        absent = found.coerced[node.variable.name.value]
    coerce = type_.coerce_input_value if is_leaf else partial(_deep, type_)
    return _Declared(node.variable.name.value, VariableValueSource(signature), coerce, is_required, absent)


def _deep(type_: GraphQLInputType, value: Any) -> Any:
    return Undefined if input_is_nested_too_deeply(value, type_) else coerce_input_value(value, type_)


def _coerced(coerce: Callable[[Any], Any], value: Any) -> Any:
    try:
        return coerce(value)
    except Exception:  # noqa: BLE001 - whatever it was, graphql-core tells it in the one form
        return Undefined
