"""Everything or nothing, whatever happens to the task that writes."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import suppress

import pytest
from tortoise.exceptions import IntegrityError

from server import database
from server.models import Account

STUCK_AFTER_SECONDS = 30


async def names() -> list[str]:
    return [row[0] for row in await database.fetch("SELECT name FROM account ORDER BY id")]


async def write(name: str) -> None:
    async with database.transaction():
        await Account.create(name=name)


async def write_and_fail(name: str) -> None:
    async with database.transaction():
        await Account.create(name=name)
        raise ZeroDivisionError


async def write_many(name: str) -> None:
    await Account.bulk_create(Account(name=f"{name} {index}") for index in range(20))


async def test_transaction_commits_everything_together(db: str) -> None:
    async with database.transaction():
        await Account.create(name="first")
        await database.execute("UPDATE account SET name = $1 WHERE name = $2", "renamed", "first")
        await Account.create(name="second")

    assert await names() == ["renamed", "second"]


async def test_transaction_with_an_error_leaves_nothing(db: str) -> None:
    with pytest.raises(ZeroDivisionError):
        await write_and_fail("first")

    assert await names() == []
    assert not database.in_transaction()


async def test_transaction_inside_another_joins_it(db: str) -> None:
    seen: list[str] = []

    async def nested() -> None:
        async with database.transaction():
            await write("inner")
            seen.extend(await names())
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await nested()

    assert seen == ["inner"]
    assert await names() == []


async def test_transaction_whose_inner_block_failed_cannot_be_committed(db: str) -> None:
    async def swallow() -> None:
        async with database.transaction():
            await Account.create(name="outer")
            with suppress(ZeroDivisionError):
                await write_and_fail("inner")

    with pytest.raises(database.TransactionMisused, match="failed"):
        await swallow()

    assert await names() == []


async def test_fetch_in_a_transaction_sees_its_own_rows_and_others_do_not(db: str) -> None:
    seen: list[list[str]] = []
    written, looked = asyncio.Event(), asyncio.Event()

    async def look() -> None:
        await written.wait()
        seen.append(await names())
        looked.set()

    onlooker = asyncio.create_task(look())
    async with database.transaction():
        await Account.create(name="mine")
        written.set()
        await looked.wait()
        seen.append(await names())
    await onlooker

    assert seen == [[], ["mine"]]


async def test_after_commit_runs_in_order_and_after_the_commit(db: str) -> None:
    heard: list[object] = []

    async def look() -> None:
        heard.append(await names())

    async with database.transaction() as tx:
        await Account.create(name="first")
        tx.after_commit(lambda: heard.append("one"))
        async with database.transaction() as joined:
            joined.after_commit(look)
        database.after_commit(lambda: heard.append(database.in_transaction()))
        assert heard == []

    assert heard == ["one", ["first"], False]


async def test_after_commit_is_dropped_by_a_rollback(db: str) -> None:
    heard: list[str] = []

    async def promise_and_fail() -> None:
        async with database.transaction() as tx:
            tx.after_commit(lambda: heard.append("one"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await promise_and_fail()

    assert heard == []


async def test_after_commit_that_fails_undoes_nothing_and_stops_nobody(db: str) -> None:
    heard: list[str] = []

    def fail() -> None:
        raise ZeroDivisionError

    async with database.transaction() as tx:
        await Account.create(name="kept")
        tx.after_commit(fail)
        tx.after_commit(lambda: heard.append("next"))

    assert await names() == ["kept"]
    assert heard == ["next"]


async def test_after_commit_outside_a_transaction_runs_at_once(db: str) -> None:
    heard: list[str] = []

    database.after_commit(lambda: heard.append("now"))

    assert heard == ["now"]


async def test_after_commit_may_open_a_transaction_of_its_own(db: str) -> None:
    async with database.transaction() as tx:
        await Account.create(name="first")
        tx.after_commit(lambda: write("second"))

    assert await names() == ["first", "second"]


@pytest.mark.parametrize(
    "use",
    [
        lambda: write("stray"),
        lambda: Account.create(name="stray"),
        lambda: Account.all().count(),
        lambda: database.execute("DELETE FROM account"),
        lambda: database.fetch("SELECT 1"),
    ],
    ids=["transaction", "create", "count", "execute", "fetch"],
)
async def test_task_that_inherited_an_ended_transaction_is_refused(
    db: str, use: Callable[[], Awaitable[object]]
) -> None:
    over = asyncio.Event()

    async def later() -> None:
        await over.wait()
        await use()

    async with database.transaction():
        await Account.create(name="kept")
        stray = asyncio.create_task(later())
    over.set()

    with pytest.raises(database.TransactionMisused, match="started inside a transaction that has ended"):
        await stray
    assert await names() == ["kept"]


async def test_task_started_inside_a_transaction_may_not_join_it(db: str) -> None:
    async with database.transaction():
        with pytest.raises(database.TransactionMisused, match="belongs to the task that opened it"):
            await asyncio.create_task(write("stray"))


async def test_cancelled_tasks_leave_no_lock_and_no_connection_behind(db: str) -> None:
    async with asyncio.timeout(STUCK_AFTER_SECONDS):
        for number in range(300):
            task = asyncio.create_task(write(f"cancelled {number}"))
            for _ in range(number % 7):
                await asyncio.sleep(0)
            if number % 3 == 0:
                await asyncio.sleep(number % 5 / 2000)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

        await asyncio.gather(*(write(f"kept {number}") for number in range(20)))

    assert {name for name in await names() if name.startswith("kept")} == {f"kept {number}" for number in range(20)}


async def test_many_tasks_cancelled_at_once_leave_everything_usable(db: str) -> None:
    async with asyncio.timeout(STUCK_AFTER_SECONDS):
        tasks = [asyncio.create_task(write(f"cancelled {number}")) for number in range(100)]
        await asyncio.sleep(0.02)
        for task in tasks:
            task.cancel()
        results = await asyncio.gather(*tasks, return_exceptions=True)
        await write("kept")

    committed = sum(result is None for result in results)
    assert len(await names()) >= committed + 1


async def test_cancellation_inside_a_transaction_rolls_it_back(db: str) -> None:
    inside = asyncio.Event()

    async def wait_for_ever() -> None:
        async with database.transaction():
            await Account.create(name="cancelled")
            inside.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(wait_for_ever())
    await inside.wait()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await write("kept")

    assert await names() == ["kept"]


async def test_cancelled_commit_still_runs_what_was_promised(db: str) -> None:
    """A commit cannot be taken back, so whoever is cancelled in it is cancelled after its callbacks."""
    promised = 0
    kept = 0

    async def promising(number: int) -> None:
        def count() -> None:
            nonlocal promised
            promised += 1

        async with database.transaction() as tx:
            await Account.create(name=f"promised {number}")
            tx.after_commit(count)

    for number in range(60):
        task = asyncio.create_task(promising(number))
        await asyncio.sleep(number / 20_000)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        kept = len(await names())
        assert promised == kept
    assert kept > 0


async def test_bulk_create_that_is_cancelled_leaves_no_transaction_open(db: str) -> None:
    for number in range(40):
        task = asyncio.create_task(write_many(f"bulk {number}"))
        await asyncio.sleep(number / 20_000)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    await write("kept")

    counts: dict[str, int] = {}
    for name in await names():
        counts[name.rsplit(" ", 1)[0]] = counts.get(name.rsplit(" ", 1)[0], 0) + 1
    assert counts.pop("kept") == 1
    assert set(counts.values()) <= {20}


async def test_abandoned_generator_gives_its_transaction_back(db: str) -> None:
    async def rows() -> AsyncGenerator[int, None]:
        async with database.transaction():
            await Account.create(name="abandoned")
            yield 1
            yield 2

    async def take_one(generator: AsyncGenerator[int, None]) -> int:
        return await anext(generator)

    generator = rows()
    assert await asyncio.create_task(take_one(generator)) == 1
    await asyncio.create_task(generator.aclose())
    async with asyncio.timeout(STUCK_AFTER_SECONDS):
        await write("kept")

    assert await names() == ["kept"]


async def test_get_or_create_works_inside_and_outside(db: str) -> None:
    outside, _ = await Account.get_or_create(name="one")
    async with database.transaction():
        inside, is_new = await Account.get_or_create(name="one")
        await Account.get_or_create(name="two")

    assert (inside.id, is_new, await names()) == (outside.id, False, ["one", "two"])


async def test_integrity_error_is_an_integrity_error(db: str) -> None:
    with pytest.raises(IntegrityError) as caught:
        await database.execute("INSERT INTO account (id) VALUES (1)")
    assert not isinstance(caught.value, database.Overlap)


async def test_many_transactions_at_once_all_come_through(db: str) -> None:
    async with asyncio.timeout(STUCK_AFTER_SECONDS):
        await asyncio.gather(*(write(str(number)) for number in range(50)))

    assert sorted(await names(), key=int) == [str(number) for number in range(50)]
