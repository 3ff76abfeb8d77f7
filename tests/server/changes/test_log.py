from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest

from server import clock, database
from server.changes import wakeups
from server.changes.log import record_change
from server.models import Account, Change
from server.models.enums import ChangeKind
from tests import factories
from tests.server.changes.recording import commit_changes


async def test_change_recorded_keeps_every_word(db: str) -> None:
    host = await factories.a_user(await factories.an_account())
    meeting = await factories.a_meeting(host)
    now = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
    with clock.travel(now):
        async with database.transaction():
            number = await record_change(
                ChangeKind.MEETING_MOVED,
                account_id=host.account_id,
                meeting_id=meeting.id,
                actor=f"user:{host.id}",
                data={"starts_at": "2026-11-24T10:00:00Z"},
            )
    row = await Change.get(account_id=host.account_id)
    kept = (row.number, row.kind, row.meeting_id, row.actor, row.data, row.occurred_at)
    data = {"starts_at": "2026-11-24T10:00:00Z"}
    assert kept == (number, ChangeKind.MEETING_MOVED, meeting.id, f"user:{host.id}", data, now)


async def test_change_raises_the_number_and_the_version_of_its_account_only(db: str) -> None:
    account, other = await factories.an_account(), await factories.an_account()
    await commit_changes(account, 3)
    counters = await Account.filter(id__in=[account.id, other.id]).order_by("id")
    assert [(one.last_change_number, one.data_version) for one in counters] == [(3, 3), (0, 0)]


async def test_change_of_a_rolled_back_verb_leaves_no_gap(db: str) -> None:
    account = await factories.an_account()
    await commit_changes(account)

    async def fail() -> None:
        async with database.transaction():
            await record_change(ChangeKind.LINK_CHANGED, account_id=account.id, actor="system")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    assert await commit_changes(account) == [2]


async def test_change_outside_a_transaction_is_a_mistake(db: str) -> None:
    account = await factories.an_account()
    with pytest.raises(RuntimeError, match="transaction"):
        await record_change(ChangeKind.LINK_CHANGED, account_id=account.id, actor="system")


async def test_change_of_an_unknown_account_is_a_mistake(db: str) -> None:
    with pytest.raises(LookupError, match="no account 404"):
        async with database.transaction():
            await record_change(ChangeKind.LINK_CHANGED, account_id=404, actor="system")


async def test_concurrent_writers_number_in_the_order_of_their_commits(db: str) -> None:
    account = await factories.an_account()
    committed: list[int] = []

    async def write(delay: float) -> None:
        async with database.transaction() as begun:
            await asyncio.sleep(delay)
            number = await record_change(ChangeKind.LINK_CHANGED, account_id=account.id, actor="system")
            await asyncio.sleep(delay)
            begun.after_commit(lambda: committed.append(number))

    await asyncio.gather(*(write(0.001 * (index % 5)) for index in range(40)))
    assert sorted(committed) == list(range(1, 41))
    # What a reader sees at any moment is a beginning of the log: after the commit of n, all before n are there.
    assert [row.number for row in await Change.filter(account_id=account.id).order_by("number")] == sorted(committed)


async def test_listeners_of_this_process_are_told_after_the_commit(db: str) -> None:
    account = await factories.an_account()
    told: list[int] = []
    with wakeups.listening(lambda: told.append(1)):
        async with database.transaction():
            await record_change(ChangeKind.LINK_CHANGED, account_id=account.id, actor="system")
            assert told == []
        assert told == [1]
    await commit_changes(account)
    assert told == [1]
