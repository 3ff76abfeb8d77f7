from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from server import clock, outbox, settings
from server.changes import cursor
from server.changes.forget import forget_old_changes
from server.deliveries.webhook import message_id
from server.gateways import webhooks as gateway
from server.models import Account, Job, Meeting, User, Webhook
from server.models.enums import AccountKind, ChangeKind, JobKind, JobState, WebhookState
from server.webhooks import secrets
from server.webhooks.promise import promise_ping
from server.webhooks.secrets import secret_of
from server.worker import run_worker, work_once
from tests import factories
from tests.server.webhooks.conftest import account, here_is_allowed, host, meeting, receiver, webhook
from tests.server.webhooks.receiving import HANG_UP, Receiver, receiving
from tests.server.webhooks.telling import happens, work_off

__all__ = ["account", "here_is_allowed", "host", "meeting", "receiver", "webhook"]

BOOKED, MOVED, CANCELED = ChangeKind.MEETING_BOOKED, ChangeKind.MEETING_MOVED, ChangeKind.MEETING_CANCELED
PATIENCE = 10


async def _job() -> Job:
    return await Job.get(kind=JobKind.WEBHOOK)


async def test_change_is_posted_so_that_the_reference_library_accepts_it(
    meeting: Meeting, webhook: Webhook, receiver: Receiver
) -> None:
    (number,) = await happens(meeting, BOOKED)
    assert await work_once() == 1
    (one,) = receiver.received
    content = one.verified_by(secret_of(webhook.secrets[0]))
    assert one.line == "POST /hooks?for=parley HTTP/1.1"
    assert one.headers["host"] == webhook.url.split("/")[2]
    assert one.headers["content-type"] == "application/json"
    assert one.id == f"msg_{webhook.id}_{number}"
    assert (content["type"], content["data"]["cursor"]) == ("meeting.booked", cursor.write(number))
    job = await _job()
    assert (job.state, job.last_error, job.lane) == (JobState.DONE, "answered 204", f"webhook:{webhook.id}")
    after = await Webhook.get()
    assert (after.last_status, after.last_error, after.failing_since) == (204, "", None)
    assert after.last_delivered_at is not None


async def test_library_refuses_what_was_signed_for_another(
    meeting: Meeting, webhook: Webhook, receiver: Receiver
) -> None:
    await happens(meeting, BOOKED)
    await work_once()
    with pytest.raises(Exception, match="No matching signature found"):
        receiver.received[0].verified_by(secret_of(secrets.new_secret()))


async def test_both_secrets_sign_for_a_day_after_a_rotation(
    meeting: Meeting, webhook: Webhook, receiver: Receiver
) -> None:
    old, new = webhook.secrets[0], secrets.new_secret()
    rotated = secrets.rotated([old], new, now=clock.now() - secrets.OVERLAP + timedelta(minutes=1))
    await Webhook.all().update(secrets=rotated)
    await happens(meeting, BOOKED)
    await work_once()
    for one in (old, new):
        assert receiver.received[0].verified_by(secret_of(one))["type"] == "meeting.booked"

    await Webhook.all().update(secrets=secrets.rotated([old], new, now=clock.now() - secrets.OVERLAP))
    await happens(meeting, MOVED)
    await work_once()
    assert receiver.received[1].verified_by(secret_of(new))["type"] == "meeting.moved"
    with pytest.raises(Exception, match="No matching signature found"):
        receiver.received[1].verified_by(secret_of(old))


async def test_later_change_of_a_meeting_waits_for_the_earlier_one(
    meeting: Meeting, host: User, webhook: Webhook, receiver: Receiver
) -> None:
    other = await factories.a_meeting(host, clock.now() + timedelta(days=1))
    first, second = await happens(meeting, BOOKED, MOVED)
    (alone,) = await happens(other, BOOKED)
    receiver.disliked = {message_id(webhook.id, first): 400}
    await work_off()
    with clock.travel(clock.now() + timedelta(minutes=1)):
        await work_off()
    assert message_id(webhook.id, second) not in receiver.ids
    assert message_id(webhook.id, alone) in receiver.ids
    receiver.disliked = {}
    receiver.received.clear()
    with clock.travel(clock.now() + timedelta(hours=3)):
        await work_off()
    assert receiver.ids == [message_id(webhook.id, number) for number in (first, second)]


@pytest.mark.parametrize("status", [400, 404, 500])
async def test_one_change_that_is_never_taken_does_not_stop_the_others(
    host: User, webhook: Webhook, receiver: Receiver, status: int
) -> None:
    meetings = [await factories.a_meeting(host, clock.now() + timedelta(days=day)) for day in range(1, 6)]
    (poison,) = await happens(meetings[0], BOOKED)
    receiver.disliked = {message_id(webhook.id, poison): status}
    for hour, other in enumerate(meetings[1:]):
        numbers = await happens(other, BOOKED, MOVED)
        with clock.travel(clock.now() + timedelta(hours=hour)):
            await work_off()
        assert set(receiver.ids) >= {message_id(webhook.id, number) for number in numbers}
    assert 2 <= receiver.ids.count(message_id(webhook.id, poison)) <= 6
    assert (await Webhook.get()).state is WebhookState.ACTIVE


