"""Servers are asked to end while they are busy (R8), one after the other as in an upgrade."""

from __future__ import annotations

from datetime import datetime
from time import monotonic

from benchmarks.faults.books import books_of
from benchmarks.faults.followers import Follower, have_heard
from benchmarks.faults.patience import until
from benchmarks.faults.scene import Scene, hold, until_over
from benchmarks.faults.visitors import Crowd
from tests.journeys.processes import Parley

LONGEST_EXIT_SECONDS = 10.0
LONGEST_RESUME_SECONDS = 2.0


async def restarted_one_by_one(scene: Scene) -> str:
    """SIGTERM to one of two servers under load, then to the other: no request that was taken fails, sockets are closed
    with 1001 and resume within two seconds, no change is missed or heard twice, each exit takes under ten seconds."""
    bookings, listeners = scene.size(quick=40, full=1_000), scene.size(quick=10, full=100)
    async with scene.serve() as one, scene.serve() as other:
        starts = await scene.free(one.url, bookings)
        books = await books_of(scene)
        before, after = len(books.numbers), (books.cursors() or [None])[-1]
        crowd = Crowd(scene, [one.url, other.url])
        followers = [
            Follower([one.url, other.url][:: 1 if number % 2 else -1], scene.token, after=after)
            for number in range(listeners)
        ]
        async with until_over(*(one.follow() for one in followers)):
            async with until_over(crowd.book(starts)) as booking:
                exits = [await _roll(server, crowd, bookings * share // 3) for share, server in ((1, one), (2, other))]
                await booking[0]
            books = await books_of(scene)
            books.check(starts={int(datetime.fromisoformat(start).timestamp()) for start in starts})
            wanted = books.cursors(after=before)
            hold(await have_heard(followers, len(wanted), within=20), "a follower did not hear all changes")
            hold(all(one.heard == wanted for one in followers), "a follower heard a change twice or out of order")
    codes = sum((one.closed for one in followers), start=type(followers[0].closed)())
    resumed = max((seconds for one in followers for seconds in one.resumed_seconds), default=0.0)
    hold(set(codes) <= {1001, 1012}, f"sockets were closed with {dict(codes)}")
    hold(resumed <= LONGEST_RESUME_SECONDS, f"a follower was back after {resumed:.1f} s")
    hold(max(exits) <= LONGEST_EXIT_SECONDS, f"a server took {max(exits):.1f} s to end")
    return (
        f"exits in {', '.join(f'{seconds:.1f}' for seconds in exits)} s, {bookings} bookings, {crowd.broken} refused "
        f"connections, {listeners} followers closed with {dict(codes)}, back within {resumed:.1f} s"
    )


async def _roll(server: Parley, crowd: Crowd, served: int) -> float:
    """The server ends once that many visitors were served, and is there again; how long it took to end."""
    await until(lambda: len(crowd.acknowledged) >= served)
    began = monotonic()
    status = await server.stop()
    took = monotonic() - began
    hold(status == 0, f"the server ended with status {status}")
    await server.start()
    return took
