"""PostgreSQL as Tortoise knows it, with what stock Tortoise lacks: a cancelled task always gives its connection back,
passing failures are told from lasting ones, and a connection is handed on without a round trip to reset it."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, Literal

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

    async def read(self, sql: str, parameters: Sequence[Any]) -> list[Sequence[Any]]:
        """Rows, read with a statement that the connection keeps prepared."""
        try:
            async with self.acquire_connection() as connection:
                rows: list[Sequence[Any]] = await connection.fetch(sql, *parameters)
                return rows
        except Exception as error:
            # The translation is a chain of calls: taken when there is something to translate, not for every read.
            await self._translate_exceptions(_raising, error)
            raise

    async def change(self, sql: str, parameters: Sequence[Any]) -> int:
        """How many rows the statement changed."""
        try:
            async with self.acquire_connection() as connection:
                status: str = await connection.execute(sql, *parameters)
        except Exception as error:
            await self._translate_exceptions(_raising, error)
            raise
        tail = status.rpartition(" ")[2]
        return int(tail) if tail.isdigit() else 0


async def _raising(_client: Any, error: Exception) -> None:
    raise error


class Client(_Translating):
    """The pool of this process. A connection that was used well is not given back to asyncpg's pool but rests here: the
    pool's own way back is a task of its own, and costs as much as a small SELECT."""

    known_as: Literal["postgresql"] = "postgresql"

    def __init__(self, *given: Any, **options: Any) -> None:
        super().__init__(*given, **options)
        self._resting: list[Any] = []
        self._taken = 0
        self._waiting: deque[asyncio.Future[Any]] = deque()

    async def take(self) -> Any:
        """A connection that nobody else has, until `rest` or `drop`. Whoever asked first is served first."""
        while True:
            if self._resting:
                connection = self._resting.pop()
            elif self._taken < self.pool_maxsize:
                connection = await self._fresh()
            else:
                connection = await self._next()
            if connection is not None and _is_at_rest(connection):
                return connection
            if connection is not None:
                await self.drop(connection)

    async def kinds_of_values(self, sql: str) -> list[str]:
        """What the database takes each value of a statement to be, such as `int8`."""
        async with self.acquire_connection() as connection:
            return [one.name for one in (await connection.prepare(sql)).get_parameters()]

    async def rest(self, connection: Any) -> None:
        """The connection, with nothing under way on it, is there for the next one who wants it."""
        if not _is_at_rest(connection):
            await self.drop(connection)
        elif not self._hand_on(connection):
            self._resting.append(connection)

    async def drop(self, connection: Any) -> None:
        """The connection is asyncpg's again, which looks after what is still under way on it."""
        try:
            if self._pool is not None:
                await finished(self._pool.release(connection))
        finally:
            self._taken -= 1
            self._hand_on(None)

    async def _fresh(self) -> Any:
        self._taken += 1
        try:
            if self._pool is None:
                await self.create_connection(with_db=True)
            return await self._pool.acquire()  # type: ignore[union-attr]  # made above
        except BaseException:
            self._taken -= 1
            self._hand_on(None)
            raise

    async def _next(self) -> Any:
        """What somebody hands on: their connection, or None for the room of one that is gone."""
        handed: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._waiting.append(handed)
        try:
            return await handed
        except asyncio.CancelledError:
            if handed.done() and not handed.cancelled():
                if handed.result() is None:
                    self._hand_on(None)
                else:
                    await self.rest(handed.result())
            raise

    def _hand_on(self, connection: Any) -> bool:
        while self._waiting:
            handed = self._waiting.popleft()
            if not handed.done():
                handed.set_result(connection)
                return True
        return False

    async def close(self) -> None:
        while self._resting:
            await self.drop(self._resting.pop())
        await super().close()

    def acquire_connection(self) -> _Lease:  # type: ignore[override]  # does what Tortoise's own does
        return _Lease(self)

    def _in_transaction(self) -> SafeTransactionContext:
        return SafeTransactionContext(SafeTransaction(self), self._pool_init_lock)

    def schema_transaction(self) -> SafeTransactionContext:
        """A transaction in which tables may be changed: one process at a time has it, the others wait."""
        return SchemaTransactionContext(SafeTransaction(self), self._pool_init_lock)


def _is_at_rest(connection: Any) -> bool:
    # Where it was lost, the pool has taken it back by itself, and there is none behind what it had given out.
    own = connection._con
    return own is not None and not own.is_closed() and not own.is_in_transaction()


class _Lease:
    """A connection for one statement."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def __aenter__(self) -> Any:
        self._connection = await self._client.take()
        return self._connection

    async def __aexit__(self, exc_type: Any, exc_val: Any, exc_tb: Any) -> None:
        if exc_type is None:
            await self._client.rest(self._connection)
        else:
            await self._client.drop(self._connection)


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
        self._connection = await self._parent.take()  # type: ignore[attr-defined]  # a Client, always
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
        """Only after a commit is it certain that nothing is under way: a late answer to a cancelled BEGIN, say."""
        if self.client._connection is not None:
            pool: Any = self.client._parent
            await (pool.rest if self.client.is_committed else pool.drop)(self.client._connection)


class SchemaTransactionContext(SafeTransactionContext):
    """A transaction that waits for its turn as long as another process migrates."""

    async def __aenter__(self) -> SafeTransaction:
        begun = await super().__aenter__()
        await begun.read("SELECT pg_advisory_xact_lock($1)", [_MIGRATION_LOCK])
        return begun


client_class = Client
