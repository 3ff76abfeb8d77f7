"""The server is killed again and again while visitors book (R3)."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from email.message import EmailMessage
from functools import partial
from time import monotonic

from benchmarks.faults.books import books_of
from benchmarks.faults.followers import Follower, have_heard
from benchmarks.faults.patience import until
from benchmarks.faults.scene import Scene, hold, until_over
from benchmarks.faults.visitors import Crowd
from tests.journeys.processes import MailReceiver, Parley

MAILS_A_BOOKING = 2


async def killed_while_booking(scene: Scene) -> str:
    """kill -9 during bookings: every acknowledged one stands, the log has no gap, every follower hears each change once
    and in order, every mail leaves, and leaves twice only under one Message-ID."""
    bookings, kills = scene.size(quick=60, full=5_000), scene.size(quick=3, full=50)
    with MailReceiver() as mail:
        server = scene.serve(smtp_port=mail.port, worker_in_process="true")
        async with server:
            starts = await scene.free(server.url, bookings)
            before = len((await books_of(scene)).numbers)
            crowd = Crowd(scene, [server.url])
            followers = await _followers(scene, server, scene.size(quick=4, full=20), before)
            async with until_over(*(one.follow() for one in followers)):
                async with until_over(_kill_again_and_again(scene, server, crowd, bookings, kills)) as killing:
                    await crowd.book(starts)
                    await killing[0]
                books = await books_of(scene)
                books.check(starts={_epoch(start) for start in crowd.acknowledged.values()})
                hold(len(crowd.acknowledged) == bookings, "not every visitor was served")
                wanted = books.cursors(after=before)
                heard_all = await have_heard(followers, len(wanted), within=30)
                hold(heard_all, f"a follower heard {min(len(one.heard) for one in followers)} changes of {len(wanted)}")
                hold(all(one.heard == wanted for one in followers), "a follower heard a change twice or out of order")
                await until_delivered(scene)
        doubles = _check_mails(mail.messages, bookings)
        hold(doubles <= kills, f"{doubles} mails went out twice in {kills} kills")
    return (
        f"{kills} kills, {bookings} bookings, {crowd.broken} broken requests, {len(followers)} followers, "
        f"{len(wanted)} changes each once, {len(mail.messages)} mails, {doubles} twice"
    )


async def _followers(scene: Scene, server: Parley, count: int, before: int) -> list[Follower]:
    after = (await books_of(scene)).cursors(after=before - 1)
    return [Follower([server.url], scene.token, after=after[0] if after else None) for _ in range(count)]


async def _kill_again_and_again(scene: Scene, server: Parley, crowd: Crowd, bookings: int, kills: int) -> None:
    chance = random.Random(scene.seed)
    for kill in range(kills):
        wanted = (kill + 1) * bookings // (kills + 1)
        await until(partial(_served, crowd, wanted))
        await asyncio.sleep(chance.random() * 0.2)
        await server.kill()
        await server.start()


def _served(crowd: Crowd, count: int) -> bool:
    return len(crowd.acknowledged) >= count


async def until_delivered(scene: Scene, *, patience_seconds: float = 60.0) -> None:
    """Every promised delivery was made; the promise is broken if so many seconds pass without one of them."""
    done, since = -1, monotonic()
    while set(jobs := (await books_of(scene)).jobs) != {"DONE"}:
        if jobs.get("DONE", 0) > done:
            done, since = jobs.get("DONE", 0), monotonic()
        hold(monotonic() - since < patience_seconds, f"no mail for {patience_seconds:.0f} s; the jobs are {jobs}")
        await asyncio.sleep(0.2)


def _check_mails(messages: Sequence[EmailMessage], bookings: int) -> int:
    """How many mails came twice; each of them under the id it had the first time."""
    ids = Counter(str(one["Message-ID"]) for one in messages)
    readers = Counter((str(one["X-Envelope-To"]), str(one["Message-ID"])) for one in messages)
    hold(len(ids) == bookings * MAILS_A_BOOKING, f"{len(ids)} different mails for {bookings} bookings")
    hold(len(readers) == len(ids), "one mail went to two addresses")
    return len(messages) - len(ids)


def _epoch(start: str) -> int:
    return int(datetime.fromisoformat(start).timestamp())
