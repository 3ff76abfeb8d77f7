"""What each field of a type reads, said once beside the field; whoever executes an operation learns it from here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol, TypeVar

import strawberry
from strawberry.types import get_object_definition
from strawberry.types.base import StrawberryList, StrawberryOptional
from strawberry.types.field import StrawberryField
from tortoise.models import Model

import server.models
from schema.paging import Connection
from server import ids
from server.database.rows import Rows

T = TypeVar("T")
_DECLARED = "reads"
_models: dict[type, type[Model]] = {}


class ReadsNothing(TypeError):
    """A field of a reading type that names no column, relation or rule."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the row's own table."""

    name: str


@dataclass(frozen=True, slots=True)
class Relation:
    """The row at the end of a chain of foreign keys: `("contact", "company")` is the contact's company. `present`: the
    rooms hand over only rows that have it, although a key may be null."""

    steps: tuple[str, ...]
    present: bool = False


@dataclass(frozen=True, slots=True)
class Embedded:
    """An object of columns of the same row that share a prefix. `without` names those of its fields that are null."""

    prefix: str
    without: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Children:
    """Rows of `model` whose `key` is this row's id, in an order that ends in the id, at most `limit` of them.

    `condition` narrows them further, over the alias `t`."""

    model: type[Model]
    key: str
    order: tuple[str, ...] = ("id",)
    limit: int = 100
    condition: str = ""


@dataclass(frozen=True, slots=True)
class Exists:
    """Whether `model` has a row whose `key` equals this row's column `own`; `expected` False turns the answer round."""

    model: type[Model]
    key: str
    own: str
    condition: str = ""
    expected: bool = True


@dataclass(frozen=True, slots=True)
class Computed:
    """What `rule` makes of some columns of the row; one `with_viewer` is given the viewer first. A column may be one of
    a related row: `owner.time_zone`."""

    rule: Callable[..., Any]
    columns: tuple[str, ...]
    with_viewer: bool = False


Read = Column | Relation | Embedded | Children | Exists | Computed


class Reader(Protocol):
    """Hands a door the rows that a room named, as objects of the type that the door promises."""

    async def one(self, type_: type[T], rows: Rows) -> T | None:
        """The first of the rows; None if there is none."""

    async def many(self, type_: type[T], rows: Rows) -> list[T]:
        """All of the rows, in their order, as many as they allow."""

    async def page(self, type_: type[T], rows: Rows, first: int, after: str | None) -> Connection[T]:
        """The first of the rows that come after a cursor. `BadCursor` for a cursor of another list."""


def reads(model: type[Model]) -> Callable[[type[T]], type[T]]:
    """The decorated type is filled from rows of `model`: each of its fields reads something of such a row."""

    def registered(type_: type[T]) -> type[T]:
        _models[type_] = model
        return type_

    return registered


def shown(about: str) -> Any:
    """A field that reads the column, or follows the relation, of its own name."""
    return strawberry.field(description=about)


def column(name: str, about: str) -> Any:
    """A field that reads a column of another name."""
    return _declared(Column(name), about)


def via(*steps: str, about: str, present: bool = False) -> Any:
    """A field that follows foreign keys, one after the other; `present` as in `Relation`."""
    return _declared(Relation(steps, present), about)


def embedded(prefix: str, about: str, *, without: tuple[str, ...] = ()) -> Any:
    """A field whose object is made of the columns of this row that begin with `prefix`."""
    return _declared(Embedded(prefix, without), about)


def children(model: type[Model], key: str, about: str, **how: Any) -> Any:
    """A field that lists the rows of another table that point here; `how` is order, limit, condition of `Children`."""
    read = Children(model, key, **how)
    return _declared(read, f"{about} At most {read.limit}.")


def exists(model: type[Model], key: str, *, own: str, about: str, **how: Any) -> Any:
    """A field that says whether another table has such a row; `how` is condition, expected of `Exists`."""
    return _declared(Exists(model, key, own, **how), about)


def computed(rule: Callable[..., Any], *columns: str, about: str, with_viewer: bool = False) -> Any:
    """A field that a plain function makes of some columns of the row."""
    return _declared(Computed(rule, columns, with_viewer), about)


def identity(prefix: str) -> Any:
    """The opaque id of a row: `mtg_12`."""
    return computed(partial(ids.public_id, prefix), "id", about="Opaque; the same for as long as the thing exists.")


def model_of(type_: type) -> type[Model] | None:
    """The table that a type is read from; None for a type that doors make themselves."""
    return _models.get(type_)


def reading_types() -> dict[type, type[Model]]:
    """Every type that is read from a table, with the table."""
    return dict(_models)


def fields_of(type_: type) -> list[StrawberryField]:
    """The fields of a type that have no resolver of their own."""
    definition = get_object_definition(type_, strict=True)
    return [field for field in definition.fields if field.base_resolver is None]


def bare(field_type: Any) -> Any:
    """The type inside lists and optionals."""
    while isinstance(field_type, StrawberryList | StrawberryOptional):
        field_type = field_type.of_type
    return field_type


def read_of(field: StrawberryField, model: type[Model], prefix: str = "") -> Read:
    """What `field` reads of a row of `model`: what was declared, else the column or relation of its own name, behind
    the prefix of an embedded object. `ReadsNothing` where there is neither."""
    declared: Read | None = field.metadata.get(_DECLARED)
    if declared is not None:
        return declared
    name = prefix + field.python_name
    if name in model._meta.fk_fields:
        return Relation((name,))
    if has_column(model, name):
        return Column(name)
    raise ReadsNothing(f"{model.__name__} has no column and no relation {name}")


def has_column(model: type[Model], name: str) -> bool:
    """Whether the table has the column; the keys of its relations are columns too."""
    relations = model._meta.fk_fields
    return (name in model._meta.fields_map and name not in relations) or _relation_of(model, name) is not None


def is_nullable(model: type[Model], name: str) -> bool:
    """Whether the column, or the key of the relation, may be null."""
    return bool(model._meta.fields_map[_relation_of(model, name) or name].null)


def target_of(model: type[Model], step: str) -> type[Model]:
    """The table that a relation leads to."""
    relation: Any = model._meta.fields_map[step]
    found: type[Model] = getattr(server.models, relation.model_name.removeprefix("models."))
    return found


def path_of(model: type[Model], dotted: str) -> tuple[tuple[str, ...], type[Model], str]:
    """`owner.time_zone` as the relations to follow, the table they lead to, and the column there."""
    *steps, name = dotted.split(".")
    for step in steps:
        model = target_of(model, step)
    return tuple(steps), model, name


def _relation_of(model: type[Model], key: str) -> str | None:
    relation = key.removesuffix("_id")
    return relation if relation != key and relation in model._meta.fk_fields else None


def _declared(read: Read, about: str) -> Any:
    return strawberry.field(description=about, metadata={_DECLARED: read})
