from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from server import clock, database, outbox, settings, worker
from server.gateways.mail.sink import MailSink
from server.models import Account, Change, Job, Meeting
from server.models.enums import AccountKind, ChangeKind, JobKind, JobState
from server.worker import run_worker, work_once
from tests import factories
from tests.server.changes.recording import commit_changes
from tests.server.gateways.mail.receiving import DROP, Receiver, receiving

PATIENCE = 15


@pytest.fixture
async def receiver(db: str, in_use: settings.Settings) -> AsyncIterator[Receiver]:
    async with receiving() as receiver:
        settings.use(in_use.model_copy(update={"smtp_url": receiver.url}))
        yield receiver
        settings.use(in_use)


@pytest.fixture
async def meeting(db: str) -> Meeting:
    account = await factories.an_account()
    return await factories.a_meeting(
        await factories.a_user(account), contact=await factories.a_contact(account), locale="en"
    )


async def _promise(meeting: Meeting, kind: JobKind = JobKind.CONFIRMATION_MAIL, occasion: str = "booked") -> int:
    return await outbox.enqueue(
        kind, account_id=meeting.account_id, meeting_id=meeting.id, payload={"kind": occasion, "sequence": 0}
    )


async def _time_passes() -> None:
    """Whatever waits for another attempt is due."""
    await Job.filter(state=JobState.WAITING).update(run_at=clock.now())


async def _until_done(count: int) -> None:
    for _ in range(int(PATIENCE / 0.05)):
        if await Job.filter(state=JobState.DONE).count() >= count:
            return
        await asyncio.sleep(0.05)
    raise TimeoutError(f"{count} jobs were not done in {PATIENCE} seconds")


async def test_delivered_job_is_done(receiver: Receiver, meeting: Meeting) -> None:
    job_id = await _promise(meeting)
    assert (await work_once(), await work_once()) == (1, 0)
    job = await Job.get(id=job_id)
    assert (job.state, job.attempts, job.leased_until, job.last_error) == (JobState.DONE, 1, None, "")
    assert len(receiver.mails) == 1


async def test_job_that_failed_for_now_is_tried_until_it_works(receiver: Receiver, meeting: Meeting) -> None:
    """R5: five times 451."""
    receiver.rcpt_answers.extend(["451 4.7.1 Come back later"] * 5)
    job_id = await _promise(meeting)
    for attempt in range(1, 6):
        await work_once()
        job = await Job.get(id=job_id)
        assert (job.state, job.attempts) == (JobState.WAITING, attempt)
        assert job.last_error.endswith("451 4.7.1 Come back later")
        assert job.run_at > clock.now()
        await _time_passes()
    await work_once()
    assert (await Job.get(id=job_id)).state is JobState.DONE
    assert len(receiver.mails) == 1


async def test_refusal_for_good_is_not_tried_again(receiver: Receiver, meeting: Meeting) -> None:
    receiver.rcpt_answers.append("550 5.1.1 No such user here")
    job_id = await _promise(meeting)
    await work_once()
    await _time_passes()
    assert await work_once() == 0
    job = await Job.get(id=job_id)
    assert (job.state, job.attempts) == (JobState.DEAD, 1)
    assert job.last_error.endswith(": 550 5.1.1 No such user here")


async def test_lost_answer_means_the_same_letter_again(receiver: Receiver, meeting: Meeting) -> None:
    receiver.data_answers.append(DROP)
    await _promise(meeting)
    await work_once()
    await _time_passes()
    await work_once()
    assert len(receiver.mails) == 2
    assert len({mail["Message-ID"] for mail in receiver.mails}) == 1


async def test_mails_of_a_meeting_keep_their_order_through_an_outage(receiver: Receiver, meeting: Meeting) -> None:
    receiver.rcpt_answers.extend(["451 later"] * 3)
    for occasion in ("booked", "moved", "canceled"):
        await _promise(meeting, occasion=occasion)
    for _ in range(10):
        await work_once()
        await _time_passes()
    assert [str(mail["X-Parley-Kind"]) for mail in receiver.mails] == ["booked", "moved", "canceled"]


