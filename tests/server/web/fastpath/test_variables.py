"""Variables are what graphql-core would make of them, refusals included."""

from __future__ import annotations

from typing import Any

import pytest
from graphql import GraphQLInputType, OperationDefinitionNode, get_variable_values, parse
from hypothesis import given, settings
from hypothesis import strategies as st

from resolvers.root import schema
from server.web.fastpath.unusual import Unusual
from server.web.fastpath.variables import Variables
from tests.server.web.fastpath.inputs import given_for

_CORE = schema._schema


def asked_types() -> dict[str, GraphQLInputType]:
    """Every type that an argument of a root field has, by how it is written."""
    roots = (_CORE.query_type, _CORE.mutation_type, _CORE.subscription_type)
    arguments = [one for root in roots if root for field in root.fields.values() for one in field.args.values()]
    return {str(one.type): one.type for one in arguments}


_TYPES = asked_types()
_ALL_TYPES = st.sampled_from(sorted(_TYPES))


def operation(declared: str) -> OperationDefinitionNode:
    node = parse(f"query ({declared}) {{ viewer {{ locale }} }}").definitions[0]
    assert isinstance(node, OperationDefinitionNode)
    return node


def both(node: OperationDefinitionNode, values: dict[str, Any]) -> tuple[Any, Any]:
    """What is made of the values here, and what graphql-core makes of them; None for a refusal."""
    reference: Any = get_variable_values(_CORE, node.variable_definitions or (), values)
    wanted = None if isinstance(reference, list) else told(reference)
    try:
        return told(Variables(_CORE, node).of(values)), wanted
    except Unusual:
        return None, wanted


def told(found: Any) -> Any:
    return found.coerced, {name: one.value for name, one in found.sources.items()}


@settings(max_examples=400, deadline=None)
@given(st.data())
def test_values_are_what_graphql_core_makes_of_them(data: st.DataObject) -> None:
    types = data.draw(st.lists(_ALL_TYPES, min_size=1, max_size=3))
    node = operation(", ".join(f"$v{number}: {type_}" for number, type_ in enumerate(types)))
    given_ones = {f"v{number}": given_for(_TYPES[type_]) for number, type_ in enumerate(types)}
    ours, reference = both(node, data.draw(st.fixed_dictionaries({}, optional=given_ones)))
    assert ours == reference


DEFAULTS = "$a: Int = 3, $b: Int! = 4, $c: [Int!] = [1, 2], $d: String = null, $e: Boolean"


@settings(max_examples=200, deadline=None)
@given(st.fixed_dictionaries({}, optional={name: given_for(_CORE.type_map["Int"]) for name in "abcde"}))
def test_defaults_stand_in_for_what_is_left_out(values: dict[str, Any]) -> None:
    ours, reference = both(operation(DEFAULTS), values)
    assert ours == reference


def test_a_default_is_taken_where_nothing_is_given_and_not_where_null_is() -> None:
    variables = Variables(_CORE, operation("$a: Int = 3, $b: Int = 4"))
    assert variables.of({"b": None}).coerced == {"a": 3, "b": None}


@pytest.mark.parametrize("values", [{}, {"a": None}, {"a": "x"}, {"a": 2**31}])
def test_what_does_not_fit_ends_the_fast_path(values: dict[str, Any]) -> None:
    with pytest.raises(Unusual, match="a"):
        Variables(_CORE, operation("$a: Int!")).of(values)


def test_an_operation_without_variables_takes_none() -> None:
    node = parse("{ viewer { locale } }").definitions[0]
    assert isinstance(node, OperationDefinitionNode)
    assert Variables(_CORE, node).of({"a": 1}) == ({}, {})
