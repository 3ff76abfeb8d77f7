from __future__ import annotations

import pytest

from server.accounts.viewer import Viewer
from server.changes.errors import ResyncRequired
from server.changes.forget import forget_old_changes
from server.deliveries.webhook import message_id
from server.errors import ErrorCode, Refused
from server.models import Change, Meeting, User, Webhook
from server.models.enums import ChangeKind, Role, WebhookState
from server.webhooks import replay as room
from server.webhooks.replay import Replayed, replay
from tests import factories
from tests.resolvers.asking import viewer_for
from tests.server.webhooks.receiving import Receiver
from tests.server.webhooks.telling import happens, work_off

MOVED = ChangeKind.MEETING_MOVED


@pytest.fixture
async def viewer(host: User) -> Viewer:
    return viewer_for(await factories.a_user(await host.account, "Admin", role=Role.ADMIN))


async def test_range_is_delivered_again_in_order_under_the_same_ids(
    viewer: Viewer, webhook: Webhook, meeting: Meeting, receiver: Receiver
) -> None:
    numbers = await happens(meeting, *[MOVED] * 6)
    await work_off()
    receiver.received.clear()
    done = await replay(viewer, webhook.id, after=numbers[1], upto=numbers[4])
    assert done == Replayed(count=3, upto=numbers[4], has_more=False)
    await work_off()
    assert receiver.ids == [message_id(webhook.id, number) for number in numbers[2:5]]


async def test_without_an_end_it_goes_as_far_as_the_webhook_has_come(
    viewer: Viewer, webhook: Webhook, meeting: Meeting, receiver: Receiver
) -> None:
    numbers = await happens(meeting, *[MOVED] * 3)
    await work_off()
    receiver.received.clear()
    later = await happens(meeting, MOVED)
    assert await replay(viewer, webhook.id, after=0) == Replayed(count=3, upto=numbers[-1], has_more=False)
    await work_off()
    assert receiver.ids == [message_id(webhook.id, number) for number in [*numbers, *later]]


async def test_long_range_is_worked_off_in_parts(
    viewer: Viewer, webhook: Webhook, meeting: Meeting, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "AT_ONCE", 4)
    numbers = await happens(meeting, *[MOVED] * 10)
    await work_off()
    receiver.received.clear()
    reached, parts = 0, []
    while not parts or parts[-1].has_more:
        parts.append(await replay(viewer, webhook.id, after=reached))
        reached = parts[-1].upto
    assert [(part.count, part.has_more) for part in parts] == [(4, True), (4, True), (2, False)]
    await work_off()
    assert receiver.ids == [message_id(webhook.id, number) for number in numbers]


async def test_filters_of_today_hold(viewer: Viewer, webhook: Webhook, meeting: Meeting, receiver: Receiver) -> None:
    await happens(meeting, MOVED, ChangeKind.NOTE_ADDED, MOVED)
    await work_off()
    await Webhook.all().update(kinds=["NOTE_ADDED"])
    assert (await replay(viewer, webhook.id, after=0)).count == 1


async def test_same_key_replays_once(viewer: Viewer, webhook: Webhook, meeting: Meeting, receiver: Receiver) -> None:
    await happens(meeting, MOVED)
    await work_off()
    first = await replay(viewer, webhook.id, after=0, idempotency_key="once")
    assert await replay(viewer, webhook.id, after=0, idempotency_key="once") == first
    await work_off()
    assert len(receiver.received) == 2


async def test_log_that_does_not_reach_back_is_said(
    viewer: Viewer, webhook: Webhook, meeting: Meeting, receiver: Receiver
) -> None:
    numbers = await happens(meeting, *[MOVED] * 3)
    await work_off()
    await Change.filter(number=numbers[0]).update(occurred_at=meeting.created_at.replace(year=2020))
    await forget_old_changes()
    with pytest.raises(ResyncRequired):
        await replay(viewer, webhook.id, after=0)
    with pytest.raises(ResyncRequired):
        await replay(viewer, webhook.id, after=numbers[-1] + 1)
    assert (await replay(viewer, webhook.id, after=numbers[0])).count == 2


async def test_disabled_webhook_replays_nothing(viewer: Viewer, webhook: Webhook) -> None:
    await Webhook.all().update(state=WebhookState.DISABLED)
    with pytest.raises(Refused) as caught:
        await replay(viewer, webhook.id, after=0)
    assert caught.value.complaints[0].code is ErrorCode.CONFLICT
