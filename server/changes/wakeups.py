"""How followers hear that the log has grown: in this process at once, from other processes by NATS where there is one,
else by PostgreSQL's NOTIFY, and in any case by asking.

A wake-up only says "look". The truth is the log, so one that is lost costs at most one poll."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

import structlog

from server import database, settings
from server.changes import tails
from server.changes.listener import CHANNEL, listen
from server.database.placeholders import placeholders
from server.gateways.jetstream import Line

POLL_SECONDS = 0.5

_log = structlog.get_logger(__name__)


@dataclass(slots=True)
class _Running:
    tasks: tuple[asyncio.Task[None], ...]


_running: list[_Running] = []
_lines: list[Line] = []
_listeners: list[Callable[[], None]] = []


async def start() -> None:
    """This process hears of changes that other processes commit, until `stop`. Started twice is started once."""
    if _running:
        return
    tasks = [asyncio.create_task(_ask_again_and_again(), name="changes: poll")]
    if settings.current().nats_url:
        line = Line(settings.current().nats_url)
        _lines.append(line)
        tasks.append(asyncio.create_task(line.listen(tails.ring, on_return=tails.ring_all), name="changes: NATS"))
    elif database.dialect() == "postgresql":
        tasks.append(asyncio.create_task(listen(tails.ring, on_return=tails.ring_all), name="changes: listen"))
    _running.append(_Running(tuple(tasks)))
    tails.someone_else_asks(True)


async def stop() -> None:
    """No task and no connection of `start` is left."""
    tails.someone_else_asks(False)
    _lines.clear()
    while _running:
        for task in _running.pop().tasks:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task


@contextlib.contextmanager
def listening(callback: Callable[[], None]) -> Iterator[None]:
    """Inside the block `callback` is called after each commit of a fact by this process."""
    _listeners.append(callback)
    try:
        yield
    finally:
        _listeners.remove(callback)


def tell_listeners() -> None:
    """Whoever listens in this process knows that some log has grown."""
    for callback in list(_listeners):
        callback()


async def announce(account_id: int) -> None:
    """After the commit of the present transaction every process looks at this account's log again."""
    told_after_commit(account_id)
    if uses_notify():
        await database.fetch("SELECT pg_notify($1, $2)", CHANNEL, str(account_id))


def told_after_commit(account_id: int) -> None:
    """The same, but for what takes a NOTIFY in the transaction."""
    database.after_commit(lambda: tails.ring(account_id))
    if settings.current().nats_url:
        for line in _lines:
            database.after_commit(partial(line.say, account_id))


def uses_notify() -> bool:
    """Whether other processes hear by PostgreSQL's NOTIFY."""
    return not settings.current().nats_url and database.dialect() == "postgresql"


async def _ask_again_and_again() -> None:
    while True:
        await asyncio.sleep(POLL_SECONDS)
        try:
            await _ring_what_has_grown()
        except Exception as error:  # noqa: BLE001  a database that is away for a while must not end the polling
            _log.warning("changes.poll_failed", error=repr(error))


async def _ring_what_has_grown() -> None:
    seen = tails.seen_numbers()
    if not seen:
        return
    columns = "id, last_change_number, data_version"
    rows = await database.fetch(f"SELECT {columns} FROM account WHERE id IN ({placeholders(seen)})", *seen)
    for account_id, latest, version in rows:
        if tails.is_new_version(account_id, version) or latest != seen[account_id]:
            tails.ring(account_id)
