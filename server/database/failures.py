"""What a database says no with, in words that the rooms above understand whichever database it was."""

from __future__ import annotations

import sqlite3

import asyncpg
from tortoise.exceptions import IntegrityError, OperationalError

_PASSING_SQLITE = (
    "database is locked",
    "database table is locked",
    "database is busy",
    "disk is full",
    "disk I/O error",
)
_PASSING_POSTGRESQL = (
    asyncpg.SerializationError,
    asyncpg.DeadlockDetectedError,
    asyncpg.LockNotAvailableError,
    asyncpg.PostgresConnectionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.OperatorInterventionError,
    ConnectionError,
    TimeoutError,
)


class Overlap(IntegrityError):
    """The database refused a busy span, because its host already has a meeting in that time."""


class TryAgain(OperationalError):
    """Nothing was wrong with the work: the database could not do it now. The same transaction may succeed later."""


class TooLong(OperationalError):
    """A statement was stopped, because it had run for longer than a query may."""


class TransactionMisused(RuntimeError):
    """The program used a transaction in a way that would lose or mix up rows. The text says which rule was broken."""


def translated(error: BaseException) -> BaseException:
    """The exception that the rooms above should see in place of `error`; `error` itself where none is known."""
    if isinstance(error, sqlite3.Error):
        return _from_sqlite(error)
    if isinstance(error, asyncpg.ExclusionViolationError):
        return Overlap(error)
    if isinstance(error, _PASSING_POSTGRESQL):
        return TryAgain(error)
    if isinstance(error, asyncpg.InterfaceError) and "closed" in str(error):
        return TryAgain(error)
    return error


def _from_sqlite(error: sqlite3.Error) -> Exception:
    if isinstance(error, sqlite3.IntegrityError):
        return Overlap(error) if "busy_span overlap" in str(error) else IntegrityError(error)
    if isinstance(error, sqlite3.OperationalError):
        if str(error) == "interrupted":
            return TooLong(error)
        passing = any(text in str(error) for text in _PASSING_SQLITE)
        return TryAgain(error) if passing else OperationalError(error)
    return error
