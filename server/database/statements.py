"""Statements in SQL, with placeholders `$1..` on both databases.

Values are what the driver gives: SQLite has 0 and 1 for booleans and text for dates, PostgreSQL has `bool` and `date`;
instants are epoch seconds and JSON is text on both."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from server.database import connection, postgresql
from server.database.failures import TransactionMisused
from server.database.placeholders import placeholders
from server.database.transactions import current


async def fetch(sql: str, *parameters: Any) -> list[Sequence[Any]]:
    """The rows of a SELECT, as last committed, or as the transaction of this task sees them.

    A writing statement with RETURNING works inside a transaction only."""
    begun = current()
    reader = connection.client() if begun is None else begun.client
    return await reader.read(sql, parameters)


async def fetch_one(sql: str, *parameters: Any) -> Sequence[Any] | None:
    """The first row of a SELECT, None if there is no row."""
    rows = await fetch(sql, *parameters)
    return rows[0] if rows else None


async def execute(sql: str, *parameters: Any) -> int:
    """How many rows the statement changed; committed with the transaction of this task, or by itself."""
    begun = current()
    writer = connection.client() if begun is None else begun.client
    return await writer.change(sql, parameters)


async def kinds_of_values(sql: str) -> list[str]:
    """What PostgreSQL takes the values of a statement to be, such as `int8`."""
    reader = connection.client()
    if not isinstance(reader, postgresql.Client):
        raise TypeError("SQLite gives its values no kind before it sees them.")
    return await reader.kinds_of_values(sql)


async def lock_hosts(host_ids: Iterable[int]) -> frozenset[int]:
    """No other transaction that locks one of these users goes on before this one ends. Which of them are active once
    they are locked: whoever was waited for may have been put out meanwhile.

    Taken in the order of the ids, so that two verbs never wait for each other, as long as each asks for all of its
    users at once and before it locks any other row. On SQLite there is one writer anyway."""
    begun = current()
    if begun is None:
        raise TransactionMisused("lock_hosts() outside a transaction would be released at once.")
    wanted = sorted(set(host_ids))
    if connection.dialect() == "postgresql":
        # NO KEY UPDATE: rows that merely refer to a locked user can still be written.
        sql = "SELECT id, is_active FROM app_user WHERE id = ANY($1::bigint[]) ORDER BY id FOR NO KEY UPDATE"
        rows = await begun.client.read(sql, [wanted])
    else:
        sql = f"SELECT id, is_active FROM app_user WHERE id IN ({placeholders(wanted)})"
        rows = await begun.client.read(sql, wanted)
    return frozenset(int(user_id) for user_id, is_active in rows if is_active)
