from __future__ import annotations

from datetime import timedelta

from server import clock
from server.models import Change, Job, Meeting, User, Webhook
from server.models.enums import ChangeKind, JobState, WebhookState
from server.webhooks.lag import failing_count, lag_seconds
from server.webhooks.relay import relay_changes
from tests import factories
from tests.server.webhooks.telling import happens

URL = "https://hooks.example/"


async def test_lag_is_the_age_of_what_was_not_told_yet(host: User, meeting: Meeting) -> None:
    await factories.a_webhook(host, URL)
    assert await lag_seconds() == 0
    await happens(meeting, ChangeKind.MEETING_BOOKED)
    await Change.all().update(occurred_at=clock.now() - timedelta(minutes=5))
    assert 300 <= await lag_seconds() <= 302
    await relay_changes()
    await Job.all().update(created_at=clock.now() - timedelta(minutes=7))
    assert 420 <= await lag_seconds() <= 422
    await Job.all().update(state=JobState.DONE)
    assert await lag_seconds() == 0


async def test_webhook_that_is_off_is_not_late(host: User, meeting: Meeting) -> None:
    await factories.a_webhook(host, URL, state=WebhookState.PAUSED)
    await happens(meeting, ChangeKind.MEETING_BOOKED)
    await Change.all().update(occurred_at=clock.now() - timedelta(minutes=5))
    assert await lag_seconds() == 0


async def test_those_that_fail_or_were_disabled_are_counted(host: User) -> None:
    await factories.a_webhook(host, URL)
    await factories.a_webhook(host, URL, state=WebhookState.PAUSED)
    assert await failing_count() == 0
    await factories.a_webhook(host, URL, state=WebhookState.DISABLED)
    await factories.a_webhook(host, URL, failing_since=clock.now())
    assert (await failing_count(), await Webhook.all().count()) == (2, 4)
