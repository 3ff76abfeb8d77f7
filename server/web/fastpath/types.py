"""The schema as a plan walks it: from GraphQL's types to strawberry's definitions and our classes.

The one file that relies on where strawberry keeps its definitions."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from graphql import (
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLOutputType,
    get_nullable_type,
    is_list_type,
    is_non_null_type,
    is_object_type,
)
from strawberry.schema.schema_converter import GraphQLCoreConverter
from strawberry.types.field import StrawberryField

from server.web.fastpath.unusual import Unusual

_DEFINITION = GraphQLCoreConverter.DEFINITION_BACKREF


@dataclass(frozen=True, slots=True)
class Asked:
    """The type of a field, taken apart: `nullable` is without its exclamation mark."""

    type: GraphQLOutputType
    nullable: Any
    is_required: bool

    def item(self) -> Asked:
        """The type inside a list."""
        if not is_list_type(self.nullable):
            raise Unusual("type", f"{self.type} where a list was read")
        return taken_apart(self.nullable.of_type)

    def object_type(self) -> GraphQLObjectType:
        """The type, which is an object's."""
        if not is_object_type(self.nullable):
            raise Unusual("type", f"{self.type} where an object was read")
        found: GraphQLObjectType = self.nullable
        return found


def taken_apart(type_: GraphQLOutputType) -> Asked:
    """The type, taken apart."""
    return Asked(type_, get_nullable_type(type_), is_non_null_type(type_))


# There are as many fields as the schema has, and every document asks for some of them.
@lru_cache(maxsize=10_000)
def asked_of(type_: GraphQLObjectType, name: str) -> Asked:
    """The type of a field."""
    return taken_apart(type_.fields[name].type)


@lru_cache(maxsize=10_000)
def definition_of(type_: GraphQLObjectType, name: str) -> StrawberryField:
    """What strawberry knows of a field. `Unusual` for one that does more than read or call its resolver."""
    field = type_.fields[name].extensions.get(_DEFINITION) if name in type_.fields else None
    if not isinstance(field, StrawberryField):
        raise Unusual("introspection" if name.startswith("__") else "field", f"{type_.name}.{name}")
    if field.extensions or field.permission_classes:
        raise Unusual("extension", f"{type_.name}.{name}")
    return field


def class_of(type_: GraphQLNamedType) -> type:
    """The class behind an object or interface type."""
    found: type = type_.extensions[_DEFINITION].origin
    return found
