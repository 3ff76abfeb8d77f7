"""Raw statements mean the same on both databases."""

import asyncio
from collections.abc import Sequence
from contextvars import Context
from typing import Any

import pytest
from tortoise.exceptions import OperationalError

from server import database
from server.models import Account
from tests.factories import a_user, an_account


async def test_placeholders_are_counted_by_number(db: str) -> None:
    rows = await database.fetch("SELECT name FROM account WHERE name = $2 OR name = $1 OR name = '$1'", "b", "a")
    assert rows == []
    await Account.bulk_create([Account(name="a"), Account(name="b"), Account(name="c")])

    assert await database.fetch("SELECT name, $2 || '$1' FROM account WHERE name = $1", "b", "x") == [("b", "x$1")]
    assert await database.fetch("SELECT name FROM account WHERE name <> $1 AND name <> $1 ORDER BY 1", "b") == [
        ("a",),
        ("c",),
    ]


async def test_fetch_one_gives_a_row_or_nothing(db: str) -> None:
    await Account.create(name="a")

    assert await database.fetch_one("SELECT name FROM account") == ("a",)
    assert await database.fetch_one("SELECT name FROM account WHERE name = $1", "b") is None


async def test_execute_tells_how_many_rows_changed(db: str) -> None:
    await Account.bulk_create([Account(name="a"), Account(name="b")])
    user = await a_user(await Account.get(name="a"))

    assert await database.execute("UPDATE account SET locale = $1", "pl") == 2
    assert await database.execute("DELETE FROM app_user WHERE id = $1", user.id) == 1
    async with database.transaction():
        assert await database.execute("DELETE FROM account WHERE name = $1", "c") == 0
        assert await database.execute("DELETE FROM account") == 2


async def test_insert_returning_works_inside_a_transaction(db: str) -> None:
    columns = "name, kind, time_zone, locale, sender_name, accent_color, website_url, postal_address, privacy_url"
    values = "'x', 'STANDARD', 'UTC', 'en', '', '', '', '', ''"
    async with database.transaction():
        rows = await database.fetch(
            f"INSERT INTO account (created_at, {columns}, contact_email, logo, consent_text, reminders_by_default,"
            f" default_reminders, meeting_types_enabled, last_change_number, data_version)"
            f" VALUES ($1, {values}, '', '', '', FALSE, '[]', FALSE, 0, 0) RETURNING name",
            5,
        )

    assert rows == [("x",)]
    assert await database.fetch("SELECT created_at FROM account") == [(5,)]


async def test_fetch_does_not_wait_for_a_writer(db: str) -> None:
    async with database.transaction():
        await Account.create(name="unseen")
        async with asyncio.timeout(1):
            assert await asyncio.create_task(accounts(), context=Context()) == []


async def accounts() -> list[Sequence[Any]]:
    return await database.fetch("SELECT name FROM account")


async def test_wrong_sql_is_an_operational_error(db: str) -> None:
    for statement in (database.fetch("SELEC"), database.execute("SELEC")):
        with pytest.raises(OperationalError):
            await statement


async def test_lock_hosts_outside_a_transaction_is_refused(db: str) -> None:
    with pytest.raises(database.TransactionMisused):
        await database.lock_hosts([1])


async def test_lock_hosts_lets_one_after_the_other(db: str) -> None:
    """Ten tasks each read a number and write it back raised by one; the same two hosts, named in either order."""
    account = await an_account()
    hosts = [(await a_user(account)).id, (await a_user(account)).id]

    async def raise_by_one(number: int) -> None:
        async with database.transaction():
            await database.lock_hosts(hosts if number % 2 else hosts[::-1])
            row = await database.fetch_one("SELECT data_version FROM account WHERE id = $1", account.id)
            assert row is not None
            await asyncio.sleep(0.002)
            await database.execute("UPDATE account SET data_version = $1 WHERE id = $2", row[0] + 1, account.id)

    await asyncio.gather(*(raise_by_one(number) for number in range(10)))

    assert await database.fetch("SELECT data_version FROM account") == [(10,)]


async def test_lock_hosts_says_who_has_not_been_put_out(db: str) -> None:
    account = await an_account()
    there, gone = await a_user(account), await a_user(account, is_active=False)
    async with database.transaction():
        assert await database.lock_hosts([gone.id, there.id, there.id, 0]) == {there.id}
        assert await database.lock_hosts([]) == frozenset()


async def test_connecting_twice_is_refused(db: str) -> None:
    with pytest.raises(RuntimeError, match="disconnect"):
        await database.connect(db)


async def test_statements_without_a_connection_say_what_is_missing() -> None:
    with pytest.raises(RuntimeError, match="connect"):
        await database.fetch("SELECT 1")
