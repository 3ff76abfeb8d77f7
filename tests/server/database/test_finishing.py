"""Work that is not given up when its task is cancelled."""

import asyncio

import pytest

from server.database.finishing import finished


async def test_finished_gives_the_result() -> None:
    assert await finished(asyncio.sleep(0, 7)) == 7


async def test_finished_raises_what_the_work_raises() -> None:
    async def fail() -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await finished(fail())


async def test_finished_ends_the_work_before_the_cancellation_goes_on() -> None:
    done: list[str] = []

    async def work() -> None:
        await asyncio.sleep(0.02)
        done.append("work")

    task = asyncio.create_task(finished(work()))
    for _ in range(3):
        await asyncio.sleep(0.001)
        task.cancel()
    await asyncio.gather(task, return_exceptions=True)

    assert task.cancelled()
    assert done == ["work"]
