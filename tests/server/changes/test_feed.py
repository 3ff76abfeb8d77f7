from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest

from server import database
from server.changes import reading, tails, wakeups
from server.changes.errors import ResyncRequired
from server.changes.feed import changes_after, follow
from server.changes.forget import forget_old_changes
from server.changes.log import record_change
from server.models import Account, Change
from server.models.enums import ChangeKind
from tests import factories
from tests.server.changes.recording import commit_changes, taken

PATIENCE = 20


@pytest.fixture
async def listening(db: str) -> AsyncIterator[None]:
    """The process hears of other processes' changes, as a server does."""
    await wakeups.start()
    yield
    await wakeups.stop()


async def test_changes_after_gives_what_follows_in_order(db: str) -> None:
    account = await factories.an_account()
    await commit_changes(account, 5)
    assert [change.number for change in await changes_after(account.id, 2)] == [3, 4, 5]


async def test_changes_after_keeps_to_its_limit_its_kinds_and_its_account(db: str) -> None:
    account, other = await factories.an_account(), await factories.an_account()
    await commit_changes(account, 2)
    await commit_changes(account, 3, kind=ChangeKind.NOTE_ADDED)
    await commit_changes(other, 4, kind=ChangeKind.NOTE_ADDED)
    found = await changes_after(account.id, 0, kinds=[ChangeKind.NOTE_ADDED], limit=2)
    assert [(change.account_id, change.number) for change in found] == [(account.id, 3), (account.id, 4)]


async def test_cursor_ahead_of_the_log_needs_a_resync(db: str) -> None:
    account = await factories.an_account()
    await commit_changes(account, 2)
    with pytest.raises(ResyncRequired, match="fetch the state again"):
        await changes_after(account.id, 3)
    with pytest.raises(ResyncRequired):
        await taken(follow(account.id, after=3), 1)


async def test_cursor_older_than_the_kept_log_needs_a_resync(db: str) -> None:
    account = await factories.an_account()
    await commit_changes(account, 5)
    await Change.filter(account_id=account.id, number__lte=3).update(occurred_at=1)
    assert await forget_old_changes() == 3
    with pytest.raises(ResyncRequired):
        await changes_after(account.id, 2)
    assert [change.number for change in await changes_after(account.id, 3)] == [4, 5]


async def test_forgetting_everything_keeps_the_newest_cursor_usable(db: str) -> None:
    account = await factories.an_account()
    await commit_changes(account, 2)
    await Change.filter(account_id=account.id).update(occurred_at=1)
    assert await forget_old_changes() == 2
    assert await changes_after(account.id, 2) == []
    assert await commit_changes(account) == [3]
    assert [change.number for change in await changes_after(account.id, 2)] == [3]


async def test_follow_replays_and_then_goes_on_live(db: str) -> None:
    account = await factories.an_account()
    await commit_changes(account, 3)
    following = asyncio.create_task(taken(follow(account.id, after=1), 5))
    await asyncio.sleep(0.05)
    await commit_changes(account, 3)
    assert await asyncio.wait_for(following, PATIENCE) == [2, 3, 4, 5, 6]


async def test_follow_without_cursor_begins_now(db: str) -> None:
    account = await factories.an_account()
    await commit_changes(account, 3)
    following = asyncio.create_task(taken(follow(account.id, after=None), 1))
    await asyncio.sleep(0.1)
    await commit_changes(account)
    assert await asyncio.wait_for(following, PATIENCE) == [4]


async def test_follow_of_some_kinds_passes_the_others_by(db: str) -> None:
    account = await factories.an_account()
    await commit_changes(account, 2)
    await commit_changes(account, 1, kind=ChangeKind.NOTE_ADDED)
    following = asyncio.create_task(taken(follow(account.id, after=0, kinds={ChangeKind.NOTE_ADDED}), 2))
    await asyncio.sleep(0.05)
    await commit_changes(account, 2)
    await commit_changes(account, 1, kind=ChangeKind.NOTE_ADDED)
    assert await asyncio.wait_for(following, PATIENCE) == [3, 6]


async def test_follow_inside_a_transaction_is_a_mistake(db: str) -> None:
    account = await factories.an_account()
    async with database.transaction():
        with pytest.raises(RuntimeError, match="outside of any transaction"):
            await taken(follow(account.id, after=0), 1)


async def test_follow_far_behind_reads_the_log_page_by_page(db: str, monkeypatch: pytest.MonkeyPatch) -> None:
    account = await factories.an_account()
    monkeypatch.setattr(reading, "SIZE", 7)
    monkeypatch.setattr(tails, "KEPT", 10)
    await commit_changes(account, 40)
    following = asyncio.create_task(taken(follow(account.id, after=0), 60))
    await asyncio.sleep(0.05)
    await commit_changes(account, 20)
    assert await asyncio.wait_for(following, PATIENCE) == list(range(1, 61))


async def test_slow_follower_loses_nothing_when_memory_moves_on(db: str, monkeypatch: pytest.MonkeyPatch) -> None:
    account = await factories.an_account()
    monkeypatch.setattr(tails, "KEPT", 5)
    changes = follow(account.id, after=0)
    quick = asyncio.create_task(taken(follow(account.id, after=0), 33))
    await commit_changes(account, 3)
    first = (await anext(changes)).number
    await commit_changes(account, 30)
    assert await asyncio.wait_for(quick, PATIENCE) == list(range(1, 34))
    assert [first, *await taken(changes, 32)] == list(range(1, 34))


