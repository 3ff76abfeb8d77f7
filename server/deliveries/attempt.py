"""One attempt at one job, and what the outbox is told of how it went."""

from __future__ import annotations

import asyncio
from contextlib import nullcontext

import structlog

from server import database, outbox
from server.changes.data_version import raise_data_version
from server.changes.log import record_change
from server.deliveries.room import MAIL, sort_of
from server.deliveries.table import deliver
from server.deliveries.turns import mail_turn
from server.deliveries.video_room import warn_of_no_room
from server.gateways.errors import NotYet, PermanentFailure, TemporaryFailure
from server.models import Job
from server.models.enums import ChangeKind, JobKind

LONGEST_DELIVERY_SECONDS = 120.0

_UNSEEN = (JobKind.PUSH, JobKind.WEBHOOK)
_log = structlog.get_logger(__name__)


async def attempt(job: Job) -> None:
    """The job was tried, unless another worker has it by now: it is done, waits for its next attempt, or is dead."""
    async with mail_turn() if sort_of(job.kind) == MAIL else nullcontext():
        if await outbox.is_still_ours(job):
            await _try(job)


async def _try(job: Job) -> None:
    try:
        async with asyncio.timeout(LONGEST_DELIVERY_SECONDS):
            note = await deliver(job)
    except PermanentFailure as failure:
        _log.warning("job.dead", job=job.id, kind=job.kind, reason=str(failure))
        async with database.transaction():
            if await outbox.give_up(job, str(failure)):
                await tell_that_it_failed(job)
    except NotYet as reason:
        await outbox.put_off(job, reason.until, str(reason))
    except (TemporaryFailure, TimeoutError) as failure:
        _log.warning("job.delayed", job=job.id, kind=job.kind, attempt=job.attempts, reason=str(failure))
        wish = failure.retry_after if isinstance(failure, TemporaryFailure) else None
        await _try_later(job, str(failure) or "it took too long", at_least=wish)
    except Exception as error:  # noqa: BLE001  one job that cannot be done must not keep the others from being done
        _log.exception("job.failed", job=job.id, kind=job.kind, attempt=job.attempts)
        await _try_later(job, f"{type(error).__name__}: {error}")
    else:
        await _finish(job, note)


async def _try_later(job: Job, reason: str, *, at_least: float | None = None) -> None:
    async with database.transaction():
        if not await outbox.try_later(job, reason, at_least=at_least):
            await tell_that_it_failed(job)
        elif job.kind not in _UNSEEN:
            await raise_data_version(job.account_id)


async def _finish(job: Job, note: str) -> None:
    if job.tries_until is None or job.kind in _UNSEEN:
        await outbox.finish(job, note=note)
        return
    async with database.transaction():
        await outbox.finish(job, note=note)
        await raise_data_version(job.account_id)


async def tell_that_it_failed(job: Job) -> None:
    """Inside a transaction: whoever follows the meeting hears that a mail about it is dead, its host that there is no
    room for it."""
    await warn_of_no_room(job)
    if job.meeting_id is not None and job.kind not in _UNSEEN:
        await record_change(
            ChangeKind.DELIVERY_FAILED,
            account_id=job.account_id,
            meeting_id=job.meeting_id,
            actor="system",
            data={"job_id": job.id, "kind": job.kind.value},
        )
