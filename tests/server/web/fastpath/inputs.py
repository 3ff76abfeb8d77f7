"""Values that a client might give for an input type of the schema: fitting ones, and some that do not fit."""

from __future__ import annotations

from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLScalarType,
    is_list_type,
    is_non_null_type,
    is_required_input_field,
)
from hypothesis import strategies as st

_TEXTS = st.sampled_from(["", "x", "łódź", "mtg_1", "usr_2", "2026-11-24", "2026-11-24T09:30:00Z", "Europe/Warsaw"])
_NUMBERS = st.sampled_from([0, 1, -1, 7, 2**31, -(2**31), 1.0, 1.5])
_OF: dict[str, Any] = {
    "Boolean": st.booleans(),
    "Int": _NUMBERS,
    "Float": _NUMBERS,
    "Date": st.sampled_from(["2026-11-24", "2026-02-30"]),
    "DateTime": st.sampled_from(["2026-11-24T09:30:00Z", "2026-11-24T10:30:00+01:00", "2026-11-24T09:30:00"]),
    "TimeZone": st.sampled_from(["Europe/Warsaw", "Asia/Taipei", "Nowhere"]),
}
_WRONG: Any = st.sampled_from([None, 3, "x", [], {}, [None], {"no": 1}])
_DEEPEST = 3


def given_for(type_: Any, depth: int = 0) -> Any:
    """What may be given for the type; one in ten is of another kind."""
    fitting = _fitting(type_, depth)
    return st.integers(0, 9).flatmap(lambda die: _WRONG if die == 9 else fitting)


def _fitting(type_: Any, depth: int) -> Any:
    if is_non_null_type(type_):
        return _fitting_value(type_.of_type, depth)
    return st.one_of(st.none(), _fitting_value(type_, depth))


def _fitting_value(type_: Any, depth: int) -> Any:
    if is_list_type(type_):
        # One value stands for a list of one (GraphQL, 3.11).
        return st.one_of(st.lists(given_for(type_.of_type, depth), max_size=2), given_for(type_.of_type, depth))
    if isinstance(type_, GraphQLEnumType):
        return st.sampled_from([*type_.values, "NEVER_HEARD_OF"])
    if isinstance(type_, GraphQLScalarType):
        return _OF.get(type_.name, _TEXTS)
    assert isinstance(type_, GraphQLInputObjectType)
    required = {
        name: given_for(one.type, depth + 1) for name, one in type_.fields.items() if is_required_input_field(one)
    }
    others = (
        {}
        if depth >= _DEEPEST
        else {name: given_for(one.type, depth + 1) for name, one in type_.fields.items() if name not in required}
    )
    return st.fixed_dictionaries(required, optional=others)
