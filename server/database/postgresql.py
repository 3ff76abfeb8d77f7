"""PostgreSQL as Tortoise knows it, with what stock Tortoise lacks: a cancelled task always gives its connection back,
passing failures are told from lasting ones, and a connection is handed on without a round trip to reset it."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import asyncpg
from tortoise.backends.asyncpg.client import AsyncpgDBClient, TransactionWrapper
from tortoise.backends.base.client import ConnectionWrapper, NestedTransactionContext, TransactionContextPooled
from tortoise.backends.base_postgres.client import translate_exceptions
from tortoise.connection import get_connections

from server.database.failures import TransactionMisused, translated
from server.database.finishing import finished
from server.database.sqlite import ENDED

_MIGRATION_LOCK = 0x7061726C6579  # "parley": any number that no other program on the same database uses


async def leave_as_it_is(_connection: Any) -> None:
    """Nothing to undo on a connection that goes back to the pool: no session setting, session lock or LISTEN is ever
    made on one, and asyncpg itself rolls back what is still open."""


POOL_OPTIONS = {"reset": leave_as_it_is, "statement_cache_size": 500, "max_cached_statement_lifetime": 0}


class _Translating(AsyncpgDBClient):
    async def _translate_exceptions(self, func: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            return await super()._translate_exceptions(func, *args, **kwargs)
        except Exception as error:
            better = translated(error.__cause__ if isinstance(error.__cause__, asyncpg.PostgresError) else error)
            if better is error or better is error.__cause__:
                raise
            raise better from error

    @translate_exceptions
    async def read(self, sql: str, parameters: Sequence[Any]) -> list[Sequence[Any]]:
        """Rows, read with a statement that the connection keeps prepared."""
        async with self.acquire_connection() as connection:
            rows: list[Sequence[Any]] = await connection.fetch(sql, *parameters)
            return rows

    @translate_exceptions
    async def change(self, sql: str, parameters: Sequence[Any]) -> int:
        """How many rows the statement changed."""
        async with self.acquire_connection() as connection:
            status: str = await connection.execute(sql, *parameters)
            tail = status.rpartition(" ")[2]
            return int(tail) if tail.isdigit() else 0


class Client(_Translating):
    """The pool of this process."""

    def _in_transaction(self) -> SafeTransactionContext:
        return SafeTransactionContext(SafeTransaction(self), self._pool_init_lock)

    def schema_transaction(self) -> SafeTransactionContext:
        """A transaction in which tables may be changed: one process at a time has it, the others wait."""
        return SchemaTransactionContext(SafeTransaction(self), self._pool_init_lock)


class SafeTransaction(_Translating, TransactionWrapper):
    """One connection of the pool while a transaction is open on it."""

    is_ending = False
    is_committed = False

    def acquire_connection(self) -> ConnectionWrapper[asyncpg.Connection]:
        if self.is_ending:
            raise TransactionMisused(ENDED)
        return ConnectionWrapper(self._lock, self)

    def _in_transaction(self) -> NestedTransactionContext:
        return NestedTransactionContext(SafeTransaction(self))

    @translate_exceptions
    async def commit(self) -> None:
        await super().commit()
        self.is_committed = True

    @translate_exceptions
    async def take_connection(self) -> None:
        """The transaction has a connection of its own and has begun."""
        self._connection = await self._parent._pool.acquire()  # type: ignore[union-attr]  # ensured by the context
        await self.begin()


class SafeTransactionContext(TransactionContextPooled):
    """Opens and ends a transaction. However it ends, its connection is back in the pool."""

    client: SafeTransaction

    async def __aenter__(self) -> SafeTransaction:
        await self.ensure_connection()
        try:
            await self.client.take_connection()
        except BaseException:
            if self.client.transaction is not None:
                # To asyncpg this means: roll back without an alarm, its end was waited for.
                self.client.transaction._managed = True
            await finished(self._give_back())
            raise
        self.token = get_connections().set(self.connection_name, self.client)
        return self.client

    async def __aexit__(self, exc_type: Any, exc_val: Any, exc_tb: Any) -> None:
        # A generator that is closed by the garbage collector ends in another context, where the token is unknown.
        with suppress(ValueError):
            get_connections().reset(self.token)
        await finished(self._end(keep=exc_type is None))

    async def _end(self, *, keep: bool) -> None:
        self.client.is_ending = True
        try:
            if keep:
                await self.client.commit()
            else:
                # Where the connection is lost, the server has rolled back already and the pool drops it.
                with suppress(asyncpg.PostgresError, asyncpg.InterfaceError, OSError):
                    await self.client.rollback()
        finally:
            await self._give_back()

    async def _give_back(self) -> None:
        if self.client._connection is not None and self.client._parent._pool is not None:
            await self.client._parent._pool.release(self.client._connection)


class SchemaTransactionContext(SafeTransactionContext):
    """A transaction that waits for its turn as long as another process migrates."""

    async def __aenter__(self) -> SafeTransaction:
        begun = await super().__aenter__()
        await begun.read("SELECT pg_advisory_xact_lock($1)", [_MIGRATION_LOCK])
        return begun


client_class = Client
