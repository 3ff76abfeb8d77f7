"""HTTP from a loop: to look at answers, to ask at a steady pace, and in place of wrk where that is missing."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from benchmarks.load.deck import Deck

_PATIENCE_SECONDS = 10.0


@dataclass(slots=True)
class Answers:
    """What came back: bodies where they were asked for, milliseconds from when each request was due."""

    bodies: list[bytes] = field(default_factory=list)
    delays: list[float] = field(default_factory=list)
    size: int = 0
    bad: int = 0


class Connection(asyncio.Protocol):
    """One connection that is kept, with one request under way at a time; `on_answer(status, body)` hears the end."""

    def __init__(self, on_answer: Callable[[Connection, int, bytes], None]) -> None:
        self._on_answer = on_answer
        self._heard = bytearray()
        self.transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def ask(self, request: bytes) -> None:
        assert self.transport is not None
        self.transport.write(request)

    def data_received(self, data: bytes) -> None:
        self._heard += data
        head = self._heard.find(b"\r\n\r\n")
        if head < 0:
            return
        lines = bytes(self._heard[:head]).lower().split(b"\r\n")
        length = next(int(line[15:]) for line in lines if line.startswith(b"content-length:"))
        if len(self._heard) < head + 4 + length:
            return
        body = bytes(self._heard[head + 4 : head + 4 + length])
        self._heard.clear()
        self._on_answer(self, int(lines[0].split()[1]), body)


async def connections(port: int, count: int, on_answer: Callable[[Connection, int, bytes], None]) -> list[Connection]:
    """That many open connections."""
    loop = asyncio.get_running_loop()
    made = [await loop.create_connection(lambda: Connection(on_answer), "127.0.0.1", port) for _ in range(count)]
    return [protocol for _, protocol in made]


def close(opened: Sequence[Connection]) -> None:
    """Nothing is open any more."""
    for connection in opened:
        if connection.transport is not None:
            connection.transport.close()


async def bodies(port: int, deck: Deck) -> list[bytes]:
    """The answer to each request of the deck; see `answers_to`."""
    return await answers_to(port, deck.requests())


async def answers_to(port: int, requests: Sequence[bytes]) -> list[bytes]:
    """The answer to each, asked one after the other; raises for one that is not 200."""
    arrived: asyncio.Queue[tuple[int, bytes]] = asyncio.Queue()
    (connection,) = await connections(port, 1, lambda _, status, body: arrived.put_nowait((status, body)))
    found = []
    try:
        for request in requests:
            connection.ask(request)
            status, body = await asyncio.wait_for(arrived.get(), 20)
            if status != 200:
                raise RuntimeError(f"status {status}: {body[:500]!r}")
            found.append(body.rstrip(b"\n"))
    finally:
        close([connection])
    return found


async def at_pace(port: int, deck: Deck, *, rate: float, seconds: float) -> Answers:
    """Asked `rate` times a second, whether earlier answers have come or not; delays count from when each was due."""
    answers, due, idle = Answers(), deque[tuple[float, bytes]](), deque[Connection]()
    under_way: dict[Connection, float] = {}

    def send() -> None:
        while due and idle:
            at, request = due.popleft()
            connection = idle.popleft()
            under_way[connection] = at
            connection.ask(request)

    def heard(connection: Connection, status: int, body: bytes) -> None:
        answers.delays.append((time.perf_counter() - under_way.pop(connection)) * 1000)
        answers.bad += status != 200
        idle.append(connection)
        send()

    opened = await connections(port, 32, heard)
    idle.extend(opened)
    requests = deck.requests()
    started = time.perf_counter()
    try:
        for at, request in zip(_moments(started, rate, seconds), _turns(requests), strict=False):
            if (pause := at - time.perf_counter()) > 0:
                await asyncio.sleep(pause)
            due.append((at, request))
            send()
        await _drained(lambda: not due and not under_way)
    finally:
        close(opened)
    # Whoever is still waiting has waited for at least so long.
    late = [at for at, _ in due] + list(under_way.values())
    answers.delays += [(time.perf_counter() - at) * 1000 for at in late]
    return answers


async def closed_loop(port: int, deck: Deck, *, count: int, seconds: float) -> tuple[Answers, float]:
    """As wrk does: each of `count` connections asks again as soon as it is answered. Also the seconds it took."""
    answers = Answers()
    turns = _turns(deck.requests())
    under_way: dict[Connection, float] = {}
    until = time.perf_counter() + seconds

    def next_one(connection: Connection) -> None:
        under_way[connection] = time.perf_counter()
        connection.ask(next(turns))

    def heard(connection: Connection, status: int, body: bytes) -> None:
        now = time.perf_counter()
        answers.delays.append((now - under_way.pop(connection)) * 1000)
        answers.bad += status != 200
        answers.size += len(body)
        if now < until:
            next_one(connection)

    opened = await connections(port, count, heard)
    started = time.perf_counter()
    for connection in opened:
        next_one(connection)
    await asyncio.sleep(seconds)
    await _drained(lambda: not under_way)
    close(opened)
    answers.bad += len(under_way)
    return answers, time.perf_counter() - started


async def _drained(is_done: Callable[[], bool]) -> None:
    until = time.perf_counter() + _PATIENCE_SECONDS
    while not is_done() and time.perf_counter() < until:  # noqa: ASYNC110  # nobody would set an event for it
        await asyncio.sleep(0.02)


def _moments(started: float, rate: float, seconds: float) -> Iterator[float]:
    return (started + number / rate for number in range(int(rate * seconds)))


def _turns(requests: Sequence[bytes]) -> Iterator[bytes]:
    while True:
        yield from requests
