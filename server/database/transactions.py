"""Everything or nothing: the one way in which rows are written together."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from contextvars import ContextVar

import structlog

from server.database import connection, postgresql, sqlite
from server.database.failures import TransactionMisused
from server.database.finishing import finished
from server.database.sqlite import ENDED

Callback = Callable[[], Awaitable[None] | None]

_current: ContextVar[Transaction | None] = ContextVar("transaction", default=None)
_log = structlog.get_logger(__name__)


class Transaction:
    """An open transaction, and what is to be done once it is committed."""

    def __init__(self, client: sqlite.SafeTransaction | postgresql.SafeTransaction) -> None:
        self.client = client
        self.task = asyncio.current_task()
        self.is_open = True
        self.has_failed_inside = False
        self._callbacks: list[Callback] = []

    def after_commit(self, callback: Callback) -> None:
        """`callback` runs after the outermost commit, in the order of registration; never after a rollback."""
        self._callbacks.append(callback)

    async def run_callbacks(self) -> None:
        """Every callback has run once. One that fails is logged: what is committed stays committed."""
        for callback in self._callbacks:
            try:
                result = callback()
                if inspect.isawaitable(result):
                    await result
            except Exception:  # noqa: BLE001 - whatever a callback raises must not look like a failed transaction
                _log.exception("after_commit_failed", callback=getattr(callback, "__qualname__", repr(callback)))

    def refuse_strangers(self) -> None:
        """Only the task that opened the transaction may go on in it, and only while it is open."""
        if not self.is_open:
            raise TransactionMisused(ENDED)
        if self.task is not asyncio.current_task():
            raise TransactionMisused(
                "A transaction belongs to the task that opened it, but another task, started inside it, wants to join. "
                "Await its work in the same task, or start it from after_commit()."
            )


@asynccontextmanager
async def transaction() -> AsyncIterator[Transaction]:
    """What is written inside is committed together at the end, or not at all if an exception leaves the block.

    A block inside another joins it. Raises `Overlap`, `TryAgain` or `TransactionMisused`."""
    outer = _current.get()
    if outer is None:
        async with _outermost() as begun:
            yield begun
    else:
        outer.refuse_strangers()
        try:
            yield outer
        except BaseException:
            outer.has_failed_inside = True
            raise


@asynccontextmanager
async def _outermost() -> AsyncIterator[Transaction]:
    begun: Transaction | None = None
    try:
        async with connection.client()._in_transaction() as client:
            begun = Transaction(client)
            with _known_to_the_task(begun):
                yield begun
            if begun.has_failed_inside:
                raise TransactionMisused("A block inside this transaction failed, so the whole cannot be committed.")
    finally:
        if begun is not None and begun.client.is_committed:
            await finished(begun.run_callbacks())


@contextmanager
def _known_to_the_task(begun: Transaction) -> Iterator[None]:
    token = _current.set(begun)
    try:
        yield
    finally:
        begun.is_open = False
        # A generator that is closed by the garbage collector ends in another context, where the token is unknown.
        with suppress(ValueError):
            _current.reset(token)


def in_transaction() -> bool:
    """Whether this task is inside a `transaction()` block."""
    return current() is not None


def current() -> Transaction | None:
    """The transaction that this task is in. Refuses a task that was started inside one which has ended."""
    found = _current.get()
    if found is not None and not found.is_open:
        raise TransactionMisused(ENDED)
    return found


def after_commit(callback: Callback) -> None:
    """`callback` runs once what is being written is committed; at once if this task is in no transaction."""
    begun = current()
    if begun is not None:
        begun.after_commit(callback)
        return
    result = callback()
    if inspect.isawaitable(result):
        raise TransactionMisused(
            "after_commit() outside a transaction takes plain functions only; await the work instead."
        )
