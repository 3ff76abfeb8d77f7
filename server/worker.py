"""Keeps the promises in the outbox: claims what is due, delivers it, and says how it went."""

from __future__ import annotations

import asyncio
import os
import secrets
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta

import structlog

from server import clock, outbox, repeats
from server.changes.forget import forget_old_changes
from server.deliveries.post import close_gateways
from server.deliveries.table import deliver
from server.gateways.errors import PermanentFailure, TemporaryFailure
from server.models import Job

BATCH = 20
IDLE_SECONDS = 1.0
LONGEST_DELIVERY_SECONDS = 120.0
GRACE_SECONDS = 5.0
TIDY_EVERY = timedelta(hours=1)

_log = structlog.get_logger(__name__)


async def run_worker(stop: asyncio.Event) -> None:
    """Delivers what falls due until `stop` is set. Then the delivery under way may take another `GRACE_SECONDS`, and
    what was claimed but not begun is given back. Several workers may run at once, in one process or in many."""
    worker = _new_name()
    tidied_at = clock.now()
    with outbox.bell() as rung:
        while not stop.is_set():
            rung.clear()
            try:
                done = await _work(worker, stop)
                tidied_at = await _tidy_if_due(tidied_at)
            except Exception:  # noqa: BLE001  a database that is away for a while must not end the worker
                _log.exception("worker.failed", worker=worker)
                done = 0
            if done == 0:
                await _rest(rung, stop)


async def work_once() -> int:
    """Everything that is due at this moment was tried once; returns how many jobs that were."""
    return await _work(_new_name(), asyncio.Event())


async def _work(worker: str, stop: asyncio.Event) -> int:
    jobs = await outbox.claim(worker, BATCH)
    if not jobs:
        return 0
    async with _leases_extended(worker):
        try:
            for position, job in enumerate(jobs):
                if stop.is_set():
                    await outbox.give_back(jobs[position:])
                    return position
                await _stopping_in_time(job, stop)
        finally:
            await close_gateways()
    return len(jobs)


async def _stopping_in_time(job: Job, stop: asyncio.Event) -> None:
    """The job was tried; if a stop comes meanwhile and it does not end in time, it is given back."""
    trying = asyncio.create_task(_try(job), name=f"job {job.id}")
    stopping = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait({trying, stopping}, return_when=asyncio.FIRST_COMPLETED)
        if not trying.done():
            await asyncio.wait({trying}, timeout=GRACE_SECONDS)
        if trying.done():
            trying.result()
            return
    finally:
        for task in (trying, stopping):
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
    await outbox.give_back([job])


async def _try(job: Job) -> None:
    if not await outbox.is_still_ours(job):
        return
    try:
        async with asyncio.timeout(LONGEST_DELIVERY_SECONDS):
            note = await deliver(job)
    except PermanentFailure as failure:
        _log.warning("job.dead", job=job.id, kind=job.kind, reason=str(failure))
        await outbox.give_up(job, str(failure))
    except (TemporaryFailure, TimeoutError) as failure:
        _log.warning("job.delayed", job=job.id, kind=job.kind, attempt=job.attempts, reason=str(failure))
        await outbox.try_later(job, str(failure) or "it took too long")
    except Exception as error:  # noqa: BLE001  one job that cannot be done must not keep the others from being done
        _log.exception("job.failed", job=job.id, kind=job.kind, attempt=job.attempts)
        await outbox.try_later(job, f"{type(error).__name__}: {error}")
    else:
        await outbox.finish(job, note=note)


@asynccontextmanager
async def _leases_extended(worker: str) -> AsyncIterator[None]:
    beating = asyncio.create_task(_extend_again_and_again(worker), name="worker: leases")
    try:
        yield
    finally:
        beating.cancel()
        with suppress(asyncio.CancelledError):
            await beating


async def _extend_again_and_again(worker: str) -> None:
    while True:
        await asyncio.sleep(outbox.LEASE_SECONDS / 3)
        try:
            await outbox.extend_leases(worker)
        except Exception as error:  # noqa: BLE001  the next beat may reach the database again
            _log.warning("worker.lease_not_extended", error=repr(error))


async def _rest(rung: asyncio.Event, stop: asyncio.Event) -> None:
    waits = [asyncio.create_task(rung.wait()), asyncio.create_task(stop.wait())]
    try:
        await asyncio.wait(waits, timeout=IDLE_SECONDS, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()


async def _tidy_if_due(tidied_at: datetime) -> datetime:
    if clock.now() < tidied_at + TIDY_EVERY:
        return tidied_at
    changes = await forget_old_changes()
    results = await repeats.forget_old_results()
    jobs = await outbox.forget_done_jobs()
    _log.info("worker.tidied", changes=changes, kept_results=results, jobs=jobs)
    return clock.now()


def _new_name() -> str:
    """A name that no other worker has or had, so that a lease tells exactly whose it is."""
    return f"{socket.gethostname()[:30]}:{os.getpid()}:{secrets.token_hex(4)}"
