"""How well it goes with a webhook: each answer is noted, a long failure is told to its owner, a longer one ends it."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

from server import clock, database, outbox
from server.models import Webhook
from server.models.enums import JobKind, WebhookState
from server.webhooks.lane import wake

WARN_AFTER = timedelta(days=1)
DISABLE_AFTER_WARNING = timedelta(days=3)
SHORTEST_REST = timedelta(seconds=2)
LONGEST_REST = timedelta(hours=1)
LONGEST_WISH = timedelta(days=1)

TIRED = frozenset({408, 425, 429, 502, 503, 504})
"""What a receiver answers that cannot take anything at the moment; any other answer is about the one change."""

_OUTAGE = timedelta(hours=1)
_LONGEST_ERROR = 500
_TAKEN = """
    UPDATE webhook SET last_delivered_at = $1, last_status = $2, last_error = '',
        failing_since = NULL, warned_at = NULL, next_try_at = NULL WHERE id = $3
"""


async def note_success(webhook: Webhook, status: int) -> None:
    """The receiver has taken a delivery, so it is well; after an outage everything that waits for it is due now."""
    now = clock.now()
    async with database.transaction():
        await database.execute(_TAKEN, int(now.timestamp()), status, webhook.id)
        if _was_away(webhook, now):
            await wake(webhook.id)


async def note_failure(
    webhook_id: int, *, status: int | None, error: str, wish: float | None = None
) -> datetime | None:
    """The receiver did not take a delivery. Where it did not answer at all, or can take nothing at the moment, it is
    given a rest until the returned time, which respects how many seconds it asked for. The owner is warned after
    `WARN_AFTER`, and `DISABLE_AFTER_WARNING` later the webhook is disabled."""
    async with database.transaction():
        now = clock.now()
        webhook = await Webhook.filter(id=webhook_id).select_for_update(no_key=True).get_or_none()
        if webhook is None:
            return None
        webhook.failing_since = webhook.failing_since or now
        webhook.last_status, webhook.last_error = status, error[:_LONGEST_ERROR]
        if status is None or status in TIRED:
            webhook.next_try_at = now + _rest(now - webhook.failing_since, wish)
        await _warn_or_disable(webhook, now)
        await webhook.save(
            update_fields=["failing_since", "last_status", "last_error", "next_try_at", "warned_at", "state"]
        )
    return webhook.next_try_at


async def disable(webhook_id: int, *, status: int, error: str) -> None:
    """The receiver said that it is gone for good, so the webhook is disabled, and its owner told."""
    async with database.transaction():
        webhook = await Webhook.filter(id=webhook_id).select_for_update(no_key=True).get_or_none()
        if webhook is None or webhook.state is WebhookState.DISABLED:
            return
        webhook.failing_since = webhook.failing_since or clock.now()
        webhook.last_status, webhook.last_error = status, error[:_LONGEST_ERROR]
        webhook.state = WebhookState.DISABLED
        await webhook.save(update_fields=["failing_since", "last_status", "last_error", "state"])
        await tell_owner(webhook, "gone")


def disabled_after(webhook: Webhook) -> datetime | None:
    """When a webhook whose owner was warned will be disabled, if it goes on like this."""
    is_warned = webhook.warned_at is not None and webhook.state is WebhookState.ACTIVE
    return webhook.warned_at + DISABLE_AFTER_WARNING if is_warned and webhook.warned_at else None


def _was_away(webhook: Webhook, now: datetime) -> bool:
    """Whether it was more than one change that its receiver could not take."""
    is_long = webhook.failing_since is not None and now - webhook.failing_since >= _OUTAGE
    return is_long or webhook.next_try_at is not None


def _rest(failing_for: timedelta, wish: float | None) -> timedelta:
    """Half of the time that it has failed already, less up to a quarter by chance, within bounds."""
    rest = min(max(failing_for / 2, SHORTEST_REST), LONGEST_REST) * random.uniform(0.75, 1)
    return max(rest, SHORTEST_REST, min(timedelta(seconds=wish or 0), LONGEST_WISH))


async def _warn_or_disable(webhook: Webhook, now: datetime) -> None:
    if webhook.state is not WebhookState.ACTIVE or webhook.failing_since is None:
        return
    if webhook.warned_at is None:
        if now - webhook.failing_since >= WARN_AFTER:
            webhook.warned_at = now
            await tell_owner(webhook, "failing")
    elif now - webhook.warned_at >= DISABLE_AFTER_WARNING:
        webhook.state = WebhookState.DISABLED
        await tell_owner(webhook, "disabled")


async def tell_owner(webhook: Webhook, about: str) -> None:
    """Inside a transaction: the owner will read what is the matter, as it is now. `about` is `failing`, `disabled`,
    `gone` or `missed`."""
    since = webhook.failing_since or clock.now()
    await outbox.enqueue(
        JobKind.OWNER_WARNING_MAIL,
        account_id=webhook.account_id,
        payload={
            "about": about,
            "webhook_id": webhook.id,
            "name": webhook.name,
            "url": webhook.url,
            "owner_id": webhook.owner_id,
            "failing_since": int(since.timestamp()),
            "error": webhook.last_error,
        },
    )
