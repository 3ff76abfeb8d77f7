"""The reference reader: one table at a time, relations by loaders made from the declaration.

Plain rather than fast. It is what the answers of every quicker way of reading are compared with."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Sequence
from dataclasses import dataclass
from functools import cache, partial
from typing import Any, TypeVar

from strawberry.dataloader import DataLoader
from tortoise.models import Model

from schema import reference_rows
from schema.paging import Connection, Edge, PageInfo
from schema.reading import (
    Children,
    Column,
    Computed,
    Embedded,
    Exists,
    Read,
    Relation,
    bare,
    fields_of,
    path_of,
    read_of,
    target_of,
)
from schema.reference_rows import Row
from server.accounts.viewer import Viewer
from server.database.rows import Rows, Value, cursor_of

T = TypeVar("T")

_MOST_KEYS = 500
_ORIGIN = "_origin"


@dataclass(frozen=True, slots=True)
class Origin:
    """What stands behind an object: its row, the table of it, and who reads on from there."""

    reader: ReferenceReader
    model: type[Model]
    row: Row
    prefix: str = ""
    without: tuple[str, ...] = ()


class ReferenceReader:
    """Reads for one viewer. Which rows they may see is the rooms' business: whatever is named is handed over."""

    def __init__(self, viewer: Viewer | None) -> None:
        self.viewer = viewer
        self._loaders: dict[Hashable, DataLoader[Any, Any]] = {}

    async def one(self, type_: type[T], rows: Rows) -> T | None:
        """The first of the rows; None if there is none."""
        found = await reference_rows.rows_of(rows, 1)
        return _made(type_, Origin(self, rows.model, found[0])) if found else None

    async def many(self, type_: type[T], rows: Rows) -> list[T]:
        """All of the rows, in their order, as many as they allow."""
        found = await reference_rows.rows_of(rows, rows.limit)
        return [_made(type_, Origin(self, rows.model, row)) for row in found]

    async def page(self, type_: type[T], rows: Rows, first: int, after: str | None) -> Connection[T]:
        """The first of the rows that come after a cursor, each with its own cursor."""
        found = await reference_rows.rows_of(rows.page(first, after), first + 1)
        edges = [
            Edge(node=_made(type_, Origin(self, rows.model, row)), cursor=_cursor(row, rows.order))
            for row in found[:first]
        ]
        info = PageInfo(has_next_page=len(found) > first, end_cursor=edges[-1].cursor if edges else None)
        return Connection(edges=edges, page_info=info)

    def value(self, field_type: Any, read: Read, origin: Origin) -> Any:
        """What one field reads; an awaitable where another table has to be asked."""
        match read:
            case Column(name):
                return _python(origin.model, name, origin.row[name])
            case Embedded(prefix, without):
                return _made(bare(field_type), Origin(self, origin.model, origin.row, prefix, without))
            case Relation(steps):
                return self._related(bare(field_type), origin, steps)
            case Children():
                return self._children(bare(field_type), origin, read)
            case Exists():
                return self._exists(origin, read)
            case Computed():
                return self._computed(origin, read)

    async def _related(self, type_: type[Any], origin: Origin, steps: Sequence[str]) -> Any:
        found = await self._follow(origin, steps)
        return _made(type_, found) if found else None

    async def _children(self, type_: type[Any], origin: Origin, read: Children) -> list[Any]:
        rows = await self._load(read, partial(reference_rows.children_of, read), origin.row["id"])
        return [_made(type_, Origin(self, read.model, row)) for row in rows]

    async def _exists(self, origin: Origin, read: Exists) -> bool:
        there = await self._load(read, partial(reference_rows.existing, read), origin.row[read.own])
        return bool(there) is read.expected

    def _computed(self, origin: Origin, read: Computed) -> Any:
        if any("." in name for name in read.columns):
            return self._computed_afar(origin, read)
        return self._ruled(read, [_python(origin.model, name, origin.row[name]) for name in read.columns])

    async def _computed_afar(self, origin: Origin, read: Computed) -> Any:
        return self._ruled(read, [await self._afar(origin, dotted) for dotted in read.columns])

    async def _afar(self, origin: Origin, dotted: str) -> Any:
        steps, model, name = path_of(origin.model, dotted)
        found = await self._follow(origin, steps)
        return _python(model, name, found.row[name]) if found else None

    def _ruled(self, read: Computed, values: Sequence[Any]) -> Any:
        return read.rule(self.viewer, *values) if read.with_viewer else read.rule(*values)

    async def _follow(self, origin: Origin, steps: Sequence[str]) -> Origin | None:
        model, row = origin.model, origin.row
        for step in steps:
            key, model = row[f"{step}_id"], target_of(model, step)
            found = None if key is None else await self._load(model, partial(reference_rows.by_id, model), key)
            if found is None:
                return None
            row = found
        return Origin(self, model, row)

    def _load(self, name: Hashable, load: Callable[[list[Any]], Awaitable[list[Any]]], key: Value) -> Awaitable[Any]:
        """The value of `key`, read together with what others ask for at the same moment. Nothing is remembered, so that
        a mutation or a subscription never sees an old row. Shielded: when one field fails graphql-core cancels its
        siblings, and these share a future."""
        if name not in self._loaders:
            self._loaders[name] = DataLoader(load_fn=load, max_batch_size=_MOST_KEYS, cache=False)
        return asyncio.shield(self._loaders[name].load(key))


def resolve(source: Any, name: str) -> Any:
    """The schema's default resolver: an object of a reader reads on, any other hands out its attribute."""
    origin: Origin | None = getattr(source, "__dict__", {}).get(_ORIGIN)
    if origin is None:
        return getattr(source, name)
    if name in origin.without:
        return None
    type_: Any = type(source)
    field_type, read = _read(type_, name, origin.model, origin.prefix)
    return origin.reader.value(field_type, read, origin)


@cache
def _read(type_: Any, name: str, model: type[Model], prefix: str) -> tuple[Any, Read]:
    field = next(one for one in fields_of(type_) if one.python_name == name)
    return field.type, read_of(field, model, prefix)


def _made(type_: type[T], origin: Origin) -> T:
    made = object.__new__(type_)
    made.__dict__[_ORIGIN] = origin
    return made


def _python(model: type[Model], name: str, value: Value) -> Any:
    field = model._meta.fields_map.get(name)
    return value if field is None or value is None else field.to_python_value(value)


def _cursor(row: Row, order: Sequence[str]) -> str:
    return cursor_of(tuple(row[name.lstrip("-")] for name in order))
