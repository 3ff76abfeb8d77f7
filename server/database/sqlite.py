"""SQLite as Tortoise knows it, with what stock Tortoise lacks: cancellation never leaves its lock or a transaction
behind, transactions begin IMMEDIATE, and plain reads have a connection of their own that never waits for a writer."""

from __future__ import annotations

import asyncio
import re
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import aiosqlite
from tortoise.backends.base.client import ConnectionWrapper, NestedTransactionContext
from tortoise.backends.sqlite.client import SqliteClient, SqliteTransactionContext, SqliteTransactionWrapper
from tortoise.connection import get_connections
from tortoise.exceptions import OperationalError

from server.database.failures import TransactionMisused, TryAgain, translated
from server.database.finishing import finished

PRAGMAS = {
    "busy_timeout": 10_000,
    "journal_mode": "WAL",
    "synchronous": "FULL",
    "foreign_keys": "ON",
    "journal_size_limit": 64 * 1024 * 1024,
}
_READER_WAITS_MILLISECONDS = 1000
# Steps of SQLite's machine: some milliseconds, and too many for any ordinary read to notice.
_STEPS_BETWEEN_LOOKS = 200_000
_QUOTED_OR_PLACEHOLDER = re.compile(r"'(?:[^']|'')*'|\"[^\"]*\"|\$(\d+)")


class Client(SqliteClient):
    """The connection of this process that writes, and the one that only reads."""

    known_as: Literal["sqlite"] = "sqlite"
    _reader: sqlite3.Connection | None = None
    _read_since = 0.0

    async def create_connection(self, with_db: bool) -> None:
        _make_private(self.filename)
        writer = aiosqlite.connect(self.filename, isolation_level=None)
        # A process that dies of an error must not wait for ever for a connection that nobody closes any more.
        writer._thread.daemon = True
        try:
            self._connection = await writer
        except sqlite3.OperationalError as error:
            # Its thread still has a last word for this loop, which a command may be about to close.
            await asyncio.to_thread(writer._thread.join)
            raise OperationalError(f"{self.filename}: {error}") from error
        self._connection._conn.row_factory = sqlite3.Row
        for name, value in self.pragmas.items():
            await self._connection.execute(f"PRAGMA {name}={value}")
        self._reader = sqlite3.connect(self.filename, isolation_level=None, cached_statements=512)
        self._reader.execute(f"PRAGMA busy_timeout={_READER_WAITS_MILLISECONDS}")
        self._reader.execute("PRAGMA query_only=ON")
        await self._post_connect()

    async def close(self) -> None:
        if self._reader is not None:
            self._reader.close()
            self._reader = None
        await super().close()

    def acquire_connection(self) -> ConnectionWrapper[aiosqlite.Connection]:
        return _Held(self._lock, self)

    def _in_transaction(self) -> SafeTransactionContext:
        return SafeTransactionContext(SafeTransaction(self), self._lock)

    def schema_transaction(self) -> SafeTransactionContext:
        """A transaction in which tables may be made anew: foreign keys are off, or the rows of children would go."""
        return SchemaTransactionContext(SafeTransaction(self), self._lock)

    async def execute_many(self, query: str, values: list[list[Any]]) -> None:
        async with self._in_transaction() as inside:
            await inside.execute_many(query, values)

    async def read(self, sql: str, parameters: Sequence[Any]) -> list[Sequence[Any]]:
        """Rows as last committed. Called in the event loop: a WAL reader waits for nobody, and a thread costs more."""
        if self._reader is None:
            raise RuntimeError("the database is closed")
        self._read_since = time.monotonic()
        try:
            return self._reader.execute(numbered(sql), parameters).fetchall()
        except sqlite3.Error as error:
            raise translated(error) from error

    def stop_reads_after(self, seconds: float) -> None:
        """A read that takes longer ends as `TooLong`. It runs in the event loop, so nobody else could stop it."""

        def is_too_late() -> bool:
            return time.monotonic() - self._read_since > seconds

        if self._reader is not None:
            self._reader.set_progress_handler(is_too_late, _STEPS_BETWEEN_LOOKS)

    async def change(self, sql: str, parameters: Sequence[Any]) -> int:
        """How many rows the statement changed, by itself in its own transaction."""
        async with self.acquire_connection() as connection:
            return (await connection.execute(numbered(sql), parameters)).rowcount

    async def pragma(self, name: str) -> Any:
        """What a pragma says on the connection that writes."""
        async with self.acquire_connection() as connection:
            return [tuple(row) for row in await connection.execute_fetchall(f"PRAGMA {name}")][0][0]


