from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from server import database
from server.database import together
from server.models import Account
from tests.factories import a_meeting, a_user, an_account

STARTS = datetime(2026, 11, 24, 9, tzinfo=UTC)
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


MEETINGS = (
    "SELECT t.id, t.title FROM meeting t WHERE t.account_id = $1 AND t.starts_at >= $2 AND t.title LIKE $3"
    " ORDER BY t.starts_at DESC, t.id LIMIT 3"
)


async def _scene() -> list[tuple[int, int, str]]:
    """Questions, of which one finds nothing and one is asked twice."""
    hosts = [await a_user(await an_account(f"Account {number}")) for number in range(3)]
    for number, host in enumerate(hosts):
        for hour in (4, 1, 3, 0, 2)[: 2 * number + 1]:
            await a_meeting(host, STARTS + timedelta(hours=hour), title=f"{number} at {hour}")
    since = int(STARTS.timestamp())
    questions = [(host.account_id, since + 3600 * hour, "%at%") for host in hosts for hour in (0, 2)]
    return [*questions, questions[0], (10**9, 0, "%"), (hosts[2].account_id, 0, "2%")]


async def test_rows_asked_for_together_are_those_asked_for_alone_in_their_order(db: str) -> None:
    questions, select = await _scene(), database.Select(MEETINGS)
    together = await asyncio.gather(*(select.rows(one, is_brief=True) for one in questions))
    alone = [await database.fetch(MEETINGS, *one) for one in questions]
    assert [[tuple(row)[:2] for row in rows] for rows in together] == [[tuple(row) for row in rows] for rows in alone]
    assert max(len(rows) for rows in together) == 3


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_those_who_ask_for_brief_rows_at_once_share_a_statement(db: str, monkeypatch: pytest.MonkeyPatch) -> None:
    questions, sent = await _scene(), list[str]()

    async def noted(sql: str, *parameters: Any) -> Any:
        sent.append(sql)
        return await database.fetch(sql, *parameters)

    monkeypatch.setattr(together, "fetch", noted)
    select = database.Select(MEETINGS)
    await asyncio.gather(*(select.rows(one, is_brief=True) for one in questions))
    assert sent == [together.for_many(MEETINGS, ["int8", "int8", "text"])]
    await asyncio.gather(*(select.rows(one) for one in questions))
    assert sent[1:] == [MEETINGS] * len(questions)
    await select.rows(questions[0], is_brief=True)
    assert sent[len(questions) + 1 :] == [MEETINGS]


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_nobody_fails_for_what_a_neighbour_asks(db: str) -> None:
    questions, select = await _scene(), database.Select(MEETINGS)
    asked: list[tuple[int, int, str]] = [*questions, (2**80, 0, "%")]
    *found, refused = await asyncio.gather(*(select.rows(one, is_brief=True) for one in asked), return_exceptions=True)
    assert isinstance(refused, Exception)
    assert found == [await database.fetch(MEETINGS, *one) for one in questions]


async def test_inside_a_transaction_its_own_rows_are_found(db: str) -> None:
    questions, select = await _scene(), database.Select(MEETINGS)
    async with database.transaction():
        await database.execute("UPDATE meeting SET title = 'at last'")
        rows = await select.rows(questions[0], is_brief=True)
    assert {row[1] for row in rows} == {"at last"}
