"""Failures of either database are told apart in the same way."""

import sqlite3

import asyncpg
import pytest
from tortoise.exceptions import IntegrityError, OperationalError

from server.database.failures import Overlap, TryAgain, translated


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (sqlite3.IntegrityError("busy_span overlap"), Overlap),
        (sqlite3.IntegrityError("UNIQUE constraint failed: contact.email"), IntegrityError),
        (sqlite3.OperationalError("database is locked"), TryAgain),
        (sqlite3.OperationalError("database or disk is full"), TryAgain),
        (sqlite3.OperationalError("no such table: account"), OperationalError),
        (asyncpg.ExclusionViolationError("busy_span_overlap"), Overlap),
        (asyncpg.SerializationError(), TryAgain),
        (asyncpg.DeadlockDetectedError(), TryAgain),
        (asyncpg.AdminShutdownError(), TryAgain),
        (asyncpg.TooManyConnectionsError(), TryAgain),
        (asyncpg.InterfaceError("connection is closed"), TryAgain),
        (ConnectionRefusedError(), TryAgain),
        (asyncpg.InterfaceError("cannot perform operation: another operation is in progress"), asyncpg.InterfaceError),
        (asyncpg.UniqueViolationError(), asyncpg.UniqueViolationError),
        (ZeroDivisionError(), ZeroDivisionError),
    ],
)
def test_translated_kind(error: Exception, kind: type[Exception]) -> None:
    assert type(translated(error)) is kind
