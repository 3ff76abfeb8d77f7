"""What of the outbox belongs to one webhook."""

from __future__ import annotations

from collections.abc import Sequence

from server import clock, database, outbox
from server.database.placeholders import placeholders

_OPEN = "kind = 'WEBHOOK' AND state IN ('WAITING', 'RUNNING')"
_WAKE = """
    UPDATE job SET run_at = $1 WHERE kind = 'WEBHOOK' AND lane = $2 AND state = 'WAITING' AND run_at > $1
"""


def lane_of(webhook_id: int) -> str:
    """The lane of its deliveries."""
    return f"webhook:{webhook_id}"


async def open_count(webhook_id: int) -> int:
    """How many deliveries stand in the outbox and are not made."""
    row = await database.fetch_one(f"SELECT COUNT(*) FROM job WHERE {_OPEN} AND lane = $1", lane_of(webhook_id))
    return int(row[0]) if row else 0


async def open_counts(webhook_ids: Sequence[int]) -> dict[int, int]:
    """The same of several webhooks at once, by webhook; those with none are left out."""
    lanes = {lane_of(number): number for number in webhook_ids}
    if not lanes:
        return {}
    rows = await database.fetch(
        f"SELECT lane, COUNT(*) FROM job WHERE {_OPEN} AND lane IN ({placeholders(lanes)}) GROUP BY lane", *lanes
    )
    return {lanes[lane]: int(count) for lane, count in rows}


async def wake(webhook_id: int) -> None:
    """Whatever waits for this webhook is due now."""
    await database.execute(_WAKE, clock.now_epoch(), lane_of(webhook_id))
    database.after_commit(outbox.ring)


async def resume(webhook_id: int) -> None:
    """Whatever waits for this webhook is due now, and counts as never tried."""
    await database.execute(
        "UPDATE job SET tries_until = NULL WHERE kind = 'WEBHOOK' AND lane = $1 AND state = 'WAITING'",
        lane_of(webhook_id),
    )
    await wake(webhook_id)


async def drop(webhook_id: int) -> None:
    """Nothing waits for this webhook any more."""
    await database.execute(
        "DELETE FROM job WHERE kind = 'WEBHOOK' AND lane = $1 AND state = 'WAITING'", lane_of(webhook_id)
    )
