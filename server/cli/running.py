"""How a command runs: with its settings and its database, and with one clear line when something is in the way."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

import asyncpg
import typer
from tortoise.exceptions import BaseORMException

from server import database, logs, settings
from server.cli.answering import remark
from server.errors import Refused

_T = TypeVar("_T")


@contextmanager
def plainly() -> Iterator[None]:
    """Whatever a person can mend is told in one line each on standard error, and the command ends with status 1."""
    try:
        yield
    except Refused as refused:
        _stop(*(f"{one.message} ({one.code})" for one in refused.complaints))
    except settings.SettingsWrong as wrong:
        _stop(*str(wrong).splitlines())
    except database.DatabaseTooNew as wrong:
        _stop(str(wrong))
    except (BaseORMException, asyncpg.PostgresError, OSError) as error:
        reason = " ".join(str(error).split()) or type(error).__name__
        _stop(f"That did not work: {reason}. `parley doctor` says what is missing.")


def on_database(work: Callable[[], Awaitable[_T]], *, migrated: bool = True) -> _T:
    """What `work` returns, run with the database of the settings; by `migrated` only if that is up to date."""
    with plainly():
        return asyncio.run(_connected(work, migrated=migrated))


async def _connected(work: Callable[[], Awaitable[_T]], *, migrated: bool) -> _T:
    own = settings.current()
    logs.speak(own.log_level, as_json=_as_json(own))
    await database.connect(own.database_url, pool_size=own.database_pool)
    try:
        if migrated and (pending := await database.pending_migrations()):
            _stop(f"The database lacks {len(pending)} migrations. Run `parley migrate` first.")
        return await work()
    finally:
        await database.disconnect()


def speak_as_set() -> settings.Settings:
    """The settings, with the log switched on as they say."""
    with plainly():
        own = settings.current()
    logs.speak(own.log_level, as_json=_as_json(own))
    return own


def _as_json(own: settings.Settings) -> bool | None:
    return {"JSON": True, "TEXT": False}.get(own.log_format)


def _stop(*lines: str) -> None:
    for line in lines:
        remark(f"parley: {line}")
    raise typer.Exit(1)
