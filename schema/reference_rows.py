"""The SQL of the reference reader: always every column that any type reads of a table, one table a statement."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from tortoise.models import Model

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
    reading_types,
    target_of,
)
from server import database
from server.database.placeholders import placeholders
from server.database.rows import Rows, Value

Row = dict[str, Value]


async def rows_of(rows: Rows, limit: int) -> list[Row]:
    """The rows that a room named, at most `limit` of them, in its order."""
    names = columns_of(rows.model) | {name.lstrip("-") for name in rows.order}
    return await _fetched(
        f'SELECT {_listed(names)} FROM "{rows.table}" t WHERE {rows.condition} ORDER BY {rows.order_sql} LIMIT {limit}',
        names,
        rows.parameters,
    )


async def by_id(model: type[Model], keys: Sequence[Value]) -> list[Row | None]:
    """The row of each id, in the order of the ids; None where there is none."""
    names, wanted = columns_of(model), list(dict.fromkeys(keys))
    condition = f't."id" IN ({placeholders(wanted)})'
    found = await _fetched(f'SELECT {_listed(names)} FROM "{model._meta.db_table}" t WHERE {condition}', names, wanted)
    rows = {row["id"]: row for row in found}
    return [rows.get(key) for key in keys]


async def children_of(read: Children, keys: Sequence[Value]) -> list[list[Row]]:
    """The children of each parent, in the order of the parents; each list ordered and bounded as declared."""
    parents = list(dict.fromkeys(keys))
    rows = Rows(read.model, f't."{read.key}" IN ({placeholders(parents)})', tuple(parents), read.order, read.limit)
    if read.condition:
        rows = rows.also(read.condition)
    names = columns_of(read.model) | {read.key}
    numbered = (
        f'SELECT {_listed(names)}, row_number() OVER (PARTITION BY t."{read.key}" ORDER BY {rows.order_sql}) AS place '
        f'FROM "{rows.table}" t WHERE {rows.condition}'
    )
    sql = f"SELECT {_listed(names)} FROM ({numbered}) t WHERE t.place <= {read.limit} ORDER BY t.place"
    found: dict[Value, list[Row]] = defaultdict(list)
    for row in await _fetched(sql, names, parents):
        found[row[read.key]].append(row)
    return [found[key] for key in keys]


async def existing(read: Exists, keys: Sequence[Value]) -> list[bool]:
    """For each key, whether there is such a row."""
    wanted = list(dict.fromkeys(keys))
    condition = f" AND ({read.condition})" if read.condition else ""
    rows = await database.fetch(
        f'SELECT DISTINCT t."{read.key}" FROM "{read.model._meta.db_table}" t '
        f'WHERE t."{read.key}" IN ({placeholders(wanted)}){condition}',
        *wanted,
    )
    found = {row[0] for row in rows}
    return [key in found for key in keys]


@cache
def columns_of(model: type[Model]) -> frozenset[str]:
    """Every column that some type reads of this table, the id always."""
    found = {"id"}
    for type_, its_model in reading_types().items():
        for field in fields_of(type_):
            found |= _needed(model, its_model, field.type, read_of(field, its_model))
    return frozenset(found)


def _needed(model: type[Model], of: type[Model], field_type: Any, read: Read) -> set[str]:
    """The columns of `model` without which `read`, said of a row of `of`, cannot be answered."""
    match read:
        case Column(name):
            return {name} if of is model else set()
        case Relation(steps):
            return _keys(model, of, steps)
        case Embedded(prefix, without):
            parts = [part for part in fields_of(bare(field_type)) if part.python_name not in without]
            return _all(_needed(model, of, part.type, read_of(part, of, prefix)) for part in parts)
        case Children(model=child, key=key):
            return {key} if child is model else set()
        case Exists(own=own):
            return {own} if of is model else set()
        case Computed(columns=columns):
            return _all(_needed_afar(model, of, dotted) for dotted in columns)


def _needed_afar(model: type[Model], of: type[Model], dotted: str) -> set[str]:
    steps, last, name = path_of(of, dotted)
    return _keys(model, of, steps) | ({name} if last is model else set())


def _keys(model: type[Model], of: type[Model], steps: Sequence[str]) -> set[str]:
    """The foreign keys of `model` through which a chain of relations passes that begins at `of`."""
    found = set()
    for step in steps:
        if of is model:
            found.add(f"{step}_id")
        of = target_of(of, step)
    return found


def _all(sets: Iterable[set[str]]) -> set[str]:
    return set().union(*sets)


async def _fetched(sql: str, names: frozenset[str], parameters: Sequence[Value]) -> list[Row]:
    return [dict(zip(sorted(names), row, strict=True)) for row in await database.fetch(sql, *parameters)]


def _listed(names: frozenset[str]) -> str:
    return ", ".join(f't."{name}"' for name in sorted(names))
