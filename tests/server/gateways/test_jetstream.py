"""The processes of an installation hear of each other by NATS JetStream, on a real server."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from server.gateways.jetstream import Line
from tests.nats import NatsServer


@pytest.fixture
def nats_server(tmp_path: Path) -> Iterator[NatsServer]:
    server = NatsServer(tmp_path)
    server.start()
    yield server
    server.kill()


class Listener:
    """What a process that listens has heard."""

    def __init__(self, url: str) -> None:
        self.line = Line(url)
        self.words: asyncio.Queue[int] = asyncio.Queue()
        self.returns: asyncio.Queue[None] = asyncio.Queue()

    async def next(self) -> int:
        async with asyncio.timeout(10):
            return await self.words.get()

    async def stands(self) -> None:
        async with asyncio.timeout(15):
            await self.returns.get()


@asynccontextmanager
async def listening(url: str) -> AsyncIterator[Listener]:
    """A listener whose connection stands."""
    listener = Listener(url)
    hearing = listener.line.listen(listener.words.put_nowait, on_return=lambda: listener.returns.put_nowait(None))
    task = asyncio.create_task(hearing)
    try:
        await listener.stands()
        yield listener
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_word_of_one_process_reaches_the_other(nats_server: NatsServer) -> None:
    async with listening(nats_server.url) as one, listening(nats_server.url) as other:
        await one.line.say(7)
        assert await other.next() == 7
        await other.line.say(8)
        assert [await one.next(), await one.next()] == [7, 8]


async def test_whoever_comes_later_hears_the_last_word_of_each_account(nats_server: NatsServer) -> None:
    async with listening(nats_server.url) as one:
        for account in (7, 8, 7):
            await one.line.say(account)
            await one.next()
        async with listening(nats_server.url) as late:
            assert sorted([await late.next(), await late.next()]) == [7, 8]
            assert late.words.empty()


async def test_lost_server_is_found_again_and_everyone_looks(nats_server: NatsServer) -> None:
    async with listening(nats_server.url) as one, listening(nats_server.url) as other:
        nats_server.kill()
        await one.line.say(7)
        nats_server.start()
        await one.stands()
        await other.stands()
        await one.line.say(9)
        assert await other.next() == 9


async def test_server_that_is_away_at_the_start_is_waited_for(nats_server: NatsServer) -> None:
    nats_server.kill()
    listener = Listener(nats_server.url)
    hearing = listener.line.listen(listener.words.put_nowait, on_return=lambda: listener.returns.put_nowait(None))
    task = asyncio.create_task(hearing)
    await listener.line.say(7)
    await asyncio.sleep(0.3)
    assert listener.returns.empty()
    nats_server.start()
    await listener.stands()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
