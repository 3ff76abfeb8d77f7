"""W4: bookings that hundreds of subscribers hear of, and what each delivery costs."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from benchmarks.data import DAYS, HOSTED, Size, meeting_id
from benchmarks.load.asker import asking
from benchmarks.load.crowd import Crowd
from benchmarks.load.deck import Deck
from benchmarks.load.pressure import percentile
from benchmarks.processes import Process
from benchmarks.tokens import Senders
from benchmarks.workloads import booked_document
from server import database
from server.changes import cursor
from server.changes.log import record_change
from server.models.enums import ChangeKind

SUBSCRIBERS = 500
ACCOUNT = 1
# What else the machine does may hold up one attempt; hardly three.
_ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class Spread:
    """Of one server in one round: microseconds of its processor time for each delivery, milliseconds from commit to
    arrival, kilobytes for each idle subscriber. `screen_p99` is the delay of W1 meanwhile, if it was asked for.

    `bookings_a_second` is fewer than was asked for where the server could not carry that many."""

    delivery_us: float
    database_us: float
    p50: float
    p99: float
    deliveries: int
    expected: int
    idle_kb: float
    accepted_a_second: float
    bookings_a_second: float
    screen_p99: float | None = None


@dataclass(frozen=True, slots=True)
class Company:
    """Screens that are asked for while bookings come: which, and how many a second; first others for a second that does
    not count, as the server has just been started."""

    deck: Deck
    warming: Deck
    rate: float


async def measure(
    server: Process,
    database_url: str,
    database_cpu: Callable[[], float],
    *,
    size: Size,
    senders: Senders,
    bookings_a_second: int,
    seconds: float,
    company: Company | None = None,
    on_begin: Callable[[], None] = lambda: None,
    on_end: Callable[[], None] = lambda: None,
) -> Spread:
    """The figures of a server that was just started. `on_begin` is called before the deliveries that count, and
    `on_end` when the last of them has arrived."""
    users = [number % size.users + 1 for number in range(SUBSCRIBERS)]
    await _loosen_up(server, senders)
    empty = server.memory()
    crowd = Crowd(server.port, senders, users, booked_document(), "MeetingBooked")
    await database.connect(database_url)
    try:
        accepted = await crowd.gather()
        idle = (server.memory() - empty) / SUBSCRIBERS
        bookings = _Bookings(size)
        carried = await _carried(crowd, bookings, bookings_a_second)
        on_begin()
        spread = await _counted(server, database_cpu, crowd, bookings, carried, seconds)
        on_end()
        delays = _delays(crowd, bookings)
        screens = await _meanwhile(server, bookings, carried, seconds, company)
    finally:
        crowd.leave()
        await database.disconnect()
    used, database_used, deliveries, expected = spread
    return Spread(
        delivery_us=used / deliveries * 1e6,
        database_us=database_used / deliveries * 1e6,
        p50=percentile(delays, 50),
        p99=percentile(delays, 99),
        deliveries=deliveries,
        expected=expected,
        idle_kb=idle,
        accepted_a_second=accepted,
        bookings_a_second=carried,
        screen_p99=screens,
    )


class _Bookings:
    """Bookings as the product writes them down: a change in a transaction, of which other processes are told."""

    def __init__(self, size: Size) -> None:
        self.made = 0
        self.committed: dict[str, float] = {}
        self._meetings = _meetings_in_turn(size)

    async def make(self, a_second: float, seconds: float) -> None:
        """So many bookings, each at its moment or as soon after it as the database lets."""
        started = time.perf_counter()
        for number in range(max(1, round(a_second * seconds))):
            await asyncio.sleep(max(0.0, started + number / a_second - time.perf_counter()))
            await self._book(next(self._meetings))

    async def _book(self, meeting: int) -> None:
        async with database.transaction():
            number = await record_change(
                ChangeKind.MEETING_BOOKED, account_id=ACCOUNT, meeting_id=meeting, actor="visitor"
            )
            self.committed[cursor.write(number)] = time.perf_counter()
        self.made += 1


def _delays(crowd: Crowd, bookings: _Bookings) -> list[float]:
    """Milliseconds from before each commit to its arrival at each sampled socket."""
    return [(at - bookings.committed[mark]) * 1000 for mark, at in crowd.heard.arrivals if mark in bookings.committed]


async def _loosen_up(server: Process, senders: Senders) -> None:
    """One subscriber came and went, so that what is loaded only once is not counted as memory of a subscriber."""
    crowd = Crowd(server.port, senders, [1], booked_document(), "MeetingBooked")
    try:
        await crowd.gather()
    finally:
        crowd.leave()
    await asyncio.sleep(0.2)


async def _carried(crowd: Crowd, bookings: _Bookings, wanted: int) -> float:
    """How many bookings a second this server can carry, `wanted` at most; also makes everything run once."""
    await bookings.make(wanted, 0.5)
    await crowd.hears(bookings.made * SUBSCRIBERS)
    carried = 0.0
    for _ in range(_ATTEMPTS):
        started, made = time.perf_counter(), bookings.made
        await bookings.make(wanted, 0.5)
        await crowd.hears(bookings.made * SUBSCRIBERS)
        took = time.perf_counter() - started
        if took < 0.8:
            return float(wanted)
        carried = max(carried, 0.7 * (bookings.made - made) / took)
    return carried


async def _counted(
    server: Process,
    database_cpu: Callable[[], float],
    crowd: Crowd,
    bookings: _Bookings,
    a_second: float,
    seconds: float,
) -> tuple[float, float, int, int]:
    crowd.heard.arrivals.clear()
    bookings.committed.clear()
    told, made = crowd.heard.deliveries, bookings.made
    before, database_before = server.cpu(), database_cpu()
    await bookings.make(a_second, seconds)
    expected = (bookings.made - made) * SUBSCRIBERS
    await crowd.hears(told + expected)
    used, database_used = server.cpu() - before, database_cpu() - database_before
    return used, database_used, crowd.heard.deliveries - told, expected


async def _meanwhile(
    server: Process, bookings: _Bookings, a_second: float, seconds: float, company: Company | None
) -> float | None:
    if company is None:
        return None
    asker = await asking(server.port, company.warming, company.deck, rate=company.rate, seconds=seconds)
    answers, _ = await asyncio.gather(asker.answers(), bookings.make(a_second, seconds))
    if answers.bad:
        raise RuntimeError(f"{answers.bad} screens were bad while bookings came")
    return percentile(answers.delays, 99)


def _meetings_in_turn(size: Size) -> Iterator[int]:
    while True:
        for day in range(DAYS):
            for user in range(1, size.users + 1):
                for place in range(3, HOSTED):
                    yield meeting_id(size, day, user, place)
