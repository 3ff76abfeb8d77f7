"""Two API processes and two workers on one database, and the line between them breaks."""

from __future__ import annotations

import asyncio
import statistics
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime
from time import monotonic
from typing import Any

from benchmarks.faults.books import books_of
from benchmarks.faults.followers import Follower, have_heard
from benchmarks.faults.killed import until_delivered
from benchmarks.faults.patience import until
from benchmarks.faults.scene import Scene, hold, until_over
from benchmarks.faults.visitors import Crowd
from tests.journeys.processes import MailReceiver, Parley
from tests.nats import NatsServer

POLL_SECONDS = 0.5
_SLACK_SECONDS = 2.0


async def two_nodes(scene: Scene) -> str:
    """A booking in one process reaches subscribers of the other, by the database's own means."""
    async with _installation(scene) as (one, other, mail):
        return await _booked_here_heard_there(scene, one, other, mail, breaks=None)


async def two_nodes_with_nats(scene: Scene) -> str:
    """The same by NATS JetStream; killing the NATS server in the middle loses nothing."""
    scene.folder.mkdir(exist_ok=True)
    nats = NatsServer(scene.folder)
    nats.start()
    try:
        async with _installation(scene, nats_url=nats.url) as (one, other, mail):
            return await _booked_here_heard_there(scene, one, other, mail, breaks=nats)
    finally:
        nats.kill()


@asynccontextmanager
async def _installation(scene: Scene, **settings: Any) -> AsyncIterator[tuple[Parley, Parley, MailReceiver]]:
    async with AsyncExitStack() as stack:
        mail = stack.enter_context(MailReceiver())
        for _ in range(2):
            await stack.enter_async_context(scene.work(smtp_port=mail.port, **settings))
        one = await stack.enter_async_context(scene.serve(**settings))
        other = await stack.enter_async_context(scene.serve(**settings))
        yield one, other, mail


async def _booked_here_heard_there(
    scene: Scene, one: Parley, other: Parley, mail: MailReceiver, *, breaks: NatsServer | None
) -> str:
    bookings = scene.size(quick=12, full=300)
    starts = await scene.free(one.url, 2 * bookings)
    books = await books_of(scene)
    before = len(books.numbers)
    crowd = Crowd(scene, [one.url], at_once=1)
    followers = [
        Follower([server.url], scene.token, after=(books.cursors() or [None])[-1]) for server in (one, other) * 2
    ]
    async with until_over(*(one.follow() for one in followers)):
        await asyncio.sleep(0.5)
        waits = [await _wait_for(crowd, followers[1], start) for start in starts[:bookings]]
        if breaks is not None:
            breaks.kill()
        broken = [await _wait_for(crowd, followers[1], start) for start in starts[bookings:]]
        books = await books_of(scene)
        books.check(starts={int(datetime.fromisoformat(start).timestamp()) for start in starts})
        wanted = books.cursors(after=before)
        hold(await have_heard(followers, len(wanted), within=20), "a follower did not hear all changes")
        hold(all(one.heard == wanted for one in followers), "a follower heard a change twice or out of order")
        await until_delivered(scene)
    ids = {str(one["Message-ID"]) for one in mail.messages}
    hold(len(mail.messages) == len(ids) == 4 * bookings, f"{len(mail.messages)} mails, {len(ids)} different")
    hold(max(broken) < POLL_SECONDS + _SLACK_SECONDS, f"a change took {max(broken):.1f} s")
    tail = f", {_middle(broken)} ms without NATS" if breaks is not None else ""
    return f"{2 * bookings} bookings heard on the other node after {_middle(waits)} ms (median){tail}, each once"


async def _wait_for(crowd: Crowd, follower: Follower, start: str) -> float:
    """Seconds from the answer of a booking on one node until it was heard on the other."""
    count = len(follower.heard)
    await crowd.book([start])
    began = monotonic()
    await until(lambda: len(follower.heard) > count, within=20, every=0.002)
    return monotonic() - began


def _middle(waits: list[float]) -> str:
    return f"{statistics.median(waits) * 1000:.0f}"
