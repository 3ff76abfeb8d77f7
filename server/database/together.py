"""Questions that many requests ask at the same moment, each about other rows: one statement answers them all."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Hashable, Sequence
from typing import Any, Generic, TypeVar

import orjson

from server.database import connection
from server.database.statements import fetch, kinds_of_values
from server.database.transactions import in_transaction

Row = Sequence[Any]
Question = TypeVar("Question")
Answer = TypeVar("Answer")

MOST_TOGETHER = 100
_PLACE = re.compile(r"\$(\d+)")


class Together(Generic[Question, Answer]):
    """Those who ask while others are being answered wait, and then are answered at once, by `answers`: so no answer is
    older than its question, and whoever asks alone waits for nobody."""

    def __init__(self, answers: Callable[[list[Question]], Awaitable[Sequence[Answer]]]) -> None:
        self._answers = answers
        self._waiting: list[tuple[Question, asyncio.Future[Answer]]] = []
        self._asking: asyncio.Task[None] | None = None

    def answer(self, question: Question) -> asyncio.Future[Answer]:
        """What it will be answered; fails as `answers` does."""
        loop = asyncio.get_running_loop()
        if self._asking is None or self._asking.done() or self._asking.get_loop() is not loop:
            self._waiting = []
            self._asking = loop.create_task(self._ask())
        answer: asyncio.Future[Answer] = loop.create_future()
        self._waiting.append((question, answer))
        return answer

    async def _ask(self) -> None:
        while self._waiting:
            asked, self._waiting = self._waiting[:MOST_TOGETHER], self._waiting[MOST_TOGETHER:]
            try:
                told = await self._answers([question for question, _ in asked])
            except Exception as error:  # noqa: BLE001 - whatever it was, each of those who asked is told
                for _, answer in asked:
                    if not answer.done():
                        answer.set_exception(error)
            else:
                for (_, answer), one in zip(asked, told, strict=True):
                    if not answer.done():
                        answer.set_result(one)


class Lookup:
    """One SELECT that is asked for row after row. Its first column is the key, and it is written for a list of them:
    `WHERE id = ANY($1)`.

    On PostgreSQL those who ask at the same moment share it. SQLite, inside the process, is asked for each row at
    once."""

    def __init__(self, sql: str) -> None:
        self._sql, self._sql_for_one = sql, sql.replace("= ANY($1)", "= $1")
        self._together = Together(self._rows)

    async def row(self, key: Hashable) -> Row | None:
        """The row of that key as committed at this moment or later; None if there is none."""
        if connection.dialect() == "sqlite":
            rows = await fetch(self._sql_for_one, key)
            return rows[0] if rows else None
        return await self._together.answer(key)

    async def _rows(self, keys: list[Hashable]) -> list[Row | None]:
        found = {row[0]: row for row in await fetch(self._sql, list(set(keys)))}
        return [found.get(key) for key in keys]


class Select:
    """One SELECT that is asked with other values each time. Where its answers are brief, those who ask at the same
    moment share a statement, on PostgreSQL and outside of transactions; their rows then end in one column more."""

    def __init__(self, sql: str) -> None:
        self.sql = sql
        self._for_many: str | None = None
        self._together = Together(self._rows_of_each)

    async def rows(self, values: Sequence[Any], *, is_brief: bool = False) -> list[Row]:
        """The rows for these values, in their order, as committed at this moment or later."""
        if not is_brief or not values or connection.dialect() == "sqlite" or in_transaction():
            return await fetch(self.sql, *values)
        found = await self._together.answer(values)
        return await fetch(self.sql, *values) if found is None else found

    async def _rows_of_each(self, asked: list[Sequence[Any]]) -> Sequence[list[Row] | None]:
        """None for those who have to ask by themselves, so that nobody fails for what a neighbour asks."""
        if len(asked) == 1:
            return [None]
        try:
            if self._for_many is None:
                self._for_many = for_many(self.sql, await kinds_of_values(self.sql))
            rows = await fetch(self._for_many, _written(asked))
        except Exception:  # noqa: BLE001 - whatever it was, those to whom it happens by themselves are told
            return [None] * len(asked)
        found: list[list[Row]] = [[] for _ in asked]
        for row in rows:
            found[row[-1]].append(row)
        return found


def for_many(sql: str, kinds: Sequence[str]) -> str:
    """The same SELECT for several values of each of these kinds, given as one JSON text; each row ends in the number of
    those it belongs to.

    Nothing sorts the rows again: whatever reads one select for each row of a list keeps the order inside."""
    columns = ", ".join(f"p{number} {kind}" for number, kind in enumerate(kinds, 1))
    one = _PLACE.sub(r"asked.p\1", sql)
    asked = f"json_to_recordset($1::json) AS asked(number int4, {columns})"
    return f"SELECT found.*, asked.number FROM {asked}, LATERAL ({one}) found"


def _written(asked: list[Sequence[Any]]) -> str:
    # Not as arrays: asyncpg looks at each of their values in Python.
    names = [f"p{number}" for number in range(1, len(asked[0]) + 1)]
    listed = [dict(zip(names, values, strict=True), number=number) for number, values in enumerate(asked)]
    return orjson.dumps(listed).decode()
