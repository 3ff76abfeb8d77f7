"""Every notice comes once, to whom it is for, whatever services and workers do."""

from __future__ import annotations

from datetime import timedelta

import pytest

from server import settings
from server.accounts.sessions import sign_out
from server.deliveries.push import deliver_push
from server.devices.notices import NoticeKind, plan_nudges
from server.devices.register import register
from server.models import Account, ActionToken, Device, Job, Meeting, User
from server.models.enums import AccountKind, JobKind, JobState
from server.outbox import claim, finish
from server.worker import work_once
from tests import factories
from tests.server.deliveries.push.conftest import NOW, STARTS_AT, Story
from tests.server.devices.signed_in import IPHONE, a_new_device, signed_in
from tests.server.gateways.push.apple import Apple
from tests.server.gateways.push.serving import Response
from tests.server.gateways.push.watch import Watch


async def test_a_nudge_that_is_in_other_hands_by_now_is_not_passed_on_twice(
    phones: Apple, story: Story, watch: Watch
) -> None:
    await plan_nudges(story.meeting)
    with watch.travel(STARTS_AT - timedelta(minutes=10)):
        (nudge,) = await claim("slow", 1)
        await Job.filter(id=nudge.id).update(leased_by="other")
        await deliver_push(nudge)
    assert [one.payload.get("device_id") for one in await Job.all()] == [None, None]


async def test_a_dead_device_is_forgotten_unless_it_registered_since(phones: Apple, story: Story) -> None:
    phones.gone[IPHONE] = int((NOW - timedelta(days=1)).timestamp() * 1000)
    await story.wake(NoticeKind.MEETING_BOOKED)
    await work_once()
    assert await Device.all().count() == 1
    phones.gone[IPHONE] = int((NOW + timedelta(minutes=1)).timestamp() * 1000)
    await story.wake(NoticeKind.MEETING_BOOKED)
    await work_once()
    assert await Device.all().count() == 0
    assert {one.state for one in await Job.all()} == {JobState.DONE}


async def test_a_busy_service_is_asked_again_when_it_says_and_another_refusal_is_final(
    phones: Apple, story: Story
) -> None:
    phones.answers.append(Response(429, b'{"reason":"TooManyRequests"}', {"retry-after": "600"}))
    await story.wake(NoticeKind.MEETING_BOOKED)
    await work_once()
    job = await story.job()
    assert (job.state, job.run_at - NOW >= timedelta(seconds=600)) == (JobState.WAITING, True)
    await Job.all().delete()
    phones.answers.append(Response(400, b'{"reason":"BadTopic"}'))
    await story.wake(NoticeKind.MEETING_BOOKED)
    await work_once()
    job = await story.job()
    assert (job.state, job.last_error) == (JobState.DEAD, '400 {"reason":"BadTopic"}')


async def test_a_worker_that_died_after_the_answer_repeats_the_same_notice_with_the_same_buttons(
    phones: Apple, story: Story, watch: Watch
) -> None:
    await Meeting.filter(id=story.meeting.id).update(
        starts_at=NOW + timedelta(hours=1), ends_at=NOW + timedelta(hours=2)
    )
    await story.meeting.refresh_from_db()
    await story.wake(NoticeKind.MEETING_BOOKED)
    (claimed,) = await claim("died", 1)
    await deliver_push(claimed)
    with watch.travel(NOW + timedelta(minutes=1)):
        await work_once()
    first, second = phones.delivered
    assert first.headers["apns-collapse-id"] == second.headers["apns-collapse-id"]
    assert (first.headers["apns-id"], first.payload) == (second.headers["apns-id"], second.payload)
    assert first.payload["actions"][0]["kind"] == "RUNNING_LATE"
    assert await ActionToken.all().count() == 1


async def test_a_nudge_that_was_passed_on_is_not_passed_on_twice(phones: Apple, story: Story, watch: Watch) -> None:
    await plan_nudges(story.meeting)
    with watch.travel(STARTS_AT - timedelta(minutes=10)):
        (claimed,) = await claim("died", 1)
        await deliver_push(claimed)
        await deliver_push(claimed)
        await finish(claimed)
        await work_once()
    assert len(phones.delivered) == 1


@pytest.mark.parametrize("lost", ["unregistered", "signed out", "put out", "somebody else's"])
async def test_nobody_reads_what_was_for_somebody_else(phones: Apple, story: Story, lost: str) -> None:
    await story.wake(NoticeKind.MEETING_BOOKED)
    match lost:
        case "unregistered":
            await Device.all().delete()
        case "signed out":
            viewer = await signed_in(story.host)
            await register(viewer, a_new_device())
            await sign_out(viewer)
        case "put out":
            await User.filter(id=story.host.id).update(is_active=False)
        case _:
            await register(await signed_in(await factories.a_user(story.account, "Jan Lis")), a_new_device())
    await work_once()
    (job,) = await Job.filter(kind=JobKind.PUSH, lane=f"device:{story.device.id}")
    assert (phones.delivered, job.state) == ([], JobState.DONE)
    assert job.last_error == "the device is not there any more, or is somebody else's"


async def test_nothing_leaves_a_sandbox(phones: Apple, story: Story) -> None:
    await Account.all().update(kind=AccountKind.SANDBOX)
    await story.wake(NoticeKind.MEETING_BOOKED)
    await work_once()
    assert (phones.delivered, (await story.job()).last_error) == ([], "not sent: nothing leaves a sandbox account")


async def test_without_a_key_nothing_is_sent_and_with_a_wrong_one_the_job_says_so(phones: Apple, story: Story) -> None:
    mine = settings.current()
    settings.use(mine.model_copy(update={"apns_key": ""}))
    await story.wake(NoticeKind.MEETING_BOOKED)
    await work_once()
    assert ((await story.job()).state, (await story.job()).last_error) == (
        JobState.DONE,
        "not sent: no key is set for IOS",
    )
    settings.use(mine.model_copy(update={"apns_key": "-----BEGIN nonsense"}))
    await story.wake(NoticeKind.MEETING_BOOKED)
    await work_once()
    assert (await story.job()).state is JobState.DEAD
