"""Promises made in a transaction, and how a worker takes them up, keeps them, or gives them back."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from server import clock, database
from server.database.placeholders import placeholders
from server.models import Job
from server.models.enums import JobKind, JobState

LEASE_SECONDS = 8
MOST_TAKEOVERS = 10
FIRST_PAUSE_SECONDS = 2
LONGEST_PAUSE_SECONDS = 3600
LONGEST_WISH_SECONDS = 24 * 3600
DONE_KEPT_FOR = timedelta(days=30)

ATTENDEES_LANE = "attendees"
HOST_LANE = "host"

HORIZONS: Mapping[JobKind, timedelta] = {
    JobKind.WEBHOOK: timedelta(days=5),
    JobKind.PUSH: timedelta(hours=1),
    JobKind.LATE_NOTICE_MAIL: timedelta(hours=1),
    JobKind.CHECKOUT_END: timedelta(days=5),
    JobKind.REFUND: timedelta(days=5),
    JobKind.VIDEO_ROOM: timedelta(hours=6),
}
"""For how long after its first failure a job is tried again, where that is not `USUAL_HORIZON`."""
USUAL_HORIZON = timedelta(days=1)

_LONGEST_ERROR = 2_000
_USUAL_LANES = {JobKind.HOST_NOTICE_MAIL: HOST_LANE}

# An earlier job of the same meeting in the same lane goes first, once it was due.
_IS_DUE = """
    SELECT 1 FROM job
    WHERE (state = 'WAITING' AND run_at <= $1) OR (state = 'RUNNING' AND leased_until <= $1) LIMIT 1
"""
_CLAIM = """
    WITH due AS MATERIALIZED (
        SELECT j.id FROM job j
        WHERE ((j.state = 'WAITING' AND j.run_at <= $1) OR (j.state = 'RUNNING' AND j.leased_until <= $1)) {without}
          AND NOT EXISTS (
            SELECT 1 FROM job earlier
            WHERE earlier.meeting_id = j.meeting_id AND earlier.lane = j.lane AND earlier.id < j.id
              AND (earlier.state = 'RUNNING'
                   OR (earlier.state = 'WAITING' AND (earlier.attempts > 0 OR earlier.run_at <= $1))))
        ORDER BY j.run_at, j.id LIMIT $2 {locking})
    UPDATE job SET takeovers = takeovers + CASE state WHEN 'RUNNING' THEN 1 ELSE 0 END, state = 'RUNNING',
        attempts = attempts + 1, leased_by = $3, leased_until = $4
    WHERE id IN (SELECT id FROM due) RETURNING id
"""

# Whoever takes its worker along each time would be claimed again for ever.
_BURY = """
    UPDATE job SET state = 'DEAD', finished_at = $1, leased_by = '', leased_until = NULL, last_error =
        'Its worker ended in the middle of it each time. Look at the worker''s log before you try it again.'
    WHERE state = 'RUNNING' AND leased_until <= $1 AND takeovers >= $2 RETURNING id
"""

_GIVE_BACK = """
    UPDATE job SET state = 'WAITING', attempts = attempts - 1, leased_by = '', leased_until = NULL
    WHERE leased_by = $1 AND state = 'RUNNING' AND id IN ({places})
"""

_bells: list[asyncio.Event] = []


async def enqueue(
    kind: JobKind,
    *,
    account_id: int,
    meeting_id: int | None = None,
    lane: str | None = None,
    payload: Mapping[str, Any] | None = None,
    run_at: datetime | None = None,
) -> int:
    """A job stands in the outbox, to be done at `run_at` or as soon as the present transaction is committed. Returns
    its id. A worker in this process wakes up after the commit. Without a `lane` it is in that of its kind's side."""
    job = await Job.create(
        account_id=account_id,
        kind=kind,
        meeting_id=meeting_id,
        lane=_USUAL_LANES.get(kind, ATTENDEES_LANE) if lane is None else lane,
        payload=dict(payload or {}),
        run_at=run_at or clock.now(),
    )
    if run_at is None:
        database.after_commit(ring)
    return job.id


async def enqueue_all(jobs: Sequence[Job]) -> None:
    """These jobs, not saved yet, stand in the outbox, with ids in their order; written together, however many."""
    if jobs:
        await Job.bulk_create(jobs)
        database.after_commit(ring)


async def claim(
    worker: str,
    limit: int,
    *,
    without_kinds: Collection[str] = (),
    without_lanes: Collection[str] = (),
    on_dead: Callable[[Job], Awaitable[None]] | None = None,
) -> list[Job]:
    """At most `limit` jobs that are due belong to this worker for `LEASE_SECONDS`, in the order they were due: new
    ones, and those of a worker whose lease ran out. No two workers get the same one. Those of some kinds, or of some
    lanes named as `WEBHOOK:webhook:7`, are left to others.

    What took `MOST_TAKEOVERS` workers along is dead, and `on_dead` is told of it in the same transaction."""
    now = clock.now_epoch()
    if await database.fetch_one(_IS_DUE, now) is None:
        return []
    left = [*without_kinds, *without_lanes]
    statement = _CLAIM.format(
        locking="FOR UPDATE OF j SKIP LOCKED" if database.dialect() == "postgresql" else "",
        without=_without(without_kinds, without_lanes),
    )
    async with database.transaction():
        dead = await database.fetch(_BURY, now, MOST_TAKEOVERS)
        rows = await database.fetch(statement, now, limit, worker, now + LEASE_SECONDS, *left)
        if dead and on_dead is not None:
            for job in await Job.filter(id__in=[row[0] for row in dead]).order_by("id"):
                await on_dead(job)
    return await Job.filter(id__in=[row[0] for row in rows]).order_by("run_at", "id") if rows else []


