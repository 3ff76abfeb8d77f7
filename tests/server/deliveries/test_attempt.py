"""What the outbox, the log and whoever keeps answers are told of an attempt."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from server import clock, outbox
from server.changes.data_version import data_version
from server.deliveries.attempt import attempt
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


@pytest.mark.parametrize(
    ("answer", "noted", "state"),
    [
        ("550 5.1.1 Empfänger unbekannt\0", "550 5.1.1 Empf nger unbekannt", JobState.DEAD),
        ("451 4.7.1 Später\0", "451 4.7.1 Sp ter", JobState.WAITING),
    ],
)
async def test_answer_that_no_database_could_keep_is_noted_as_far_as_it_can_be_read(
    receiver: Receiver, story: Story, answer: str, noted: str, state: JobState
) -> None:
    receiver.rcpt_answers.append(answer)
    await story.tell("booked")
    await Job.filter(kind=JobKind.HOST_NOTICE_MAIL).delete()
    await work_once()
    job = await Job.get()
    assert (job.state, job.last_error) == (state, f"{story.contact.email}: {noted}")


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


async def test_mail_that_took_worker_after_worker_along_is_a_fact_too(receiver: Receiver, story: Story) -> None:
    await story.tell("booked")
    await Job.filter(kind=JobKind.HOST_NOTICE_MAIL).delete()
    fallen = {"takeovers": outbox.MOST_TAKEOVERS, "state": JobState.RUNNING, "leased_until": clock.now()}
    await Job.all().update(**fallen)
    before = await data_version(story.account.id)
    assert await work_once() == 0
    (dead,) = await Job.filter(state=JobState.DEAD)
    (change,) = await Change.filter(kind=ChangeKind.DELIVERY_FAILED)
    assert (change.meeting_id, change.data["job_id"]) == (story.meeting.id, dead.id)
    assert await data_version(story.account.id) == before + 1


async def test_worker_that_lost_its_lease_decides_nothing(receiver: Receiver, story: Story) -> None:
    """It stood still in the middle, and the mail is in other hands by the time it hears of the refusal."""
    await story.tell("booked")
    await Job.filter(kind=JobKind.HOST_NOTICE_MAIL).delete()
    receiver.data_answers.append("554 no")
    receiver.seconds_to_answer = 0.3
    (job,) = await outbox.claim("slow", 1)
    trying = asyncio.create_task(attempt(job))
    await receiver.was_asked.wait()
    await Job.all().update(leased_by="other")
    await trying
    assert [(one.state, one.leased_by) for one in await Job.all()] == [(JobState.RUNNING, "other")]
    assert await Change.filter(kind=ChangeKind.DELIVERY_FAILED).count() == 0