async def test_mail_server_that_is_away_loses_nothing(db: str, in_use: settings.Settings, meeting: Meeting) -> None:
    async with receiving() as away:
        port = int(away.url.rpartition(":")[2])
    settings.use(in_use.model_copy(update={"smtp_url": away.url}))
    await _promise(meeting)
    await work_once()
    assert (await Job.get()).state is JobState.WAITING
    async with receiving(port) as back:
        await _time_passes()
        await work_once()
        assert len(back.mails) == 1


async def test_no_mail_server_is_said_in_the_job(db: str, meeting: Meeting) -> None:
    await _promise(meeting)
    await work_once()
    job = await Job.get()
    assert (job.state, job.last_error) == (JobState.WAITING, "PARLEY_SMTP_URL is not set, so no mail can be sent")


async def test_job_that_cannot_be_understood_does_not_stop_the_others(receiver: Receiver, meeting: Meeting) -> None:
    await _promise(meeting, occasion="renamed")
    await _promise(meeting, JobKind.HOST_NOTICE_MAIL)
    assert await work_once() == 2
    wrong, right = await Job.all().order_by("id")
    assert (wrong.state, right.state) == (JobState.WAITING, JobState.DONE)
    assert "no mail is written for 'renamed'" in wrong.last_error


@pytest.mark.capability("S1-07")
@pytest.mark.parametrize("has_sink", [True, False])
async def test_sandbox_sends_to_the_sink_or_to_nobody(
    receiver: Receiver, meeting: Meeting, tmp_path: Path, has_sink: bool
) -> None:
    await Account.filter(id=meeting.account_id).update(kind=AccountKind.SANDBOX)
    sink = MailSink(tmp_path)
    if has_sink:
        await sink.start()
    await _promise(meeting)
    await work_once()
    job = await Job.get()
    await sink.stop()
    note = "" if has_sink else "not sent: a sandbox account sends to the mail sink only, and there is none"
    assert (receiver.mails, len(sink.messages()), job.state, job.last_error) == ([], int(has_sink), JobState.DONE, note)


async def test_running_worker_delivers_soon_after_the_commit(receiver: Receiver, meeting: Meeting) -> None:
    stop = asyncio.Event()
    running = asyncio.create_task(run_worker(stop))
    await asyncio.sleep(0.1)
    async with database.transaction():
        await _promise(meeting)
        await _promise(meeting, JobKind.HOST_NOTICE_MAIL)
    await _until_done(2)
    stop.set()
    await asyncio.wait_for(running, PATIENCE)
    assert len(receiver.mails) == 2


async def test_mail_server_that_is_slow_holds_up_no_other(receiver: Receiver, meeting: Meeting, tmp_path: Path) -> None:
    receiver.seconds_to_answer = 4
    sandbox = await factories.an_account("Try it", kind=AccountKind.SANDBOX)
    trial = await factories.a_meeting(await factories.a_user(sandbox), contact=await factories.a_contact(sandbox))
    sink = MailSink(tmp_path)
    await sink.start()
    stop = asyncio.Event()
    await _promise(meeting)
    running = asyncio.create_task(run_worker(stop))
    await receiver.was_asked.wait()
    for kind in (JobKind.CONFIRMATION_MAIL, JobKind.HOST_NOTICE_MAIL):
        await _promise(trial, kind)
    await _until_done(2)
    assert (len(receiver.mails), len(sink.messages())) == (0, 2)
    stop.set()
    await asyncio.wait_for(running, PATIENCE)
    await sink.stop()
    assert len(receiver.mails) == 1


async def test_several_workers_send_each_mail_once(receiver: Receiver, meeting: Meeting) -> None:
    host = await meeting.host
    contact = await meeting.contact
    meetings = [
        await factories.a_meeting(host, clock.now() + timedelta(hours=hour), contact=contact, locale="en")
        for hour in range(3, 13)
    ]
    stop = asyncio.Event()
    running = [asyncio.create_task(run_worker(stop)) for _ in range(3)]
    for one in meetings:
        await _promise(one)
        await _promise(one, JobKind.HOST_NOTICE_MAIL)
    await _until_done(20)
    stop.set()
    await asyncio.wait_for(asyncio.gather(*running), PATIENCE)
    assert len({str(mail["Message-ID"]) for mail in receiver.mails}) == len(receiver.mails) == 20


