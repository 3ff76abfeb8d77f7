"""What stands under the server is away for a while: a process that is stopped, a database that is locked, full, or
started anew (R4)."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from time import monotonic

import asyncpg

from benchmarks.faults.books import books_of
from benchmarks.faults.followers import Follower, have_heard
from benchmarks.faults.patience import until
from benchmarks.faults.scene import Scene, hold, until_over
from benchmarks.faults.visitors import Crowd
from tests.journeys.processes import Parley

RECOVERY_SECONDS = 5.0
FULL_DISK_MEGABYTES = 24

Trouble = Callable[[Scene, Parley], Awaitable[None]]


async def frozen_process(scene: Scene) -> str:
    """SIGSTOP of one of two servers: the other goes on, and the frozen one goes on where it was."""
    return await _through(scene, _freeze)


async def locked_database(scene: Scene) -> str:
    """Another program holds the database's lock: visitors wait or are told to try again, and all are served."""
    return await _through(scene, _lock)


async def restarted_database(scene: Scene) -> str:
    """PostgreSQL is crashed and started again; SQLite has no server that could be."""
    if scene.server is None:
        return "SQLite has no server to start again"
    return await _through(scene, _restart)


async def full_disk(scene: Scene) -> str:
    """There is no room for another page: visitors are told to try again, nothing is half-written, and once there is
    room all are served. On SQLite; a PostgreSQL without room for its log stops by itself, which is `restarted`."""
    if scene.server is not None:
        return "PostgreSQL stops by itself when its disk is full"
    async with _on_a_small_disk(scene) as moved:
        return await _through(moved, _fill)


async def _through(scene: Scene, trouble: Trouble) -> str:
    """Visitors book before, during and after the trouble; all are served, and soon after it is over."""
    bookings = scene.size(quick=24, full=600)
    async with scene.serve() as one, scene.serve() as other:
        starts = await scene.free(one.url, 2 * bookings)
        before = len((await books_of(scene)).numbers)
        crowd = Crowd(scene, [one.url, other.url], at_once=8)
        follower = Follower([one.url, other.url], scene.token, after=_last(await _cursors(scene)))
        async with until_over(follower.follow()):
            async with until_over(crowd.book(starts[:bookings])) as booking:
                await until(lambda: len(crowd.acknowledged) >= bookings // 4)
                began = monotonic()
                await trouble(scene, one)
                troubled, served = monotonic() - began, len(crowd.acknowledged)
                recovered = await until(lambda: len(crowd.acknowledged) > served or booking[0].done())
                await booking[0]
            await crowd.book(starts[bookings:])
            books = await books_of(scene)
            books.check(starts={int(datetime.fromisoformat(one).timestamp()) for one in starts})
            wanted = books.cursors(after=before)
            hold(await have_heard([follower], len(wanted), within=20), "the follower did not hear all changes")
            hold(follower.heard == wanted, "the follower heard a change twice or out of order")
    hold(recovered <= RECOVERY_SECONDS, f"the first booking after the trouble took {recovered:.1f} s")
    said = ", ".join(f"{count} x {what}" for what, count in sorted(crowd.said.items())) or "no error"
    return (
        f"{troubled:.1f} s of trouble, back after {recovered:.1f} s, {2 * bookings} bookings, "
        f"{crowd.broken} broken requests, {said}, longest wait {crowd.longest_seconds:.1f} s"
    )


async def _freeze(scene: Scene, server: Parley) -> None:
    assert server.process is not None
    server.process.send_signal(signal.SIGSTOP)
    try:
        await asyncio.sleep(scene.size(quick=2, full=5))
    finally:
        server.process.send_signal(signal.SIGCONT)


async def _lock(scene: Scene, _: Parley) -> None:
    seconds = scene.size(quick=2, full=10)
    if scene.server is None:
        connection = sqlite3.connect(scene.database_url.removeprefix("sqlite:///"), timeout=20, isolation_level=None)
        try:
            connection.execute("BEGIN IMMEDIATE")
            await asyncio.sleep(seconds)
            connection.execute("COMMIT")
        finally:
            connection.close()
        return
    wire = await asyncpg.connect(scene.database_url)
    try:
        async with wire.transaction():
            await wire.execute("LOCK TABLE meeting IN ACCESS EXCLUSIVE MODE")
            await asyncio.sleep(seconds)
    finally:
        await wire.close()


async def _restart(scene: Scene, _: Parley) -> None:
    assert scene.server is not None
    scene.server.crash()
    await asyncio.sleep(random.Random(scene.seed).random())
    await asyncio.to_thread(scene.server.start)


async def _fill(scene: Scene, _: Parley) -> None:
    filler = Path(scene.database_url.removeprefix("sqlite:///")).with_name("filler")
    with filler.open("wb", buffering=0) as out, suppress(OSError):
        while out.write(os.urandom(4096)):
            pass
    await asyncio.sleep(scene.size(quick=2, full=10))
    filler.unlink()


@asynccontextmanager
async def _on_a_small_disk(scene: Scene) -> AsyncIterator[Scene]:
    """The company's file on a disk of a few megabytes; needs the right to mount one."""
    disk = scene.folder / "disk"
    disk.mkdir()
    size = f"size={FULL_DISK_MEGABYTES}m"
    hold(await _run("mount", "-t", "tmpfs", "-o", size, "tmpfs", str(disk)) == 0, "a small disk could not be mounted")
    try:
        source = Path(scene.database_url.removeprefix("sqlite:///"))
        for part in source.parent.glob(f"{source.name}*"):
            (disk / part.name).write_bytes(part.read_bytes())
        yield replace(scene, database_url=f"sqlite:///{disk / source.name}")
    finally:
        await _run("umount", "-l", str(disk))


async def _run(*command: str) -> int:
    return await (await asyncio.create_subprocess_exec(*command)).wait()


async def _cursors(scene: Scene) -> list[str]:
    return (await books_of(scene)).cursors()


def _last(cursors: list[str]) -> str | None:
    return cursors[-1] if cursors else None
