"""What a mutation's doors have done, so that nothing is done twice when its answer cannot be completed by plan."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from typing import Any

from graphql import GraphQLResolveInfo
from strawberry.types import get_object_definition

from schema.reading import Reader, bare, fields_of, model_of
from server.database.rows import Rows

Done = dict[str, object]
"""By response key: what the door answered, or the exception it ended with."""


def replaying(done: Mapping[str, object], reader: Reader) -> Callable[..., Any]:
    """A middleware for the reference executor: root fields that were done answer again what they answered then."""

    def resolve(next_: Callable[..., Any], source: Any, info: GraphQLResolveInfo[Any], **arguments: Any) -> Any:
        if info.path.prev is None and info.path.key in done:
            return _again(done[str(info.path.key)], reader)
        return next_(source, info, **arguments)

    return resolve


async def _again(answered: object, reader: Reader) -> object:
    if isinstance(answered, Exception):
        raise answered
    return await _with_objects(answered, type(answered), reader)


async def _with_objects(value: Any, field_type: Any, reader: Reader) -> Any:
    """The value with the rows in it read anew, as the objects that the reference executor completes."""
    type_ = bare(field_type)
    if isinstance(value, list) and get_object_definition(type_) is not None:
        return [await _with_objects(one, type_, reader) for one in value]
    model = model_of(type_)
    if value is not None and model is not None:
        # A row begins with its key, and whoever handed it over had the right to see it.
        return await reader.one(type_, Rows(model, "t.id = $1", (value[0],), limit=1))
    if get_object_definition(type(value)) is None:
        return value
    made = copy.copy(value)
    for field in fields_of(type(value)):
        name = field.python_name
        setattr(made, name, await _with_objects(getattr(value, name), field.type, reader))
    return made