@pytest.mark.parametrize("status", [HANG_UP, 429, 502, 503, 504])
async def test_receiver_that_is_away_is_given_a_rest(
    host: User, webhook: Webhook, receiver: Receiver, status: int
) -> None:
    """However much waits, one attempt at a time is made, and each change has its turn at it."""
    for day in range(1, 20):
        await happens(await factories.a_meeting(host, clock.now() + timedelta(days=day)), BOOKED)
    receiver.always = status
    begins = clock.now()
    await work_off()
    assert len(receiver.received) == 1
    after = await Webhook.get()
    assert after.next_try_at is not None
    assert timedelta(seconds=2) <= after.next_try_at - begins <= timedelta(seconds=4)
    for minute in (1, 2, 4):
        with clock.travel(begins + timedelta(minutes=minute)):
            await work_once()
    assert len(set(receiver.ids)) == len(receiver.ids) == 4
    receiver.always = 204
    with clock.travel(begins + timedelta(minutes=8)):
        await work_off()
    assert (len(set(receiver.ids)), len(receiver.ids)) == (19, 4 + 19)


@pytest.mark.parametrize("status", [301, 302, 307, 308])
async def test_redirect_is_not_followed(meeting: Meeting, webhook: Webhook, receiver: Receiver, status: int) -> None:
    async with receiving() as elsewhere:
        receiver.always, receiver.extra = status, f"location: {elsewhere.url}\r\n"
        await happens(meeting, BOOKED)
        await work_once()
        assert (len(receiver.received), elsewhere.received) == (1, [])
    assert (await Webhook.get()).last_error == f"answered {status}: "


async def test_receiver_that_is_gone_is_disabled_and_its_owner_told(
    meeting: Meeting, webhook: Webhook, receiver: Receiver
) -> None:
    receiver.answers.append(410)
    receiver.text = "We have moved on."
    await happens(meeting, BOOKED, MOVED)
    await work_once()
    after = await Webhook.get()
    assert (after.state, after.last_status) == (WebhookState.DISABLED, 410)
    assert after.last_error == "answered 410: We have moved on."
    (mail,) = await Job.filter(kind=JobKind.OWNER_WARNING_MAIL)
    assert (mail.payload["about"], mail.payload["owner_id"]) == ("gone", webhook.owner_id)
    await work_off()
    assert len(receiver.received) == 1
    assert await Job.filter(kind=JobKind.WEBHOOK, state=JobState.WAITING).count() == 2


@pytest.mark.parametrize(("wish", "seconds"), [("600", 600), ("99999999", 24 * 3600), ("1", 2), ("soon", 2)])
async def test_receiver_is_asked_again_when_it_wants_to_be(
    meeting: Meeting, webhook: Webhook, receiver: Receiver, wish: str, seconds: int
) -> None:
    receiver.answers.append(429)
    receiver.extra = f"retry-after: {wish}\r\n"
    await happens(meeting, BOOKED)
    begins = clock.now()
    await work_once()
    after = await Webhook.get()
    assert after.next_try_at is not None
    assert timedelta(seconds=seconds) <= after.next_try_at - begins <= timedelta(seconds=seconds + 2)


async def test_receiver_that_says_nothing_is_left_after_a_while(
    meeting: Meeting, webhook: Webhook, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gateway, "TIMEOUT_SECONDS", 0.3)
    receiver.seconds_to_answer = 5
    await happens(meeting, BOOKED)
    await work_once()
    after = await Webhook.get()
    assert (after.last_status, after.last_error) == (None, "there was no answer within 0 seconds")


async def test_lost_answer_means_the_same_id_again(meeting: Meeting, webhook: Webhook, receiver: Receiver) -> None:
    receiver.answers.append(HANG_UP)
    (number,) = await happens(meeting, BOOKED)
    await work_off()
    with clock.travel(clock.now() + timedelta(minutes=1)):
        await work_off()
    assert receiver.ids == [message_id(webhook.id, number)] * 2
    assert (await _job()).state is JobState.DONE


async def test_worker_that_died_after_the_receiver_took_it_means_the_same_id_again(
    meeting: Meeting, webhook: Webhook, receiver: Receiver
) -> None:
    (number,) = await happens(meeting, BOOKED)
    await work_once()
    until = clock.now() + timedelta(seconds=outbox.LEASE_SECONDS)
    await Job.all().update(state=JobState.RUNNING, leased_by="killed", leased_until=until, finished_at=None)
    assert await work_once() == 0
    with clock.travel(until):
        await work_off()
    assert receiver.ids == [message_id(webhook.id, number)] * 2
    assert (await _job()).state is JobState.DONE


