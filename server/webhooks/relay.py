"""From the change log into the outbox: a webhook's position moves on in the transaction that promises what it passed.

Nothing of it happens in the transaction of a booking. At most `WINDOW` deliveries of one webhook stand in the outbox;
what comes after them stays in the log until there is room. Where a webhook was off for longer than the log is kept, its
owner is told that something is missing."""

from __future__ import annotations

import structlog

from server import database
from server.changes import reading
from server.models import Webhook
from server.models.enums import WebhookState
from server.webhooks import health
from server.webhooks.lane import open_count
from server.webhooks.promise import promise_some

WINDOW = 100

_log = structlog.get_logger(__name__)

_BEHIND = """
    SELECT w.id FROM webhook w JOIN account a ON a.id = w.account_id
    WHERE w.state = 'ACTIVE' AND w.position < a.last_change_number ORDER BY w.id
"""


async def relay_changes() -> int:
    """Every webhook that is behind its log has moved on, as far as there is room. Returns how many deliveries were put
    into the outbox. Several workers may do this at once."""
    behind = await database.fetch(_BEHIND)
    return sum([await _relay_alone(int(row[0])) for row in behind])


async def _relay_alone(webhook_id: int) -> int:
    """As `_relay`; what is wrong with one webhook keeps no other waiting."""
    try:
        return await _relay(webhook_id)
    except database.TryAgain:
        raise
    except Exception:  # noqa: BLE001  the log says which, and the others move on
        _log.exception("webhook.relay_failed", webhook=webhook_id)
        return 0


async def _relay(webhook_id: int) -> int:
    if await open_count(webhook_id) >= WINDOW:
        return 0
    async with database.transaction():
        found = Webhook.filter(id=webhook_id, state=WebhookState.ACTIVE)
        webhook = await found.select_for_update(no_key=True).get_or_none()
        if webhook is None:
            return 0
        latest = await reading.latest_number(webhook.account_id)
        changes = await reading.page(webhook.account_id, after=webhook.position)
        first = changes[0].number if changes else latest + 1
        if first > webhook.position + 1:
            await health.tell_owner(webhook, "missed")
        passed = await promise_some(webhook, changes, most=WINDOW - await open_count(webhook_id))
        webhook.position = max(passed.upto, first - 1, webhook.position)
        await webhook.save(update_fields=["position"])
    return passed.count
