"""The two databases with the same rows, what a measured write has left in one, and how it is swept away."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg

from benchmarks.contestants import Contestant
from benchmarks.data import outcome_id
from tests.postgresql import run_sql

_AS_BEFORE = (
    f"UPDATE meeting SET outcome_id = (account_id - 1) * {outcome_id(2, 0) - outcome_id(1, 0)} + 1, version = 1 "
    "WHERE version > 1",
    "DELETE FROM change",
)
_COUNTERS = "SELECT id, last_change_number, data_version FROM account ORDER BY id"
_JOBS = "SELECT count(*) FROM job"
_CHANGES = "SELECT account_id, kind, meeting_id, actor, data FROM change ORDER BY account_id, number"
_MEETINGS = "SELECT id, outcome_id, version FROM meeting WHERE version > 1 ORDER BY id"

Rows = list[tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Written:
    """What stands in the tables that W3 writes to: the log, the meetings, the accounts' counters, the jobs."""

    changes: Rows
    meetings: Rows
    counters: Rows
    jobs: int

    def since(self, before: Written) -> Written:
        """The same with counters and jobs counted from `before`, so that it can be compared between servers."""
        pairs = zip(self.counters, before.counters, strict=True)
        counted = [(one[0], one[1] - other[1], one[2] - other[2]) for one, other in pairs]
        return Written(self.changes, self.meetings, counted, self.jobs - before.jobs)


@dataclass(frozen=True)
class Databases:
    """Where the same rows are, once on each kind of database."""

    postgresql: str
    sqlite: Path

    @property
    def addresses(self) -> dict[str, str]:
        """The addresses, by what the databases are called here."""
        return {"postgresql": self.postgresql, "sqlite": f"sqlite:///{self.sqlite}"}

    def as_before(self, contestant: Contestant) -> None:
        """The outcomes that W3 has recorded in the contestant's database are forgotten, and what it left is swept."""
        if contestant.database == "sqlite":
            with closing(sqlite3.connect(self.sqlite)) as connection, connection:
                for statement in _AS_BEFORE:
                    connection.execute(statement)
        else:
            run_sql(self.postgresql, *_AS_BEFORE, "VACUUM meeting", "VACUUM account", "VACUUM change")

    async def written(self, contestant: Contestant) -> Written:
        """What W3 has left in the contestant's database so far."""
        asked = (_CHANGES, _MEETINGS, _COUNTERS, _JOBS)
        if contestant.database == "sqlite":
            with closing(sqlite3.connect(self.sqlite)) as connection:
                found = [connection.execute(sql).fetchall() for sql in asked]
        else:
            found = await _fetched(self.postgresql, asked)
        changes = [(*row[:-1], json.loads(row[-1])) for row in found[0]]
        return Written(changes, found[1], found[2], int(found[3][0][0]))


async def _fetched(url: str, asked: tuple[str, ...]) -> list[Rows]:
    connection = await asyncpg.connect(url)
    try:
        return [[tuple(row) for row in await connection.fetch(sql)] for sql in asked]
    finally:
        await connection.close()