async def test_several_workers_deliver_each_change_once_and_in_order(
    host: User, webhook: Webhook, receiver: Receiver
) -> None:
    receiver.seconds_to_answer = 0.01
    meetings = [await factories.a_meeting(host, clock.now() + timedelta(days=day)) for day in range(1, 7)]
    stop = asyncio.Event()
    running = [asyncio.create_task(run_worker(stop)) for _ in range(3)]
    told = {one.id: await happens(one, BOOKED, MOVED, MOVED, MOVED, CANCELED) for one in meetings}
    await receiver.has(30)
    await asyncio.sleep(0.2)
    stop.set()
    await asyncio.wait_for(asyncio.gather(*running), PATIENCE)
    assert len(receiver.ids) == len(set(receiver.ids)) == 30
    for numbers in told.values():
        ids = [message_id(webhook.id, number) for number in numbers]
        assert [one for one in receiver.ids if one in ids] == ids


async def test_webhook_leaves_at_once_after_the_commit(meeting: Meeting, webhook: Webhook, receiver: Receiver) -> None:
    """Long before the worker would look by itself."""
    stop = asyncio.Event()
    running = asyncio.create_task(run_worker(stop))
    await asyncio.sleep(0.3)
    begins = asyncio.get_running_loop().time()
    await happens(meeting, BOOKED)
    await receiver.has(1)
    took = asyncio.get_running_loop().time() - begins
    stop.set()
    await asyncio.wait_for(running, PATIENCE)
    assert took < 0.6


async def test_sandbox_sends_nothing_outside(
    account: Account, meeting: Meeting, webhook: Webhook, receiver: Receiver
) -> None:
    await Account.filter(id=account.id).update(kind=AccountKind.SANDBOX)
    await happens(meeting, BOOKED)
    await promise_ping(webhook)
    await work_off()
    said = [(job.state, job.last_error) for job in await Job.filter(kind=JobKind.WEBHOOK)]
    assert said == [(JobState.DONE, "not sent: a sandbox account sends nothing outside")] * 2
    assert receiver.received == []


async def test_address_that_leads_home_meanwhile_gets_nothing(
    meeting: Meeting, webhook: Webhook, receiver: Receiver, in_use: settings.Settings
) -> None:
    settings.use(in_use)
    await happens(meeting, BOOKED)
    await work_once()
    assert receiver.received == []
    assert (await Webhook.get()).last_error == "127.0.0.1 is not an address of the public internet"


async def test_paused_webhook_gets_what_happened_meanwhile_when_it_goes_on(
    meeting: Meeting, webhook: Webhook, receiver: Receiver
) -> None:
    receiver.answers.append(500)
    first = await happens(meeting, BOOKED)
    await work_once()
    await Webhook.all().update(state=WebhookState.PAUSED)
    later = await happens(meeting, MOVED, CANCELED)
    with clock.travel(clock.now() + timedelta(hours=2)):
        await work_off()
    assert len(receiver.received) == 1
    receiver.received.clear()
    await Webhook.all().update(state=WebhookState.ACTIVE, failing_since=None, next_try_at=None)
    with clock.travel(clock.now() + timedelta(days=2)):
        await work_off()
    assert receiver.ids == [message_id(webhook.id, number) for number in first + later]


async def test_deleted_webhook_is_no_error(meeting: Meeting, webhook: Webhook, receiver: Receiver) -> None:
    await happens(meeting, BOOKED)
    receiver.answers.append(500)
    await work_once()
    await Webhook.all().delete()
    with clock.travel(clock.now() + timedelta(hours=1)):
        await work_off()
    assert ((await _job()).state, (await _job()).last_error) == (JobState.DONE, "not sent: the webhook was deleted")


async def test_change_that_the_log_has_forgotten_is_no_error(
    meeting: Meeting, webhook: Webhook, receiver: Receiver
) -> None:
    await happens(meeting, BOOKED)
    receiver.answers.append(500)
    await work_once()
    with clock.travel(clock.now() + timedelta(hours=1)):
        await forget_old_changes(kept_for=timedelta())
        await work_off()
    assert len(receiver.received) == 1
    assert (await _job()).last_error == "not sent: the log does not hold this change any more"


@pytest.mark.parametrize("state", list(WebhookState))
async def test_ping_is_sent_in_every_state_and_once(webhook: Webhook, receiver: Receiver, state: WebhookState) -> None:
    await Webhook.all().update(state=state, next_try_at=clock.now() + timedelta(hours=1))
    receiver.always = 500
    await promise_ping(webhook)
    await work_off()
    content = receiver.received[0].verified_by(secret_of(webhook.secrets[0]))
    assert (content["type"], content["data"]) == (
        "webhook.ping",
        {"webhook": {"id": f"whk_{webhook.id}", "name": "Front desk"}},
    )
    assert ((await _job()).state, (await _job()).last_error) == (JobState.DONE, "not taken: answered 500: ")
