"""`parley deliveries`, `parley retry-delivery`: what did not reach anybody, and another try."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from server import database, ids
from server.cli.answering import Json, answer
from server.cli.running import on_database, plainly
from server.deliveries.retry import OVERTAKEN, retry, retry_all
from server.errors import ErrorCode, refusal
from server.models import Job
from server.models.enums import JobState

AT_MOST = 100


def deliveries(
    limit: Annotated[int, typer.Option(min=1, max=1000, help="At most so many, the latest first.")] = AT_MOST,
    as_json: Json = False,
) -> None:
    """List the deliveries that were given up, of every account, with the reason."""

    async def found() -> list[Job]:
        return await Job.filter(state=JobState.DEAD).order_by("-finished_at", "-id").limit(limit)

    facts = [_facts(job) for job in on_database(found)]
    lines = ["  ".join(str(fact[name] or "-") for name in ("delivery", "kind", "meeting", "reason")) for fact in facts]
    answer(facts, sentence="\n".join(lines) or "No delivery was given up.", as_json=as_json)


def retry_delivery(
    delivery: Annotated[str, typer.Argument(help="Which one, such as job_12, from `parley deliveries`.")] = "",
    every: Annotated[bool, typer.Option("--all", help="Every delivery that was given up.")] = False,
    as_json: Json = False,
) -> None:
    """Try deliveries again that were given up, each in its old place. A worker sends them."""
    with plainly():
        if bool(delivery) is every:
            raise refusal(ErrorCode.NOT_FOUND, "Name one delivery, such as job_12, or say --all.")
    due = on_database(retry_all if every else lambda: _retried(delivery))
    facts = {"due": [ids.public_id("job", number) for number in due]}
    none = "none was given up, or a later mail has gone to the same people" if every else OVERTAKEN
    said = f"Due again: {', '.join(facts['due'])}." if due else f"Nothing is due again: {none}."
    answer(facts, sentence=said, as_json=as_json)


async def _retried(delivery: str) -> list[int]:
    async with database.transaction():
        number = ids.number_of("job", delivery) or 0
        job = await Job.filter(id=number, state=JobState.DEAD).select_for_update().get_or_none()
        if job is None:
            message = f"No delivery {delivery} was given up. `parley deliveries` lists those that were."
            raise refusal(ErrorCode.NOT_FOUND, message)
        return [job.id] if await retry(job) else []


def _facts(job: Job) -> dict[str, Any]:
    return {
        "delivery": ids.public_id("job", job.id),
        "account": ids.public_id("acc", job.account_id),
        "kind": job.kind.value,
        "meeting": ids.public_id("mtg", job.meeting_id) if job.meeting_id is not None else None,
        "attempts": job.attempts,
        "reason": job.last_error,
        "finishedAt": job.finished_at.isoformat() if job.finished_at is not None else None,
    }
