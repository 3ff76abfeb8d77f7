from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from server import clock
from server.models import Job, User, Webhook
from server.models.enums import JobKind, JobState, WebhookState
from server.webhooks import health
from server.webhooks.health import disabled_after, note_failure, note_success
from tests import factories

URL = "https://hooks.example/"


@pytest.fixture
async def webhook(host: User) -> Webhook:
    return await factories.a_webhook(host, URL)


async def _fails(
    webhook: Webhook, at: datetime, status: int | None = None, wish: float | None = None
) -> datetime | None:
    with clock.travel(at):
        return await note_failure(webhook.id, status=status, error="it was away", wish=wish)


async def _warnings() -> list[str]:
    return [job.payload["about"] for job in await Job.filter(kind=JobKind.OWNER_WARNING_MAIL).order_by("id")]


async def test_failure_is_noted(webhook: Webhook) -> None:
    begins = clock.now()
    again = await _fails(webhook, begins, 503)
    after = await Webhook.get()
    assert (after.failing_since, after.last_status, after.last_error) == (begins, 503, "it was away")
    assert (after.next_try_at, after.state, after.warned_at) == (again, WebhookState.ACTIVE, None)


async def test_rest_grows_with_the_failure_to_an_hour(webhook: Webhook) -> None:
    begins = clock.now()
    rests = []
    for minutes in (0, 1, 10, 60, 600):
        at = begins + timedelta(minutes=minutes)
        again = await _fails(webhook, at)
        assert again is not None
        rests.append((again - at).total_seconds())
    for rest, (least, most) in zip(rests, [(2, 3), (22, 31), (224, 301), (1349, 1801), (2699, 3601)], strict=True):
        assert least <= rest <= most


@pytest.mark.parametrize("status", [400, 401, 404, 422, 500])
async def test_answer_about_one_change_is_no_reason_for_a_rest(webhook: Webhook, status: int) -> None:
    assert await _fails(webhook, clock.now(), status) is None
    assert (await Webhook.get()).next_try_at is None


async def test_owner_is_warned_after_a_day_and_three_days_before_it_is_disabled(webhook: Webhook) -> None:
    begins = clock.now()
    for hours in range(0, 24, 3):
        await _fails(webhook, begins + timedelta(hours=hours))
    assert await _warnings() == []
    await _fails(webhook, begins + timedelta(days=1))
    warned = await Webhook.get()
    assert (await _warnings(), warned.warned_at) == (["failing"], begins + timedelta(days=1))
    assert disabled_after(warned) == begins + timedelta(days=4)
    for hours in range(27, 96, 3):
        await _fails(webhook, begins + timedelta(hours=hours))
    assert (await _warnings(), (await Webhook.get()).state) == (["failing"], WebhookState.ACTIVE)
    await _fails(webhook, begins + timedelta(days=4))
    after = await Webhook.get()
    assert (await _warnings(), after.state) == (["failing", "disabled"], WebhookState.DISABLED)
    assert disabled_after(after) is None


async def test_nothing_is_disabled_without_a_warning_however_seldom_it_is_tried(webhook: Webhook) -> None:
    begins = clock.now()
    for days in (0, 30, 32):
        await _fails(webhook, begins + timedelta(days=days), 500)
    assert (await _warnings(), (await Webhook.get()).state) == (["failing"], WebhookState.ACTIVE)


async def test_paused_webhook_is_neither_warned_of_nor_disabled(webhook: Webhook) -> None:
    await Webhook.all().update(state=WebhookState.PAUSED)
    for days in range(10):
        await _fails(webhook, clock.now() + timedelta(days=days))
    assert (await _warnings(), (await Webhook.get()).state) == ([], WebhookState.PAUSED)


async def test_success_makes_it_well_and_what_waited_is_due(webhook: Webhook) -> None:
    begins = clock.now()
    await _fails(webhook, begins - timedelta(days=2))
    await _fails(webhook, begins)
    later = begins + timedelta(hours=1)
    given = {"account_id": webhook.account_id, "lane": f"webhook:{webhook.id}", "run_at": later}
    waiting = await Job.create(kind=JobKind.WEBHOOK, **given)
    other = await Job.create(kind=JobKind.WEBHOOK, **(given | {"lane": "webhook:0"}))
    with clock.travel(begins):
        await note_success(await Webhook.get(), 202)
    after = await Webhook.get()
    assert (after.last_delivered_at, after.last_status, after.last_error) == (begins, 202, "")
    assert (after.failing_since, after.next_try_at, after.warned_at) == (None, None, None)
    assert ((await Job.get(id=waiting.id)).run_at, (await Job.get(id=other.id)).run_at) == (begins, later)


async def test_success_beside_one_change_that_fails_leaves_that_its_pause(webhook: Webhook) -> None:
    begins = clock.now()
    await _fails(webhook, begins, 400)
    later = begins + timedelta(hours=1)
    await Job.create(kind=JobKind.WEBHOOK, account_id=webhook.account_id, lane=f"webhook:{webhook.id}", run_at=later)
    await note_success(await Webhook.get(), 204)
    assert (await Job.get()).run_at == later


async def test_webhook_that_is_gone_is_disabled_and_told_of_once(webhook: Webhook) -> None:
    for _ in range(3):
        await health.disable(webhook.id, status=410, error="answered 410: ")
    assert (await _warnings(), (await Webhook.get()).state) == (["gone"], WebhookState.DISABLED)


async def test_webhook_that_was_deleted_meanwhile_is_no_error(webhook: Webhook) -> None:
    await Webhook.all().delete()
    assert await note_failure(webhook.id, status=500, error="") is None
    await note_success(webhook, 204)
    await health.disable(webhook.id, status=410, error="")
    assert await Job.filter(state=JobState.WAITING).count() == 0