async def test_worker_that_died_in_the_middle_is_replaced(receiver: Receiver, meeting: Meeting) -> None:
    """R3: the mail is out, the worker was killed before it could say so; another one sends the same letter again."""
    job_id = await _promise(meeting)
    before = await Job.get(id=job_id)
    await work_once()
    until = clock.now() + timedelta(seconds=outbox.LEASE_SECONDS)
    await Job.filter(id=job_id).update(
        state=JobState.RUNNING, leased_by="killed", leased_until=until, finished_at=None, payload=before.payload
    )
    assert await work_once() == 0
    with clock.travel(until):
        assert await work_once() == 1
    assert (await Job.get(id=job_id)).state is JobState.DONE
    assert len(receiver.mails) == 2
    assert len({mail["Message-ID"] for mail in receiver.mails}) == 1


async def test_stopped_worker_gives_back_what_it_could_not_finish(
    receiver: Receiver, meeting: Meeting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "GRACE_SECONDS", 0.05)
    receiver.seconds_to_answer = 1
    await _promise(meeting)
    await _promise(meeting, JobKind.HOST_NOTICE_MAIL)
    stop = asyncio.Event()
    running = asyncio.create_task(run_worker(stop))
    await receiver.was_asked.wait()
    stop.set()
    await asyncio.wait_for(running, 5)
    jobs = await Job.all().order_by("id")
    assert [(job.state, job.attempts, job.leased_by) for job in jobs] == [(JobState.WAITING, 0, "")] * 2


async def test_worker_that_is_stopped_finishes_the_delivery_under_way(receiver: Receiver, meeting: Meeting) -> None:
    receiver.seconds_to_answer = 0.3
    await _promise(meeting)
    stop = asyncio.Event()
    running = asyncio.create_task(run_worker(stop))
    await receiver.was_asked.wait()
    stop.set()
    await asyncio.wait_for(running, 5)
    assert ((await Job.get()).state, len(receiver.mails)) == (JobState.DONE, 1)


async def test_worker_keeps_its_lease_while_a_delivery_takes_long(
    receiver: Receiver, meeting: Meeting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "LEASE_SECONDS", 2)
    receiver.seconds_to_answer = 3
    await _promise(meeting)
    working = asyncio.create_task(work_once())
    await asyncio.sleep(2.5)
    assert await outbox.claim("other", 1) == []
    await working
    assert (await Job.get()).state is JobState.DONE


async def test_worker_tidies_up_now_and_then(receiver: Receiver, meeting: Meeting) -> None:
    await commit_changes(await meeting.account, 2, kind=ChangeKind.NOTE_ADDED)
    await Change.filter(number=1).update(occurred_at=datetime(2020, 1, 1, tzinfo=UTC))
    await worker.tidy()
    assert [change.number for change in await Change.all()] == [2]


async def test_worker_tidies_beside_its_deliveries(meeting: Meeting, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "TIDY_EVERY", timedelta(0))
    monkeypatch.setattr(worker, "IDLE_SECONDS", 0.01)
    await commit_changes(await meeting.account, 2, kind=ChangeKind.NOTE_ADDED)
    await Change.filter(number=1).update(occurred_at=datetime(2020, 1, 1, tzinfo=UTC))
    stop = asyncio.Event()
    working = asyncio.create_task(run_worker(stop))
    for _ in range(int(PATIENCE / 0.05)):
        if await Change.all().count() == 1:
            break
        await asyncio.sleep(0.05)
    stop.set()
    await working
    assert [change.number for change in await Change.all()] == [2]


async def test_worker_tidies_the_rest_where_something_cannot_be_let_go_of(
    meeting: Meeting, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails() -> int:
        raise OSError("the files are far away")

    monkeypatch.setattr(worker, "_TIDYING", {"files": fails, **worker._TIDYING})
    await commit_changes(await meeting.account, 2, kind=ChangeKind.NOTE_ADDED)
    await Change.filter(number=1).update(occurred_at=datetime(2020, 1, 1, tzinfo=UTC))
    await worker.tidy()
    assert [change.number for change in await Change.all()] == [2]
