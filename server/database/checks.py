"""What an operator should know about the database: everything that is not as it has to be."""

from __future__ import annotations

import asyncio
import re
import sqlite3
from contextlib import closing

from server.database import sqlite
from server.database.connection import client, dialect
from server.database.integrity import expected_names
from server.database.migrating import DatabaseTooNew, pending_migrations
from server.database.statements import fetch, fetch_one

_CONSTRAINT = re.compile(r'CONSTRAINT "(\w+)" CHECK')


async def check() -> list[str]:
    """Sentences about what is missing in the connected database and how to mend it; empty if all is well."""
    try:
        pending = await pending_migrations()
    except DatabaseTooNew as error:
        return [str(error)]
    if pending:
        return [f"{len(pending)} migrations are missing ({', '.join(pending)}): run `parley migrate`."]
    missing = sorted(expected_names(dialect()) - await integrity_names())
    found = [f"The database no longer refuses what {name} forbids: restore a backup." for name in missing]
    connected = client()
    if isinstance(connected, sqlite.Client):
        return found + await _sqlite_complaints(connected)
    return found + await _postgresql_complaints()


async def integrity_names() -> frozenset[str]:
    """The names of all checks, indexes, triggers and exclusions that the connected database has."""
    if dialect() == "postgresql":
        sql = (
            "SELECT conname FROM pg_constraint UNION SELECT tgname FROM pg_trigger"
            " UNION SELECT indexname FROM pg_indexes WHERE schemaname = 'public'"
        )
        return frozenset(row[0] for row in await fetch(sql))
    rows = await fetch("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL")
    checks = {name for row in rows for name in _CONSTRAINT.findall(row[1])}
    return frozenset(checks | {row[0] for row in rows})


async def _sqlite_complaints(client: sqlite.Client) -> list[str]:
    found = []
    for name, wanted in {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}.items():
        if (has := await client.pragma(name)) != wanted:
            found.append(f"SQLite has {name} {has}, not {wanted}: keep the file on a local disk, where it can be set.")
    return found + await asyncio.to_thread(_damage, client.filename)


def _damage(path: str) -> list[str]:
    with closing(sqlite3.connect(path)) as reader:
        broken = reader.execute(
            'SELECT DISTINCT "table", parent FROM pragma_foreign_key_check ORDER BY 1, 2'
        ).fetchall()
        state = reader.execute("PRAGMA quick_check(1)").fetchone()[0]
    found = [f"Rows of {table} refer to rows of {parent} that are gone: restore a backup." for table, parent in broken]
    return found if state == "ok" else [*found, f"The database file is damaged ({state}): restore a backup."]


async def _postgresql_complaints() -> list[str]:
    found = [
        f"{row[0]} was never validated: ALTER TABLE {row[1]} VALIDATE CONSTRAINT {row[0]}."
        for row in await fetch("SELECT conname, conrelid::regclass::text FROM pg_constraint WHERE NOT convalidated")
    ]
    encoding = await fetch_one("SELECT current_setting('server_encoding')")
    if encoding is not None and encoding[0] != "UTF8":
        found.append(f"The database is encoded in {encoding[0]}: create it anew with ENCODING 'UTF8'.")
    return found
