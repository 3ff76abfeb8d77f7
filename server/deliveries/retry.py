"""A delivery that was given up is tried again, because somebody has mended what was wrong."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from server import clock, database, outbox
from server.accounts.viewer import Viewer
from server.changes.data_version import raise_data_version
from server.deliveries.post import settled_of
from server.errors import ErrorCode, refusal
from server.models import Job
from server.models.enums import JobKind, JobState
from server.repeats import kept_or

OVERTAKEN = "not sent: a later mail about the meeting has gone to the same people"

# Each of these tells the meeting as it is by then, so the last of them is all that its readers need.
_TELLING_ALL = (JobKind.CONFIRMATION_MAIL, JobKind.HOST_NOTICE_MAIL)


async def retry_delivery(viewer: Viewer, job_id: int, *, idempotency_key: str | None = None) -> int:
    """The delivery is due again, in its old place before the later ones of its meeting that still wait. One that a
    later mail has overtaken is done without sending: nobody is invited to what they were told is canceled.

    Returns its number. `NOT_FOUND`, or `CONFLICT` for one that was not given up."""
    result = await kept_or(
        "retryDelivery",
        account_id=viewer.account_id,
        scope=viewer.actor,
        key=idempotency_key,
        input={"delivery": job_id},
        run=partial(_retry, viewer.account_id, job_id),
    )
    return int(result["job_id"])


async def retry(job: Job) -> bool:
    """Inside a transaction: a dead job is due again. False if a later mail has overtaken it, so that it is done."""
    is_overtaken = await _is_overtaken(job)
    if is_overtaken:
        done = {"state": JobState.DONE, "finished_at": clock.now(), "last_error": OVERTAKEN}
        await Job.filter(id=job.id, state=JobState.DEAD).update(**done)
    else:
        await outbox.try_again(job, _without_refusals(job.payload))
    await raise_data_version(job.account_id)
    return not is_overtaken


async def retry_all() -> list[int]:
    """Every dead job of every account is due again; the numbers of those that really are, the oldest first."""
    due = []
    for dead in await Job.filter(state=JobState.DEAD).order_by("id"):
        async with database.transaction():
            job = await _locked(job_id=dead.id)
            if job is not None and job.state is JobState.DEAD and await retry(job):
                due.append(job.id)
    return due


async def _retry(account_id: int, job_id: int) -> dict[str, Any]:
    job = await _locked(job_id=job_id, account_id=account_id)
    if job is None:
        raise refusal(ErrorCode.NOT_FOUND, "There is no such delivery.", "delivery")
    if job.state is not JobState.DEAD:
        message = "This delivery was not given up: it was made, or will be tried again by itself."
        raise refusal(ErrorCode.CONFLICT, message, "delivery")
    await retry(job)
    return {"job_id": job.id}


async def _locked(*, job_id: int, **of: int) -> Job | None:
    return await Job.filter(id=job_id, **of).select_for_update().get_or_none()


async def _is_overtaken(job: Job) -> bool:
    """Whether a later mail to the same people is out, or on its way just now."""
    if job.kind not in _TELLING_ALL or job.meeting_id is None or "to" in job.payload:
        return False
    later = await Job.filter(
        id__gt=job.id,
        meeting_id=job.meeting_id,
        lane=job.lane,
        kind=job.kind,
        state__in=[JobState.DONE, JobState.RUNNING],
    )
    return any("to" not in one.payload for one in later)


def _without_refusals(payload: Mapping[str, Any]) -> dict[str, Any]:
    """The payload, with every letter forgotten that the mail server refused; those it has taken are not sent twice."""
    if "settled" not in payload:
        return dict(payload)
    return {**payload, "settled": {letter: "" for letter, refused in settled_of(payload).items() if not refused}}
