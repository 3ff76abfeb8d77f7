"""A receiver that is away for two days, and what it gets when it is back (E-33)."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta

from server import clock
from server.deliveries.webhook import message_id
from server.models import Account, Job, User, Webhook
from server.models.enums import ChangeKind, JobKind, JobState, WebhookState
from server.webhooks.secrets import secret_of
from tests import factories
from tests.server.webhooks.receiving import HANG_UP, Receiver
from tests.server.webhooks.telling import happens, work_off

STORY = (ChangeKind.MEETING_BOOKED, ChangeKind.MEETING_MOVED, ChangeKind.MEETING_EDITED, ChangeKind.MEETING_CANCELED)
HOURS = 48


async def test_receiver_that_was_down_for_two_days_gets_everything_in_order_and_once(
    account: Account, host: User, webhook: Webhook, receiver: Receiver
) -> None:
    """Time is virtual and ends now, because the reference library looks at the real clock."""
    now = clock.now()
    begins = now - timedelta(hours=HOURS + 2)
    meetings = [await factories.a_meeting(host, now + timedelta(days=day + 1)) for day in range(30)]
    receiver.answers.extend([HANG_UP, 500, 503] * 1000)
    told: dict[int, list[str]] = defaultdict(list)
    for hour in range(HOURS):
        with clock.travel(begins + timedelta(hours=hour)):
            for place, meeting in enumerate(meetings):
                numbers = await happens(meeting, *(kind for at, kind in enumerate(STORY) if place + 5 * at == hour))
                told[meeting.id] += [message_id(webhook.id, number) for number in numbers]
            await work_off()
    assert (await Webhook.get()).state is WebhookState.ACTIVE
    assert HOURS - 1 <= len(receiver.received) <= 3 * HOURS

    receiver.answers.clear()
    receiver.received.clear()
    with clock.travel(now):
        await work_off()
    got = defaultdict(list)
    for one in receiver.received:
        content = one.verified_by(secret_of(webhook.secrets[0]))
        got[int(content["data"]["meeting"]["id"].removeprefix("mtg_"))].append(one.id)
    assert got == told
    assert len(set(receiver.ids)) == len(receiver.ids) == 120
    assert await Job.filter(kind=JobKind.WEBHOOK).exclude(state=JobState.DONE).count() == 0
    after = await Webhook.get()
    assert (after.failing_since, after.next_try_at, after.last_error, after.last_status) == (None, None, "", 204)
