from __future__ import annotations

import asyncio

from server.deliveries.turns import mail_turn


async def test_one_after_another() -> None:
    said: list[str] = []

    async def mail(name: str) -> None:
        async with mail_turn():
            said.append(f"{name} begins")
            await asyncio.sleep(0.01)
            said.append(f"{name} ends")

    await asyncio.gather(mail("first"), mail("second"))
    assert said == ["first begins", "first ends", "second begins", "second ends"]


async def test_one_that_takes_long_is_passed_by() -> None:
    freed = asyncio.Event()

    async def slow() -> None:
        async with mail_turn():
            await freed.wait()

    first = asyncio.create_task(slow())
    await asyncio.sleep(0)
    async with mail_turn():
        assert not first.done()
    freed.set()
    await first
    async with asyncio.timeout(0.5), mail_turn():
        pass
