"""A part of the log is delivered once more."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

from server.accounts.viewer import Viewer
from server.changes import reading
from server.errors import ErrorCode, refusal
from server.models.enums import WebhookState
from server.repeats import kept_or
from server.webhooks.edit import locked
from server.webhooks.promise import promise_some

AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Replayed:
    """How many changes will be delivered again, and the number of the last that was looked at; `has_more` of the range
    come after that one."""

    count: int
    upto: int
    has_more: bool


async def replay(
    viewer: Viewer, webhook_id: int, *, after: int, upto: int | None = None, idempotency_key: str | None = None
) -> Replayed:
    """The changes with numbers above `after`, up to and including `upto` or the webhook's own place in the log, will be
    delivered once more under the ids they had, as far as the filters of today let them through; at most `AT_ONCE` are
    looked at. Those that the webhook has still to get come in their turn.

    `NOT_FOUND`; `CONFLICT` for a webhook that is switched off; `ResyncRequired` where the log does not reach."""
    result = await kept_or(
        "replayWebhook",
        account_id=viewer.account_id,
        scope=viewer.actor,
        key=idempotency_key,
        input={"webhook": webhook_id, "after": after, "upto": upto},
        run=partial(_replay, viewer, webhook_id, after, upto),
    )
    return Replayed(**result)


async def _replay(viewer: Viewer, webhook_id: int, after: int, upto: int | None) -> dict[str, Any]:
    webhook = await locked(viewer, webhook_id)
    if webhook.state is WebhookState.DISABLED:
        raise refusal(ErrorCode.CONFLICT, "This webhook is disabled. Please switch it on first.", "webhook")
    await reading.require_kept(webhook.account_id, after)
    last = webhook.position if upto is None else min(upto, webhook.position)
    rows = await reading.page(webhook.account_id, after=after, limit=AT_ONCE)
    changes = [change for change in rows if change.number <= last]
    passed = await promise_some(webhook, changes, most=AT_ONCE)
    reached = max(passed.upto, after)
    return {"count": passed.count, "upto": reached, "has_more": reached < last}
