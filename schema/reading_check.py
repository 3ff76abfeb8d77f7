"""The start-up check: every field of every reading type reads something, and something that fits it."""

from collections.abc import Iterator
from datetime import date, datetime
from enum import Enum
from typing import Any

from strawberry.types.base import StrawberryOptional
from strawberry.types.field import StrawberryField
from tortoise.fields import JSONField
from tortoise.models import Model

from schema.reading import (
    Children,
    Column,
    Computed,
    Embedded,
    Exists,
    Read,
    ReadsNothing,
    Relation,
    bare,
    fields_of,
    has_column,
    is_nullable,
    model_of,
    path_of,
    read_of,
    reading_types,
    target_of,
)

_LEAVES = (bool, int, float, datetime, date)


class WronglyDeclared(TypeError):
    """Some fields read nothing, or what does not fit; the text names each of them."""


def check_reading() -> None:
    """Returns if every declaration holds; `WronglyDeclared` lists those that do not."""
    faults = [fault for type_, model in reading_types().items() for fault in faults_of(type_, model)]
    if faults:
        raise WronglyDeclared("\n".join(faults))


def faults_of(type_: type, model: type[Model], prefix: str = "", without: tuple[str, ...] = ()) -> Iterator[str]:
    """What is wrong with the declaration of one type over one table, a sentence each."""
    for field in fields_of(type_):
        if field.python_name in without:
            if not isinstance(field.type, StrawberryOptional):
                yield f"{type_.__name__}.{field.python_name}: is always null here, and promised"
            continue
        try:
            read = read_of(field, model, prefix)
            yield from (f"{type_.__name__}.{field.python_name}: {fault}" for fault in _faults(field, read, model))
        except ReadsNothing as error:
            yield f"{type_.__name__}.{field.python_name}: {error}"


def _faults(field: StrawberryField, read: Read, model: type[Model]) -> Iterator[str]:
    is_optional, of = isinstance(field.type, StrawberryOptional), bare(field.type)
    match read:
        case Column(name):
            yield from _column_faults(model, name, is_optional, of)
        case Relation(steps, present):
            yield from _relation_faults(model, steps, is_optional or present, of)
        case Embedded(prefix, without):
            yield from faults_of(of, model, prefix, without)
        case Children():
            yield from _children_faults(model, read, of)
        case Exists(key=key, own=own):
            yield from _unknown(read.model, key)
            yield from _unknown(model, own)
        case Computed(columns=columns):
            for dotted in columns:
                yield from _path_faults(model, dotted)


def _column_faults(model: type[Model], name: str, is_optional: bool, of: Any) -> Iterator[str]:
    if not has_column(model, name):
        yield f"{model.__name__} has no column {name}"
        return
    if is_nullable(model, name) and not is_optional:
        yield f"{name} may be null, and the field promises a value"
    column = model._meta.fields_map.get(name)
    if column is not None and not isinstance(column, JSONField) and not _fits(column, of):
        yield f"{name} holds {_held(column).__name__}, and the field is something else"


def _relation_faults(model: type[Model], steps: tuple[str, ...], may_be_null: bool, of: Any) -> Iterator[str]:
    for step in steps:
        if step not in model._meta.fk_fields:
            yield f"{model.__name__} has no relation {step}"
            return
        if is_nullable(model, step) and not may_be_null:
            yield f"{step} may be null, and the field promises a value"
        model = target_of(model, step)
    if model_of(of) is not model:
        yield f"leads to {model.__name__}, and the field's type is not read from there"


def _children_faults(model: type[Model], read: Children, of: Any) -> Iterator[str]:
    if model_of(of) is not read.model:
        yield f"lists {read.model.__name__}, and the field's type is not read from there"
    relation = read.key.removesuffix("_id")
    if relation not in read.model._meta.fk_fields or target_of(read.model, relation) is not model:
        yield f"{read.model.__name__}.{read.key} does not lead to {model.__name__}"
    if read.order[-1].lstrip("-") != "id":
        yield "the order must end in the id"
    for name in read.order:
        yield from _unknown(read.model, name.lstrip("-"))


def _path_faults(model: type[Model], dotted: str) -> Iterator[str]:
    try:
        _, last, name = path_of(model, dotted)
    except KeyError as error:
        yield f"{dotted}: there is no relation {error}"
        return
    yield from _unknown(last, name)


def _unknown(model: type[Model], name: str) -> Iterator[str]:
    if not has_column(model, name):
        yield f"{model.__name__} has no column {name}"


def _held(column: Any) -> type:
    """The Python type of a column's values."""
    held: type = getattr(column, "enum_type", None) or column.field_type
    return held


def _fits(column: Any, of: Any) -> bool:
    """Whether values of the column are what the leaf type takes; ids, zones and the like are texts."""
    wanted = getattr(of, "wrapped_cls", of)
    is_leaf = isinstance(wanted, type) and (wanted in _LEAVES or issubclass(wanted, Enum))
    return _held(column) is (wanted if is_leaf else str)
