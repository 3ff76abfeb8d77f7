"""Which webhooks there are, and what was delivered to one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from server.accounts.viewer import Viewer
from server.changes.feed import latest_number
from server.database.placeholders import placeholders
from server.database.rows import Rows
from server.models import Job, MeetingLink, Webhook
from server.webhooks.lane import lane_of, open_counts


@dataclass(frozen=True, slots=True)
class Overview:
    """A webhook, how many deliveries stand in line for it, and how many changes of the log come behind those."""

    webhook: Webhook
    waiting: int
    behind: int


async def overviews(viewer: Viewer, webhook_id: int | None = None) -> list[Overview]:
    """The account's webhooks by name, or the one of that number."""
    found = Webhook.filter(account_id=viewer.account_id)
    if webhook_id is not None:
        found = found.filter(id=webhook_id)
    rows = await found.order_by("name", "id")
    waiting = await open_counts([row.id for row in rows])
    latest = await latest_number(viewer.account_id)
    return [Overview(row, waiting.get(row.id, 0), max(latest - row.position, 0)) for row in rows]


def links_among(viewer: Viewer, numbers: Sequence[int]) -> Rows:
    """Those of these links that are of the account, by number."""
    condition = f"t.account_id = $1 AND t.id IN ({placeholders(numbers, after=1)})"
    return Rows(MeetingLink, condition, (viewer.account_id, *numbers))


def deliveries(viewer: Viewer, webhook_id: int) -> Rows:
    """The deliveries to one webhook, the latest first: those that wait, were made in the last 30 days, or failed."""
    condition = "t.kind = 'WEBHOOK' AND t.lane = $1 AND t.account_id = $2"
    return Rows(Job, condition, (lane_of(webhook_id), viewer.account_id), ("-id",))
