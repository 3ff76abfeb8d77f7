"""Questions that many requests ask at the same moment, each about another row: one statement answers them all."""

from __future__ import annotations

import asyncio
from collections.abc import Hashable, Sequence
from typing import Any

from server.database import connection
from server.database.statements import fetch

Row = Sequence[Any]


class Lookup:
    """One SELECT that is asked for row after row. Its first column is the key, and it is written for a list of them:
    `WHERE id = ANY($1)`.

    On PostgreSQL those who ask while a statement is under way share the next one, so that no answer is older than its
    question; whoever asks alone waits for nobody. SQLite, inside the process, is asked for each row at once."""

    def __init__(self, sql: str) -> None:
        self._sql, self._sql_for_one = sql, sql.replace("= ANY($1)", "= $1")
        self._waiting: list[tuple[Hashable, asyncio.Future[Row | None]]] = []
        self._asking: asyncio.Task[None] | None = None

    async def row(self, key: Hashable) -> Row | None:
        """The row of that key as committed at this moment or later; None if there is none."""
        if connection.dialect() == "sqlite":
            rows = await fetch(self._sql_for_one, key)
            return rows[0] if rows else None
        loop = asyncio.get_running_loop()
        if self._asking is None or self._asking.done() or self._asking.get_loop() is not loop:
            self._waiting = []
            self._asking = loop.create_task(self._ask())
        answer: asyncio.Future[Row | None] = loop.create_future()
        self._waiting.append((key, answer))
        return await answer

    async def _ask(self) -> None:
        while self._waiting:
            asked, self._waiting = self._waiting, []
            try:
                found = {row[0]: row for row in await fetch(self._sql, list({key for key, _ in asked}))}
            except Exception as error:  # noqa: BLE001 - whatever it was, each of those who asked is told
                _tell(asked, error)
            else:
                _tell(asked, found)


def _tell(asked: list[tuple[Hashable, asyncio.Future[Row | None]]], told: dict[Hashable, Row] | Exception) -> None:
    for key, answer in asked:
        if answer.done():
            continue
        if isinstance(told, Exception):
            answer.set_exception(told)
        else:
            answer.set_result(told.get(key))
