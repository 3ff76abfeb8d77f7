"""What was given up can be tried again, and says nothing then that no longer holds."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from server import clock, database, settings
from server.accounts.viewer import Viewer
from server.deliveries.queries import failed_deliveries
from server.deliveries.retry import OVERTAKEN, retry_all, retry_delivery
from server.errors import Refused
from server.models import Attendee, Change, Job
from server.models.enums import AttendeeKind, ChangeKind, JobKind, JobState
from server.worker import work_once
from tests import factories
from tests.resolvers.asking import viewer_for
from tests.server.deliveries.conftest import Story
from tests.server.gateways.certificates import certified
from tests.server.gateways.mail.receiving import Receiver

REFUSED = "550 5.1.1 No such user here"


@pytest.fixture
def viewer(story: Story) -> Viewer:
    return viewer_for(story.host)


async def _jobs(kind: JobKind = JobKind.CONFIRMATION_MAIL) -> list[Job]:
    return await Job.filter(kind=kind).order_by("id")


async def _time_passes() -> None:
    await Job.filter(state=JobState.WAITING).update(run_at=clock.now())


def _kinds(receiver: Receiver) -> list[str]:
    return [str(mail["X-Parley-Kind"]) for mail in receiver.mails]


async def test_mail_that_was_refused_is_sent_again_once_the_address_works(
    receiver: Receiver, story: Story, viewer: Viewer
) -> None:
    receiver.rcpt_answers.append(REFUSED)
    await story.tell("booked")
    await work_once()
    (dead,) = await Job.filter(state=JobState.DEAD)
    assert await retry_delivery(viewer, dead.id) == dead.id
    await work_once()
    job = await Job.get(id=dead.id)
    assert (job.state, job.attempts, job.last_error) == (JobState.DONE, 1, "")
    assert sorted(_kinds(receiver)) == ["booked", "host_booked"]


async def test_who_has_the_letter_already_does_not_get_it_twice(
    receiver: Receiver, story: Story, viewer: Viewer
) -> None:
    await Attendee.create(
        account_id=story.account.id,
        meeting=story.meeting,
        kind=AttendeeKind.GUEST,
        name="Guest",
        email="guest@client.example",
    )
    receiver.rcpt_answers.append(REFUSED)
    await story.tell("booked")
    await Job.filter(kind=JobKind.HOST_NOTICE_MAIL).delete()
    await work_once()
    assert len(receiver.mails) == 1
    (dead,) = await Job.filter(state=JobState.DEAD)
    await retry_delivery(viewer, dead.id)
    await work_once()
    assert len({str(mail["To"]) for mail in receiver.mails}) == len(receiver.mails) == 2


async def test_retried_invitation_still_goes_before_the_cancellation(
    receiver: Receiver, story: Story, viewer: Viewer
) -> None:
    receiver.rcpt_answers.append(REFUSED)
    await story.tell("booked")
    await Job.filter(kind=JobKind.HOST_NOTICE_MAIL).delete()
    await work_once()
    await story.tell("canceled")
    await retry_delivery(viewer, (await _jobs())[0].id)
    for _ in range(3):
        await work_once()
        await _time_passes()
    assert [kind for kind in _kinds(receiver) if not kind.startswith("host")] == ["booked", "canceled"]


async def test_invitation_is_not_sent_after_its_cancellation(receiver: Receiver, story: Story, viewer: Viewer) -> None:
    receiver.rcpt_answers.append(REFUSED)
    await story.tell("booked")
    await Job.filter(kind=JobKind.HOST_NOTICE_MAIL).delete()
    await work_once()
    await story.tell("canceled")
    await work_once()
    dead = (await _jobs())[0]
    await retry_delivery(viewer, dead.id)
    await work_once()
    job = await Job.get(id=dead.id)
    assert (job.state, job.last_error) == (JobState.DONE, OVERTAKEN)
    assert "booked" not in _kinds(receiver)


async def test_only_what_was_given_up_can_be_tried_again(receiver: Receiver, story: Story, viewer: Viewer) -> None:
    await story.tell("booked")
    stranger = viewer_for(await factories.a_user(await factories.an_account("Others"), "Eve"))
    (waiting,) = await _jobs()
    for who, number, code in (
        (viewer, waiting.id, "CONFLICT"),
        (viewer, 99_999, "NOT_FOUND"),
        (stranger, waiting.id, "NOT_FOUND"),
    ):
        with pytest.raises(Refused) as refused:
            await retry_delivery(who, number)
        assert [one.code for one in refused.value.complaints] == [code]


async def test_all_that_was_given_up_is_due_again(receiver: Receiver, story: Story) -> None:
    receiver.rcpt_answers.extend([REFUSED, REFUSED])
    await story.tell("booked")
    await work_once()
    assert await Job.filter(state=JobState.DEAD).count() == 2
    assert await retry_all() == [job.id for job in await Job.all().order_by("id")]
    await work_once()
    assert await Job.filter(state=JobState.DONE).count() == 2


async def test_mail_server_that_lost_its_tls_for_days_costs_a_retry_and_no_mail(
    receiver: Receiver, story: Story, viewer: Viewer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R5: what waits says why; after a day it is dead, whoever follows the meeting hears that, and admins list it."""
    served, _ = certified("localhost", tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "certificate.pem"))
    asked = f"{receiver.url.replace('127.0.0.1', 'localhost')}?starttls=1"
    settings.use(settings.current().model_copy(update={"smtp_url": asked}))
    await story.tell("booked")
    began = clock.now()
    for hours in (0, 25):
        with clock.travel(began + timedelta(hours=hours)):
            await work_once()
    rows = failed_deliveries(viewer)
    listed = await database.fetch(f"SELECT t.last_error FROM job t WHERE {rows.condition}", *rows.parameters)
    assert len(listed) == 2
    assert all("STARTTLS extension not supported" in row[0] for row in listed)
    assert await Change.filter(kind=ChangeKind.DELIVERY_FAILED).count() == 2
    receiver.tls = served
    assert len(await retry_all()) == 2
    await work_once()
    assert (sorted(_kinds(receiver)), receiver.told_in_clear) == (["booked", "host_booked"], [])
