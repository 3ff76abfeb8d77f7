"""What the outbox, the log and whoever keeps answers are told of an attempt."""

from __future__ import annotations

from datetime import timedelta

from server import clock, outbox
from server.changes.data_version import data_version
from server.models import Change, Job
from server.models.enums import ChangeKind, JobKind, JobState
from server.worker import work_once
from tests.server.deliveries.conftest import Story
from tests.server.gateways.mail.receiving import Receiver


async def test_mail_that_is_refused_for_good_is_a_fact_of_its_meeting(receiver: Receiver, story: Story) -> None:
    receiver.rcpt_answers.append("550 5.1.1 No such user here")
    await story.tell("booked")
    await work_once()
    (dead,) = await Job.filter(state=JobState.DEAD)
    (change,) = await Change.filter(kind=ChangeKind.DELIVERY_FAILED)
    assert (change.meeting_id, change.actor, change.data) == (
        story.meeting.id,
        "system",
        {"job_id": dead.id, "kind": "CONFIRMATION_MAIL"},
    )


async def test_mail_that_is_given_up_at_its_horizon_is_a_fact_too(receiver: Receiver, story: Story) -> None:
    receiver.rcpt_answers.append("451 later")
    await outbox.enqueue(
        JobKind.CONFIRMATION_MAIL, account_id=story.account.id, meeting_id=story.meeting.id, payload={"kind": "booked"}
    )
    await Job.all().update(tries_until=clock.now())
    await work_once()
    assert (await Job.get()).state is JobState.DEAD
    assert await Change.filter(kind=ChangeKind.DELIVERY_FAILED).count() == 1


async def test_kept_answers_are_out_of_date_when_a_mail_is_delayed_and_when_it_has_gone(
    receiver: Receiver, story: Story
) -> None:
    receiver.rcpt_answers.append("451 later")
    await story.tell("booked")
    await Job.filter(kind=JobKind.HOST_NOTICE_MAIL).delete()
    versions = [await data_version(story.account.id)]
    for later in (timedelta(0), timedelta(minutes=1)):
        with clock.travel(clock.now() + later):
            await work_once()
        versions.append(await data_version(story.account.id))
    assert versions == [versions[0], versions[0] + 1, versions[0] + 2]
    assert (await Job.get()).state is JobState.DONE
