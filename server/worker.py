"""Keeps the promises in the outbox: claims what is due, delivers it, and says how it went."""

from __future__ import annotations

import asyncio
import os
import secrets
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from datetime import timedelta
from typing import Any

import structlog

from server import clock, outbox, repeats
from server.accounts.sessions import forget_old_tokens
from server.attachments.sweep import sweep_files
from server.booking.hold import forget_ended_holds
from server.changes import wakeups
from server.changes.forget import forget_old_changes
from server.deliveries.attempt import attempt, tell_that_it_failed
from server.deliveries.calendar_warning import warn_of_silence
from server.deliveries.post import close_gateways
from server.deliveries.room import Room
from server.gateways.push.carriers import close_carriers
from server.models import Job
from server.notifications.action_tokens import forget_expired_tokens
from server.payments.forget import forget_old_payments
from server.webhooks.relay import relay_changes

BATCH = 20
IDLE_SECONDS = 1.0
GRACE_SECONDS = 5.0
TIDY_EVERY = timedelta(hours=1)

_TIDYING: Mapping[str, Callable[[], Awaitable[int]]] = {
    "changes": forget_old_changes,
    "kept_results": repeats.forget_old_results,
    "jobs": outbox.forget_done_jobs,
    "refresh_tokens": forget_old_tokens,
    "action_tokens": forget_expired_tokens,
    "payments": forget_old_payments,
    "holds": forget_ended_holds,
    "files": sweep_files,
    "silent_calendars": warn_of_silence,
}

_log = structlog.get_logger(__name__)


async def run_worker(stop: asyncio.Event) -> None:
    """Delivers what falls due until `stop` is set. Then the deliveries under way may take another `GRACE_SECONDS`, and
    what is not finished by then is given back. Several workers may run at once, in one process or in many."""
    crew = Crew()
    with outbox.bell() as rung, wakeups.listening(rung.set):
        async with crew.keeping_leases(), _beside(_tidy_again_and_again(), name="worker: tidying"):
            while not stop.is_set():
                rung.clear()
                await _relay()
                try:
                    begun = await crew.begin_what_is_due()
                except Exception:  # noqa: BLE001  a database that is away for a while must not end the worker
                    _log.exception("worker.failed", worker=crew.name)
                    begun = 0
                if begun == 0:
                    await crew.rest(rung, stop)
            await crew.finish()


async def work_once() -> int:
    """Everything that is due at this moment was tried once, one after the other; returns how many jobs that were."""
    await relay_changes()
    crew = Crew()
    async with crew.keeping_leases():
        jobs = await outbox.claim(crew.name, BATCH, on_dead=tell_that_it_failed)
        for job in jobs:
            await crew.begin(job)
        await close_gateways()
        await close_carriers()
    return len(jobs)


async def _relay() -> None:
    """Webhooks have moved on along their logs; where that fails, the jobs there are are done all the same."""
    try:
        await relay_changes()
    except Exception:  # noqa: BLE001  what cannot be promised now must not keep mails from going out
        _log.exception("worker.relay_failed")


class Crew:
    """The jobs that one worker has under way, each in a task of its own."""

    def __init__(self) -> None:
        # A name that no other worker has or had, so that a lease tells exactly whose it is.
        self.name = f"{socket.gethostname()[:30]}:{os.getpid()}:{secrets.token_hex(4)}"
        self._under_way: dict[asyncio.Task[None], Job] = {}

    async def begin_what_is_due(self) -> int:
        """What is due is under way, as far as there is room for it; returns how many jobs were begun."""
        room = Room(self._under_way.values())
        if room.left == 0:
            return 0
        jobs = await outbox.claim(
            self.name,
            room.left,
            without_kinds=room.full_kinds(),
            without_lanes=room.full_lanes(),
            on_dead=tell_that_it_failed,
        )
        too_many = []
        for job in jobs:
            if room.has_place_for(job):
                room.take(job)
                self.begin(job)
            else:
                too_many.append(job)
        await outbox.give_back(too_many)
        return len(jobs) - len(too_many)

    def begin(self, job: Job) -> asyncio.Task[None]:
        """The job is under way."""
        task = asyncio.create_task(attempt(job), name=f"job {job.id}")
        self._under_way[task] = job
        task.add_done_callback(self._ended)
        return task

    async def rest(self, rung: asyncio.Event, stop: asyncio.Event) -> None:
        """Until a job ends, a bell rings, the worker is to stop, or a second is over."""
        if not self._under_way:
            await close_gateways()
        waits = [asyncio.create_task(rung.wait()), asyncio.create_task(stop.wait())]
        try:
            await asyncio.wait({*waits, *self._under_way}, timeout=IDLE_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()

    async def finish(self) -> None:
        """What was under way has ended within `GRACE_SECONDS`, or was given back to the others."""
        if self._under_way:
            await asyncio.wait(set(self._under_way), timeout=GRACE_SECONDS)
        left = dict(self._under_way)
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)
        await outbox.give_back(list(left.values()))
        await close_gateways()
        await close_carriers()

    def keeping_leases(self) -> AbstractAsyncContextManager[None]:
        """No other worker takes what is under way here."""
        return _beside(self._extend_again_and_again(), name="worker: leases")

    async def _extend_again_and_again(self) -> None:
        while True:
            await asyncio.sleep(outbox.LEASE_SECONDS / 3)
            try:
                if jobs := [job.id for job in self._under_way.values()]:
                    await outbox.extend_leases(self.name, jobs)
            except Exception as error:  # noqa: BLE001  the next beat may reach the database again
                _log.warning("worker.lease_not_extended", error=repr(error))

    def _ended(self, task: asyncio.Task[None]) -> None:
        job = self._under_way.pop(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            # Its lease runs out by itself, and then it is tried again.
            _log.error("worker.failed", worker=self.name, job=job.id, error=repr(error))


@asynccontextmanager
async def _beside(work: Coroutine[Any, Any, None], *, name: str) -> AsyncIterator[None]:
    """The work goes on as long as the block does."""
    task = asyncio.create_task(work, name=name)
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _tidy_again_and_again() -> None:
    """Beside the deliveries: the files may be many, and far away."""
    tidied_at = clock.now()
    while True:
        await asyncio.sleep(IDLE_SECONDS)
        if clock.now() >= tidied_at + TIDY_EVERY:
            tidied_at = clock.now()
            await tidy()


async def tidy() -> None:
    """What nobody needs any more is gone, and hosts are told of calendars that do not answer. What cannot be done now
    waits for the next time, and keeps nothing else waiting."""
    gone = {}
    for what, forget in _TIDYING.items():
        try:
            gone[what] = await forget()
        except Exception:  # noqa: BLE001  each stands for itself, and the log says which it was
            _log.exception("worker.not_tidied", what=what)
    _log.info("worker.tidied", **gone)
