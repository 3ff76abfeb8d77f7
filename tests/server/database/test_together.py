from __future__ import annotations

import asyncio
from typing import Any

import pytest

from server import database
from server.database import together
from server.models import Account
from tests.factories import an_account

NAMES = "SELECT id, name FROM account WHERE id = ANY($1)"


async def test_each_is_told_their_own_row(db: str) -> None:
    names = database.Lookup(NAMES)
    accounts = [await an_account(f"Account {number}") for number in range(5)]
    ids = [one.id for one in accounts] + [accounts[0].id, 10**9]
    found = await asyncio.gather(*(names.row(id) for id in ids))
    assert [row and tuple(row) for row in found] == [
        *((one.id, one.name) for one in accounts),
        (accounts[0].id, accounts[0].name),
        None,
    ]


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_those_who_ask_at_once_share_a_statement(db: str, monkeypatch: pytest.MonkeyPatch) -> None:
    account, sent = await an_account(), list[Any]()
    names = database.Lookup(NAMES)

    async def noted(sql: str, *parameters: Any) -> Any:
        sent.append(parameters)
        return await database.fetch(sql, *parameters)

    monkeypatch.setattr(together, "fetch", noted)
    await asyncio.gather(*(names.row(account.id) for _ in range(50)))
    assert sent == [([account.id],)]


async def test_an_answer_is_never_older_than_its_question(db: str) -> None:
    account = await an_account("0")
    names, seen = database.Lookup(NAMES), list[tuple[str, str]]()

    async def look_again_and_again() -> None:
        for _ in range(200):
            written = str(len(seen))
            await Account.filter(id=account.id).update(name=written)
            row = await names.row(account.id)
            assert row is not None
            seen.append((written, row[1]))

    async def disturb() -> None:
        for _ in range(200):
            await names.row(account.id)

    await asyncio.gather(look_again_and_again(), disturb(), disturb())
    assert [found for _, found in seen] == [written for written, _ in seen]


async def test_one_who_gives_up_leaves_the_others_their_answer(db: str) -> None:
    account = await an_account()
    names = database.Lookup(NAMES)
    waiting = [asyncio.ensure_future(names.row(account.id)) for _ in range(3)]
    await asyncio.sleep(0)
    waiting[0].cancel()
    others = await asyncio.gather(*waiting[1:])
    assert [row and row[0] for row in others] == [account.id, account.id]


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_a_failure_reaches_everyone_who_asked_and_the_next_try_works(db: str) -> None:
    broken = database.Lookup("SELECT id FROM no_such_table WHERE id = ANY($1)")
    failures = await asyncio.gather(*(broken.row(1) for _ in range(3)), return_exceptions=True)
    assert len({type(one).__name__ for one in failures}) == 1
    assert all(isinstance(one, Exception) for one in failures)
    account = await an_account()
    row = await database.Lookup(NAMES).row(account.id)
    assert row is not None
    assert row[0] == account.id
