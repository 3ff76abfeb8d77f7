"""Deliveries put into the outbox: one job for each change that a webhook is owed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from server import clock, outbox
from server.models import Change, Job, Webhook
from server.models.enums import JobKind
from server.webhooks.filters import wanted
from server.webhooks.lane import lane_of


@dataclass(frozen=True, slots=True)
class Passed:
    """How far the log was passed, as the number of the last change that was looked at, and how many were promised."""

    upto: int
    count: int


async def promise_some(webhook: Webhook, changes: Sequence[Change], *, most: int) -> Passed:
    """Of these changes, which follow each other in the log, the first `most` that the webhook is owed will be
    delivered, each after those of the same meeting that were promised before."""
    owed = await wanted(webhook, changes)
    await outbox.enqueue_all([_promised(webhook, change.meeting_id, number=change.number) for change in owed[:most]])
    if len(owed) > most:
        return Passed(upto=owed[most].number - 1, count=most)
    return Passed(upto=changes[-1].number if changes else 0, count=len(owed))


async def promise_ping(webhook: Webhook) -> None:
    """A ping will be sent, whatever state the webhook is in."""
    await outbox.enqueue_all([_promised(webhook, None, is_ping=True)])


def _promised(webhook: Webhook, meeting_id: int | None, **what: Any) -> Job:
    return Job(
        kind=JobKind.WEBHOOK,
        account_id=webhook.account_id,
        meeting_id=meeting_id,
        lane=lane_of(webhook.id),
        payload={"webhook_id": webhook.id, **what},
        run_at=clock.now(),
    )
