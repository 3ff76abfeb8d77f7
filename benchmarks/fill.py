"""A migrated database with the rows of `benchmarks.data`, put in as fast as each database takes them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import Any

import asyncpg
from tortoise.models import Model

from benchmarks.data import Row, Size, columns_of, tables
from server import database


async def fill(url: str, size: Size) -> None:
    """The empty database at `url` has every table and all rows of that size."""
    await database.connect(url)
    try:
        await database.migrate()
    finally:
        await database.disconnect()
    if url.startswith("sqlite:"):
        _fill_sqlite(url.removeprefix("sqlite:///"), size)
    else:
        await _fill_postgresql(url, size)


def _fill_sqlite(file: str, size: Size) -> None:
    connection = sqlite3.connect(file)
    try:
        connection.execute("PRAGMA synchronous = OFF")
        with connection:
            for model, rows in tables(size):
                columns = columns_of(model)
                places = ", ".join("?" * len(columns))
                names = ", ".join(columns)
                insert = f"INSERT INTO {model._meta.db_table} ({names}) VALUES ({places})"
                connection.executemany(insert, _tuples(columns, rows))
    finally:
        connection.close()


async def _fill_postgresql(url: str, size: Size) -> None:
    connection = await asyncpg.connect(url)
    try:
        for model, rows in tables(size):
            await _copy(connection, model, rows)
        # What autovacuum does in an installation that has run for a while.
        await connection.execute("VACUUM ANALYZE")
    finally:
        await connection.close()


async def _copy(connection: asyncpg.Connection, model: type[Model], rows: Iterator[Row]) -> None:
    columns, table = columns_of(model), model._meta.db_table
    await connection.copy_records_to_table(table, columns=list(columns), records=_tuples(columns, rows))
    latest = f"(SELECT max(id) FROM {table})"
    await connection.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), {latest})")


def _tuples(columns: dict[str, Any], rows: Iterator[Row]) -> Iterator[tuple[Any, ...]]:
    for row in rows:
        yield tuple({**columns, **row}.values())
