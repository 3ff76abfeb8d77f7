"""PostgreSQL databases that are emptied after a test and used again: to make one anew takes twenty times as long."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import asyncpg

from tests.postgresql import at_once, run_sql, sibling

# Deleted rows stay in the files until somebody sweeps, and nobody does here.
_USED_AT_MOST = 100

_EMPTY = """
DO $$
DECLARE one record; has_rows boolean;
BEGIN
  -- Neither rules nor foreign keys are asked.
  SET LOCAL session_replication_role = replica;
  FOR one IN SELECT oid::regclass AS name FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
  LOOP
    CONTINUE WHEN one.name::text = 'migration';
    EXECUTE format('SELECT EXISTS (SELECT FROM %s)', one.name) INTO has_rows;
    IF has_rows THEN EXECUTE format('DELETE FROM %s', one.name); END IF;
  END LOOP;
  PERFORM setval(oid::regclass, 1, false) FROM pg_class
    WHERE relkind = 'S' AND relnamespace = 'public'::regnamespace;
END $$
"""
_ALONE = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
_SHAPE = """
WITH ours AS (SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace)
SELECT array_agg(part ORDER BY part) FROM (
  SELECT concat_ws(' ', attrelid, attname, atttypid, atttypmod, attnotnull) AS part
    FROM pg_attribute JOIN ours ON oid = attrelid
  UNION ALL SELECT concat_ws(' ', pg_trigger.oid, tgenabled) FROM pg_trigger JOIN ours ON ours.oid = tgrelid
  UNION ALL SELECT concat_ws(' ', pg_constraint.oid) FROM pg_constraint JOIN ours ON ours.oid = conrelid
  UNION ALL SELECT concat_ws(' ', oid, prosrc) FROM pg_proc WHERE pronamespace = 'public'::regnamespace
  UNION ALL SELECT concat_ws(' ', name, applied_at) FROM migration
) AS parts
"""


@dataclass
class _Kept:
    name: str
    shape: list[str]
    used: int = 0


@dataclass
class Databases:
    """Copies of `template` on the server at `url`, those that are free to be used again."""

    url: str
    template: str
    _free: list[_Kept] = field(default_factory=list)
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    @contextmanager
    def one(self) -> Iterator[str]:
        """The address of a database like the template, for as long as the block runs."""
        kept = self._free.pop() if self._free else self._made()
        address = sibling(self.url, kept.name)
        yield address
        kept.used += 1
        if kept.used < _USED_AT_MOST and _emptied(address) == kept.shape:
            self._free.append(kept)
        else:
            run_sql(self.url, f"DROP DATABASE {kept.name} WITH (FORCE)")

    def _made(self) -> _Kept:
        name = f"test_{next(self._numbers)}"
        run_sql(self.url, f"CREATE DATABASE {name} TEMPLATE {self.template}")
        shape = _emptied(sibling(self.url, name))
        assert shape is not None
        return _Kept(name, shape)


def _emptied(address: str) -> list[str] | None:
    """What the database is made of, now without rows; None where that cannot be had any more."""
    found: list[list[str]] = []

    async def empty() -> None:
        connection = await asyncpg.connect(address)
        try:
            await connection.execute(_ALONE)
            await connection.execute(_EMPTY)
            found.append(await connection.fetchval(_SHAPE))
        finally:
            await connection.close()

    try:
        at_once(empty())
    except (OSError, asyncpg.PostgresError):
        return None
    return found[0]
