"""What the database spends on a question: processor time, of this thread on SQLite, of its backend on PostgreSQL."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.records.questions import Question, questions
from server import database
from server.database import statements


@dataclass(frozen=True)
class Sent:
    """One statement that a room sent, and the milliseconds that its answer cost."""

    milliseconds: float
    sql: str
    parameters: tuple[Any, ...]


@dataclass(frozen=True)
class Timed:
    """One question, and the statements of the round in which they took least."""

    question: Question
    sent: tuple[Sent, ...]

    @property
    def milliseconds(self) -> float:
        """What it took at best, in all its statements."""
        return sum(one.milliseconds for one in self.sent)


async def timed(url: str, rounds: int) -> list[Timed]:
    """The best of the rounds for each question, on the database at `url`."""
    await database.connect(url, pool_size=1)
    try:
        spent = await _accounting()
        # Asked once for each connection, not once for each question.
        await database.finds_inside_words()
        return [await _best(question, rounds, spent) for question in questions()]
    finally:
        await database.disconnect()


async def _accounting() -> Callable[[], float]:
    """What tells the milliseconds of processor time that the database has spent so far."""
    if database.dialect() == "sqlite":
        return lambda: time.thread_time() * 1000
    row = await database.fetch_one("SELECT pg_backend_pid()")
    scheduled = Path(f"/proc/{row[0] if row else 0}/schedstat")
    return lambda: int(scheduled.read_text().split()[0]) / 1_000_000


async def _best(question: Question, rounds: int, spent: Callable[[], float]) -> Timed:
    found = []
    for _ in range(rounds):
        async with _watched(spent) as sent:
            await question.work()
        found.append(Timed(question, tuple(sent)))
    return min(found, key=lambda one: one.milliseconds)


@asynccontextmanager
async def _watched(spent: Callable[[], float]) -> AsyncIterator[list[Sent]]:
    """What the rooms ask of the database inside the block."""
    sent: list[Sent] = []

    async def watched(sql: str, *parameters: Any) -> Any:
        before = spent()
        rows = await statements.fetch(sql, *parameters)
        sent.append(Sent(spent() - before, sql, parameters))
        return rows

    async def one(sql: str, *parameters: Any) -> Any:
        rows = await watched(sql, *parameters)
        return rows[0] if rows else None

    own = database.fetch, database.fetch_one
    database.fetch, database.fetch_one = watched, one
    try:
        yield sent
    finally:
        database.fetch, database.fetch_one = own
