"""Coerced values become what strawberry itself would make of them."""

from __future__ import annotations

from typing import Any

from graphql import GraphQLField, Undefined, coerce_input_value
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from strawberry.exceptions import StrawberryInputCoercionError
from strawberry.types.arguments import StrawberryArgument, convert_argument
from strawberry.types.field import StrawberryField

from resolvers.root import schema
from server.web.fastpath.conversion import Converters
from tests.server.web.fastpath.inputs import given_for

_CORE = schema._schema
_NAMED = schema.config.name_converter


def arguments() -> dict[str, tuple[StrawberryArgument, Any]]:
    """Every argument of a root field: strawberry's own description of it, and its type in the schema."""
    found: dict[str, tuple[StrawberryArgument, Any]] = {}
    for root in (_CORE.query_type, _CORE.mutation_type, _CORE.subscription_type):
        for name, field in (root.fields if root else {}).items():
            found |= {f"{name}.{one}": pair for one, pair in _of_field(field).items()}
    return found


def _of_field(field: GraphQLField) -> dict[str, tuple[StrawberryArgument, Any]]:
    definition: StrawberryField = (field.extensions or {})["strawberry-definition"]
    named = {_NAMED.from_argument(one): one for one in definition.arguments}
    return {name: (named[name], one.type) for name, one in field.args.items()}


_ARGUMENTS = arguments()


def coerced(value: object, type_: Any) -> Any:
    """What graphql-core makes of a value; `Undefined` for one that does not fit."""
    try:
        return coerce_input_value(value, type_)
    except StrawberryInputCoercionError:
        return Undefined


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
@given(st.data())
def test_every_argument_is_converted_as_by_strawberry(data: st.DataObject) -> None:
    argument, type_ = _ARGUMENTS[data.draw(st.sampled_from(sorted(_ARGUMENTS)))]
    value = coerced(data.draw(given_for(type_)), type_)
    assume(value is not Undefined)
    convert = Converters(schema).of(argument.type)
    ours = value if convert is None else convert(value)
    reference = convert_argument(value, argument.type, schema.schema_converter.scalar_registry, schema.config)
    assert ours == reference
    assert type(ours) is type(reference)


def test_what_is_ours_already_needs_no_conversion() -> None:
    argument, _ = _ARGUMENTS["todayMeetings.date"]
    assert Converters(schema).of(argument.type) is None