def _without(kinds: Collection[str], lanes: Collection[str]) -> str:
    wanted = f"AND j.kind NOT IN ({placeholders(kinds, after=4)})" if kinds else ""
    if not lanes:
        return wanted
    return f"{wanted} AND j.kind || ':' || j.lane NOT IN ({placeholders(lanes, after=4 + len(kinds))})"


async def extend_leases(worker: str, jobs: Collection[int]) -> None:
    """These jobs of the worker, by their ids, are its own for another `LEASE_SECONDS`."""
    until = clock.now() + timedelta(seconds=LEASE_SECONDS)
    await Job.filter(id__in=list(jobs), leased_by=worker, state=JobState.RUNNING).update(leased_until=until)


async def is_still_ours(job: Job) -> bool:
    """Whether the lease has not gone to another worker meanwhile."""
    return bool(await _ours(job).exists())


async def note_progress(job: Job, payload: Mapping[str, Any]) -> bool:
    """The job's payload now says what is done already, so that another attempt leaves it out. False if it is another
    worker's by now."""
    job.payload = dict(payload)
    return bool(await _ours(job).update(payload=job.payload))


async def finish(job: Job, *, note: str = "") -> None:
    """The promise is kept; `note` says what there is to know about how."""
    await _ours(job).update(
        state=JobState.DONE, finished_at=clock.now(), leased_until=None, last_error=note[:_LONGEST_ERROR]
    )


async def try_later(job: Job, reason: str, *, at_least: float | None = None) -> bool:
    """The job waits for its next attempt, longer each time, and for as many seconds as the other side asked. It is dead
    if the horizon of its kind, counted from its first failure, comes before that; False then. Nothing of this happens
    to a job that is another worker's by now."""
    run_at = clock.in_seconds(max(pause_after(job.attempts), min(at_least or 0, LONGEST_WISH_SECONDS)))
    until = job.tries_until or clock.now() + HORIZONS.get(job.kind, USUAL_HORIZON)
    if run_at > until:
        return not await give_up(job, reason)
    await _ours(job).update(
        state=JobState.WAITING,
        run_at=run_at,
        tries_until=until,
        leased_by="",
        leased_until=None,
        last_error=reason[:_LONGEST_ERROR],
    )
    return True


async def put_off(job: Job, until: datetime, reason: str) -> None:
    """Nothing was tried: the job waits until then. In its lane it stays before every later job."""
    await _ours(job).update(
        state=JobState.WAITING,
        run_at=until,
        attempts=max(job.attempts - 1, 1),
        leased_by="",
        leased_until=None,
        last_error=reason[:_LONGEST_ERROR],
    )


async def give_up(job: Job, reason: str) -> bool:
    """The job is dead: nobody tries again by itself, and `last_error` says why. False if it is another worker's by
    now, who decides."""
    dead = await _ours(job).update(
        state=JobState.DEAD, finished_at=clock.now(), leased_until=None, last_error=reason[:_LONGEST_ERROR]
    )
    return bool(dead)


async def give_back(jobs: Sequence[Job]) -> None:
    """Jobs of one worker that were claimed but not begun wait again, as if they had not been claimed."""
    if jobs:
        statement = _GIVE_BACK.format(places=placeholders(jobs, after=1))
        await database.execute(statement, jobs[0].leased_by, *(job.id for job in jobs))


async def try_again(job: Job, payload: Mapping[str, Any]) -> None:
    """Inside a transaction: a dead job is due again, with this payload, as if it had never been tried. In its lane it
    comes before every later job that still waits."""
    await Job.filter(id=job.id, state=JobState.DEAD).update(
        state=JobState.WAITING,
        payload=dict(payload),
        run_at=clock.now(),
        attempts=0,
        takeovers=0,
        tries_until=None,
        finished_at=None,
        leased_by="",
    )
    database.after_commit(ring)


async def forget_done_jobs(*, kept_for: timedelta = DONE_KEPT_FOR) -> int:
    """Jobs that were done longer ago than `kept_for` are gone; dead ones stay until somebody decides. Returns how
    many."""
    return await Job.filter(state=JobState.DONE, finished_at__lt=clock.now() - kept_for).delete()


def pause_after(attempts: int) -> float:
    """Seconds until the next attempt: doubling from two seconds to an hour, less up to a quarter by chance, so that
    what failed together is not tried together."""
    longest: float = min(FIRST_PAUSE_SECONDS * 2 ** (min(attempts, 30) - 1), LONGEST_PAUSE_SECONDS)
    return longest * random.uniform(0.75, 1.0)


@contextmanager
def bell() -> Iterator[asyncio.Event]:
    """An event that is set whenever this process commits a job that is due."""
    event = asyncio.Event()
    _bells.append(event)
    try:
        yield event
    finally:
        _bells.remove(event)


def ring() -> None:
    """Every worker of this process looks at the outbox again."""
    for event in _bells:
        event.set()


def _ours(job: Job) -> Any:
    return Job.filter(id=job.id, leased_by=job.leased_by, state=JobState.RUNNING)
