"""What is particular to PostgreSQL."""

import asyncio

import pytest

from server import database
from server.models import Account
from tests.postgresql import run_sql

pytestmark = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


async def test_lost_connections_are_told_as_try_again_and_replaced(db: str) -> None:
    await Account.create(name="kept")

    with pytest.raises(database.TryAgain):
        await write_while_sessions_end(db)

    end_all_sessions(db)
    for _ in range(10):
        try:
            rows = await database.fetch("SELECT name FROM account")
        except database.TryAgain:
            continue
        break
    assert rows == [("kept",)]


async def test_deadlock_is_told_as_try_again(db: str) -> None:
    first, second = await Account.create(name="first"), await Account.create(name="second")
    meet = asyncio.Barrier(2)

    async def lock(one: int, other: int) -> None:
        async with database.transaction():
            await database.execute("UPDATE account SET data_version = 1 WHERE id = $1", one)
            await meet.wait()
            await database.execute("UPDATE account SET data_version = 1 WHERE id = $1", other)

    results = await asyncio.gather(lock(first.id, second.id), lock(second.id, first.id), return_exceptions=True)

    assert {type(result) for result in results} == {type(None), database.TryAgain}


async def test_connection_handed_on_has_no_transaction_left(db: str) -> None:
    for number in range(30):
        task = asyncio.create_task(begin_and_fail(number))
        await asyncio.gather(task, return_exceptions=True)

    rows = await database.fetch(
        "SELECT state, count(*) FROM pg_stat_activity WHERE datname = current_database() AND"
        " pid <> pg_backend_pid() GROUP BY 1"
    )
    assert [row for row in rows if row[0] != "idle"] == []


async def write_while_sessions_end(url: str) -> None:
    async with database.transaction():
        await Account.create(name="lost")
        end_all_sessions(url)
        await Account.create(name="lost")


async def begin_and_fail(number: int) -> None:
    async with database.transaction():
        await Account.create(name=f"account {number}")
        raise ZeroDivisionError


def end_all_sessions(url: str) -> None:
    run_sql(
        url,
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()",
    )
