"""How far behind webhooks are, for whoever watches the server."""

from __future__ import annotations

from server import clock, database

_WAITING = """
    SELECT MIN(j.created_at) FROM webhook w JOIN job j ON j.lane = 'webhook:' || w.id
    WHERE w.state = 'ACTIVE' AND j.kind = 'WEBHOOK' AND j.state IN ('WAITING', 'RUNNING')
"""
_BEHIND = """
    SELECT MIN(c.occurred_at) FROM webhook w JOIN change c ON c.account_id = w.account_id AND c.number = w.position + 1
    WHERE w.state = 'ACTIVE'
"""


async def lag_seconds() -> int:
    """The age of the oldest change that a webhook which is switched on has not had; 0 if they are all told."""
    rows = [await database.fetch_one(sql) for sql in (_WAITING, _BEHIND)]
    since = [int(row[0]) for row in rows if row is not None and row[0] is not None]
    return max(clock.now_epoch() - min(since), 0) if since else 0


async def failing_count() -> int:
    """How many webhooks fail or were disabled."""
    row = await database.fetch_one("SELECT COUNT(*) FROM webhook WHERE state = 'DISABLED' OR failing_since IS NOT NULL")
    return int(row[0]) if row else 0
