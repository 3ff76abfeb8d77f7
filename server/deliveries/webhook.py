"""A change posted to the program that subscribed to it."""

from __future__ import annotations

from datetime import timedelta

import orjson

from server import clock, metrics
from server.checks import printable_line
from server.deliveries.webhook_body import change_body, ping_body
from server.gateways import webhooks as gateway
from server.gateways.errors import NotYet, TemporaryFailure
from server.gateways.webhooks import Answer
from server.models import Account, Change, Job, Webhook
from server.models.enums import AccountKind, WebhookState
from server.webhooks import health
from server.webhooks.secrets import signature

GONE = 410

_LOOK_AGAIN = timedelta(days=1)
_A_LITTLE_LATER = timedelta(seconds=1)


async def deliver_webhook(job: Job) -> str:
    """The receiver has taken the change, or the ping, that the job names, and the webhook's health says so. Returns
    what it answered, or why there was nothing to send."""
    webhook = await Webhook.get_or_none(id=job.payload["webhook_id"])
    if webhook is None:
        return "not sent: the webhook was deleted"
    is_ping = bool(job.payload.get("is_ping"))
    if not is_ping:
        _require_turn(webhook, job)
    if await Account.exists(id=webhook.account_id, kind=AccountKind.SANDBOX):
        return "not sent: a sandbox account sends nothing outside"
    if is_ping:
        return await _ping(webhook, job)
    change = await Change.get_or_none(account_id=webhook.account_id, number=job.payload["number"])
    if change is None:
        return "not sent: the log does not hold this change any more"
    return await _deliver(webhook, message_id(webhook.id, change.number), orjson.dumps(await change_body(change)))


def message_id(webhook_id: int, number: int) -> str:
    """The same for every attempt at a change and for every replay, by which a receiver tells a repetition."""
    return f"msg_{webhook_id}_{number}"


def _require_turn(webhook: Webhook, job: Job) -> None:
    """Returns if the webhook is to be tried now; what waits for a paused one is looked at now and then."""
    if webhook.state is not WebhookState.ACTIVE:
        raise NotYet(f"the webhook is {webhook.state.value.lower()}", until=clock.now() + _LOOK_AGAIN)
    if webhook.next_try_at is not None and webhook.next_try_at > clock.now():
        turn = webhook.next_try_at if job.tries_until is None else webhook.next_try_at + _A_LITTLE_LATER
        raise NotYet(f"the receiver is given a rest: {webhook.last_error}", until=turn)


async def _ping(webhook: Webhook, job: Job) -> str:
    """A ping is sent once: whoever asked for it looks at how it went."""
    try:
        return await _deliver(webhook, f"ping_{job.id}", orjson.dumps(ping_body(webhook, job)))
    except (NotYet, TemporaryFailure) as failure:
        return f"not taken: {failure}"


async def _deliver(webhook: Webhook, message_id: str, body: bytes) -> str:
    now = clock.now()
    headers = {
        "content-type": "application/json",
        "user-agent": "Parley-Webhooks",
        "webhook-id": message_id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": signature(webhook.secrets, message_id=message_id, at=now, body=body),
    }
    try:
        answer = await gateway.post(webhook.url, body, headers)
    except TemporaryFailure as failure:
        raise await _failed(webhook, Answer(0, str(failure))) from failure
    if not answer.is_taken:
        raise await _failed(webhook, answer)
    metrics.WEBHOOKS_SENT.labels("taken").inc()
    await health.note_success(webhook, answer.status)
    return f"answered {answer.status}"


async def _failed(webhook: Webhook, answer: Answer) -> Exception:
    """How the job goes on. After a rest it comes back behind those that were never tried, so that each has its turn
    at finding out whether the receiver is there again."""
    metrics.WEBHOOKS_SENT.labels("failed").inc()
    error = f"answered {answer.status}: {printable_line(answer.text, 200)}" if answer.status else answer.text
    if answer.status == GONE:
        await health.disable(webhook.id, status=GONE, error=error)
        return NotYet(error, until=clock.now() + _LOOK_AGAIN)
    rests_until = await health.note_failure(
        webhook.id, status=answer.status or None, error=error, wish=answer.retry_after
    )
    if rests_until is None:
        return TemporaryFailure(error, retry_after=answer.retry_after)
    rest = rests_until + _A_LITTLE_LATER - clock.now()
    return TemporaryFailure(error, retry_after=rest.total_seconds())
