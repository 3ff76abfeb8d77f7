"""What the database itself says, asked past the server."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import Any

import asyncpg

from benchmarks.faults.scene import Scene, hold
from server.changes import cursor

_OVERLAPS = """SELECT count(*) FROM busy_span one JOIN busy_span other
  ON other.host_id = one.host_id AND other.id > one.id AND other.starts < one.ends AND other.ends > one.starts
  WHERE one.source = 'MEETING' AND other.source = 'MEETING'"""


@dataclass(frozen=True, slots=True)
class Books:
    """The state of a company: its meetings' starts, the numbers of its log, and its jobs by state."""

    starts: list[int]
    numbers: list[int]
    counter: int
    overlaps: int
    jobs: dict[str, int]

    def check(self, *, starts: set[int]) -> None:
        """Exactly these meetings are there, none double, and the log has no gap."""
        hold(
            sorted(self.starts) == sorted(starts), f"{len(self.starts)} meetings stand where {len(starts)} were booked"
        )
        hold(self.overlaps == 0, f"{self.overlaps} meetings overlap")
        hold(self.numbers == list(range(1, self.counter + 1)), "the numbers of the change log have a gap")

    def cursors(self, *, after: int = 0) -> list[str]:
        """The cursor of every change behind that number, as clients know them."""
        return [cursor.write(number) for number in self.numbers if number > after]


async def books_of(scene: Scene) -> Books:
    """The books as they are now."""
    starts = await ask(scene, "SELECT starts_at FROM meeting WHERE canceled_at IS NULL AND deleted_at IS NULL")
    numbers = await ask(scene, "SELECT number FROM change ORDER BY number")
    counter = await ask(scene, "SELECT last_change_number FROM account")
    overlaps = await ask(scene, _OVERLAPS)
    jobs = await ask(scene, "SELECT state, count(*) FROM job GROUP BY state")
    return Books(
        [row[0] for row in starts],
        [row[0] for row in numbers],
        counter[0][0],
        overlaps[0][0],
        {str(row[0]): int(row[1]) for row in jobs},
    )


async def ask(scene: Scene, sql: str) -> list[Any]:
    """The rows of a statement, on a connection of its own."""
    if scene.kind == "sqlite":
        path = scene.database_url.removeprefix("sqlite:///")
        connection = sqlite3.connect(path, timeout=20, isolation_level=None)
        try:
            return connection.execute(sql).fetchall()
        finally:
            connection.close()
    wire = await asyncpg.connect(scene.database_url)
    try:
        return list(await wire.fetch(sql))
    finally:
        await wire.close()