async def test_follower_whose_place_was_forgotten_is_told_to_resync(db: str, monkeypatch: pytest.MonkeyPatch) -> None:
    account = await factories.an_account()
    monkeypatch.setattr(tails, "KEPT", 2)
    monkeypatch.setattr(reading, "SIZE", 2)
    await commit_changes(account, 8)
    changes = follow(account.id, after=0)
    assert (await anext(changes)).number == 1
    await Change.filter(account_id=account.id, number__lte=6).update(occurred_at=1)
    await forget_old_changes()
    with pytest.raises(ResyncRequired):
        await asyncio.wait_for(taken(changes, 8), PATIENCE)


async def test_many_followers_share_one_read_of_the_log(
    db: str, listening: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = await factories.an_account()
    reads: list[int] = []
    page = reading.page

    async def counted(account_id: int, **how: Any) -> list[Change]:
        reads.append(account_id)
        return await page(account_id, **how)

    following = [asyncio.create_task(taken(follow(account.id, after=0), 1)) for _ in range(50)]
    await asyncio.sleep(0.3)
    monkeypatch.setattr(reading, "page", counted)
    await commit_changes(account)
    assert await asyncio.wait_for(asyncio.gather(*following), PATIENCE) == [[1]] * 50
    assert len(reads) <= 3


async def test_changes_of_another_process_are_heard(db: str, listening: None) -> None:
    account = await factories.an_account()
    following = asyncio.create_task(taken(follow(account.id, after=0), 1))
    await asyncio.sleep(0.2)
    await _commit_elsewhere(db, account)
    assert await asyncio.wait_for(following, 3) == [1]


async def test_changes_of_another_process_are_heard_within_seconds_without_wakeups(db: str) -> None:
    account = await factories.an_account()
    following = asyncio.create_task(taken(follow(account.id, after=0), 1))
    await asyncio.sleep(0.2)
    await _commit_elsewhere(db, account)
    assert await asyncio.wait_for(following, 3) == [1]


async def test_last_follower_leaves_nothing_behind(db: str) -> None:
    account = await factories.an_account()
    await commit_changes(account, 2)
    assert await taken(follow(account.id, after=0), 2) == [1, 2]
    assert tails.seen_numbers() == {}


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_followers_that_come_and_go_see_each_change_once(db: str, listening: None, seed: int) -> None:
    """R7: concurrent writers, followers that break off at random points and resume from their cursor."""
    account, other = await factories.an_account(), await factories.an_account()
    chance = random.Random(seed)
    total = 60

    async def write(count: int) -> None:
        for _ in range(count):
            await asyncio.sleep(chance.random() * 0.01)
            async with database.transaction():
                await record_change(ChangeKind.LINK_CHANGED, account_id=account.id, actor="system")
                if chance.random() < 0.3:
                    await record_change(ChangeKind.LINK_CHANGED, account_id=other.id, actor="system")

    async def read() -> list[int]:
        seen: list[int] = []
        while len(seen) < total:
            wanted = min(chance.randint(1, 9), total - len(seen))
            seen += await taken(follow(account.id, after=seen[-1] if seen else 0), wanted)
            await asyncio.sleep(chance.random() * 0.02)
        return seen

    readers = [asyncio.create_task(read()) for _ in range(8)]
    await asyncio.gather(*(write(total // 4) for _ in range(4)))
    assert await asyncio.wait_for(asyncio.gather(*readers), PATIENCE) == [list(range(1, total + 1))] * 8


async def test_follower_canceled_at_any_moment_does_not_disturb_the_others(db: str, listening: None) -> None:
    account = await factories.an_account()
    steady = asyncio.create_task(taken(follow(account.id, after=0), 30))
    for round_ in range(30):
        fleeting = asyncio.create_task(taken(follow(account.id, after=0), 1_000))
        await asyncio.sleep(0.001 * (round_ % 7))
        fleeting.cancel()
        await commit_changes(account)
    assert await asyncio.wait_for(steady, PATIENCE) == list(range(1, 31))


async def _commit_elsewhere(url: str, account: Account) -> None:
    """What another process does, as this one cannot hear it."""
    for statement in (
        f"INSERT INTO change (created_at, account_id, number, kind, occurred_at, actor, data)"
        f" VALUES (0, {account.id}, 1, 'LINK_CHANGED', 0, 'system', '{{}}')",
        f"UPDATE account SET last_change_number = 1 WHERE id = {account.id}",
    ):
        await database.execute(statement)


async def test_lost_listening_connection_is_made_again(db: str, listening: None) -> None:
    account = await factories.an_account()
    if database.dialect() == "postgresql":
        await asyncio.sleep(0.2)
        killer = await asyncpg.connect(db)
        await killer.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE query LIKE 'LISTEN %' AND datname = current_database()"
        )
        await killer.close()
    following = asyncio.create_task(taken(follow(account.id, after=0), 2))
    await asyncio.sleep(0.5)
    await commit_changes(account, 2)
    assert await asyncio.wait_for(following, 5) == [1, 2]
