"""From the change log into the outbox: a webhook's position moves on in the transaction that promises what it passed.

Nothing of it happens in the transaction of a booking. At most `WINDOW` deliveries of one webhook stand in the outbox;
what comes after them stays in the log until there is room."""

from __future__ import annotations

from server import database
from server.changes import reading
from server.models import Webhook
from server.models.enums import WebhookState
from server.webhooks.lane import open_count
from server.webhooks.promise import promise_some

WINDOW = 100

_BEHIND = """
    SELECT w.id FROM webhook w JOIN account a ON a.id = w.account_id
    WHERE w.state = 'ACTIVE' AND w.position < a.last_change_number ORDER BY w.id
"""


async def relay_changes() -> int:
    """Every webhook that is behind its log has moved on, as far as there is room. Returns how many deliveries were put
    into the outbox. Several workers may do this at once."""
    behind = await database.fetch(_BEHIND)
    return sum([await _relay(int(row[0])) for row in behind])


async def _relay(webhook_id: int) -> int:
    if await open_count(webhook_id) >= WINDOW:
        return 0
    async with database.transaction():
        found = Webhook.filter(id=webhook_id, state=WebhookState.ACTIVE)
        webhook = await found.select_for_update(no_key=True).get_or_none()
        if webhook is None:
            return 0
        changes = await reading.page(webhook.account_id, after=webhook.position)
        passed = await promise_some(webhook, changes, most=WINDOW - await open_count(webhook_id))
        webhook.position = max(passed.upto, webhook.position)
        await webhook.save(update_fields=["position"])
    return passed.count
