"""A migrated database with rows, put in as fast as each database takes them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from typing import Any

import asyncpg
from tortoise.models import Model

from benchmarks.data import Row, columns_of
from server import database
from server.models.contact import Found

Tables = Iterable[tuple[type[Model], Iterator[Row]]]


async def fill(url: str, tables: Tables, *, checks_keys: bool = True) -> None:
    """The empty database at `url` has every table of this release, and these rows. Without `checks_keys` PostgreSQL
    runs no triggers but those of contacts and records: for very many rows that are known to fit, none of them an
    attendee who is a user."""
    await database.connect(url)
    try:
        await database.migrate()
    finally:
        await database.disconnect()
    if url.startswith("sqlite:"):
        _fill_sqlite(url.removeprefix("sqlite:///"), tables)
    else:
        await _fill_postgresql(url, tables, checks_keys)


def _fill_sqlite(file: str, tables: Tables) -> None:
    connection = sqlite3.connect(file)
    try:
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("PRAGMA cache_size = -400000")
        with connection:
            for model, rows in tables:
                columns = columns_of(model)
                places = ", ".join("?" * len(columns))
                names = ", ".join(columns)
                insert = f"INSERT INTO {model._meta.db_table} ({names}) VALUES ({places})"
                connection.executemany(insert, _tuples(columns, rows))
    finally:
        connection.close()


async def _fill_postgresql(url: str, tables: Tables, checks_keys: bool) -> None:
    connection = await asyncpg.connect(url)
    try:
        for model, rows in tables:
            # What people look for has its words from a trigger.
            if not checks_keys:
                role = "DEFAULT" if issubclass(model, Found) else "replica"
                await connection.execute(f"SET session_replication_role = {role}")
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