class SafeTransaction(SqliteTransactionWrapper):
    """The writing connection while a transaction is open on it."""

    is_ending = False
    is_committed = False

    def acquire_connection(self) -> ConnectionWrapper[aiosqlite.Connection]:
        if self.is_ending:
            raise TransactionMisused(ENDED)
        return _Held(self._lock, self)

    def _in_transaction(self) -> NestedTransactionContext:
        return NestedTransactionContext(SafeTransaction(self))

    async def begin(self) -> None:
        with _translation():
            await self._connection.execute("BEGIN IMMEDIATE")

    async def commit(self) -> None:
        if not self._connection.in_transaction:
            raise TryAgain("SQLite ended the transaction by itself, after a full disk or a failed write")
        with _translation():
            await super().commit()
        self.is_committed = True

    async def read(self, sql: str, parameters: Sequence[Any]) -> list[Sequence[Any]]:
        """Rows as this transaction sees them."""
        async with self.acquire_connection() as connection:
            rows = await connection.execute_fetchall(numbered(sql), parameters)
        return [tuple(row) for row in rows]

    async def change(self, sql: str, parameters: Sequence[Any]) -> int:
        """How many rows the statement changed."""
        async with self.acquire_connection() as connection:
            return (await connection.execute(numbered(sql), parameters)).rowcount


class SafeTransactionContext(SqliteTransactionContext):
    """Opens and ends a transaction. However it ends, the lock is free and no transaction is left open."""

    connection: SafeTransaction

    async def __aenter__(self) -> SafeTransaction:
        await self._trxlock.acquire()
        try:
            await self.ensure_connection()
            await self._prepare()
            await self.connection.begin()
        except BaseException:
            await finished(self._give_up())
            raise
        self.token = get_connections().set(self.connection_name, self.connection)
        return self.connection

    async def __aexit__(self, exc_type: Any, exc_val: Any, exc_tb: Any) -> None:
        # A generator that is closed by the garbage collector ends in another context, where the token is unknown.
        with suppress(ValueError):
            get_connections().reset(self.token)
        await finished(self._end(keep=exc_type is None))

    async def _prepare(self) -> None:
        """What has to be said before BEGIN: nothing, ordinarily."""

    async def _end(self, *, keep: bool) -> None:
        self.connection.is_ending = True
        try:
            if keep:
                await self.connection.commit()
        finally:
            await self._give_up()

    async def _give_up(self) -> None:
        try:
            # Queued behind whatever the cancelled task left to the connection's thread, a late BEGIN included.
            if self.connection._connection:
                await self.connection._connection.rollback()
        finally:
            self._trxlock.release()


class SchemaTransactionContext(SafeTransactionContext):
    """A transaction without foreign keys, which waits for its turn as long as another process migrates."""

    async def __aenter__(self) -> SafeTransaction:
        while True:
            with suppress(TryAgain):
                return await super().__aenter__()

    async def _prepare(self) -> None:
        await self.connection._connection.execute("PRAGMA foreign_keys=OFF")

    async def _give_up(self) -> None:
        try:
            await self.connection._connection.rollback()
            await self.connection._connection.execute("PRAGMA foreign_keys=ON")
        finally:
            await super()._give_up()


class _Held(ConnectionWrapper[aiosqlite.Connection]):
    """The connection for one statement; its failures leave here translated."""

    async def __aenter__(self) -> aiosqlite.Connection:
        await self._lock.acquire()
        try:
            await self.ensure_connection()
        except BaseException:
            self._lock.release()
            raise
        return self.connection

    async def __aexit__(self, exc_type: Any, exc_val: Any, exc_tb: Any) -> None:
        self._lock.release()
        if exc_val is not None and (better := translated(exc_val)) is not exc_val:
            raise better from exc_val


ENDED = (
    "This task was started inside a transaction that has ended, and would have written without it. "
    "Start tasks from after_commit(), never inside a transaction."
)


def _make_private(path: str) -> None:
    # Sign-ins and addresses are inside: whoever may start the server may read them, and nobody else.
    with suppress(FileExistsError, FileNotFoundError):
        Path(path).touch(mode=0o600, exist_ok=False)


@contextmanager
def _translation() -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise translated(error) from error


@lru_cache(maxsize=4096)
def numbered(sql: str) -> str:
    """`sql` with its `$1` written `?1`, as SQLite counts them; quoted text stays as it is."""
    return _QUOTED_OR_PLACEHOLDER.sub(lambda found: f"?{found[1]}" if found[1] else found[0], sql)


client_class = Client
