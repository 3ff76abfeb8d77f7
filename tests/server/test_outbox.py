from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from server import clock, database, outbox
from server.models import Account, Job, Meeting
from server.models.enums import JobKind, JobState
from tests import factories

LATER = timedelta(seconds=outbox.LEASE_SECONDS + 1)


@pytest.fixture
async def account(db: str) -> Account:
    return await factories.an_account()


@pytest.fixture
async def meeting(account: Account) -> Meeting:
    return await factories.a_meeting(await factories.a_user(account))


async def _promise(account: Account, meeting: Meeting | None = None, kind: JobKind = JobKind.CONFIRMATION_MAIL) -> int:
    return await outbox.enqueue(kind, account_id=account.id, meeting_id=meeting.id if meeting else None)


async def _claimed(worker: str, limit: int = 10) -> list[int]:
    return [job.id for job in await outbox.claim(worker, limit)]


async def test_job_of_a_rolled_back_verb_never_was(account: Account) -> None:
    async def fail() -> None:
        async with database.transaction():
            await _promise(account)
            raise ZeroDivisionError

    with outbox.bell() as rung:
        with pytest.raises(ZeroDivisionError):
            await fail()
        assert (await Job.all().count(), rung.is_set()) == (0, False)


async def test_worker_is_rung_after_the_commit_and_not_before(account: Account) -> None:
    with outbox.bell() as rung:
        async with database.transaction():
            await _promise(account)
            assert not rung.is_set()
        assert rung.is_set()


async def test_claimed_jobs_are_leased_in_the_order_they_are_due(account: Account) -> None:
    first, second = await _promise(account), await _promise(account)
    jobs = await outbox.claim("w", 10)
    assert [(job.id, job.state, job.attempts, job.leased_by) for job in jobs] == [
        (first, JobState.RUNNING, 1, "w"),
        (second, JobState.RUNNING, 1, "w"),
    ]
    assert await _claimed("other") == []


async def test_job_of_the_future_waits_until_it_is_due(account: Account) -> None:
    at = clock.now() + timedelta(hours=1)
    job = await outbox.enqueue(JobKind.REMINDER_MAIL, account_id=account.id, run_at=at)
    assert await _claimed("w") == []
    with clock.travel(at):
        assert await _claimed("w") == [job]


async def test_jobs_of_one_meeting_go_out_one_after_the_other(account: Account, meeting: Meeting) -> None:
    booked, canceled, of_another = [await _promise(account, one) for one in (meeting, meeting, None)]
    first = {job.id: job for job in await outbox.claim("w", 10)}
    assert sorted(first) == [booked, of_another]
    assert await _claimed("w") == []
    await outbox.finish(first[booked])
    assert await _claimed("w") == [canceled]


async def test_job_that_is_tried_again_still_goes_before_the_next(account: Account, meeting: Meeting) -> None:
    booked, canceled = await _promise(account, meeting), await _promise(account, meeting)
    await outbox.try_later((await outbox.claim("w", 1))[0], "451 later")
    assert await _claimed("w") == []
    with clock.travel(clock.now() + timedelta(seconds=5)):
        assert await _claimed("w") == [booked]
    assert canceled not in await _claimed("w")


async def test_dead_job_holds_up_nobody(account: Account, meeting: Meeting) -> None:
    booked, canceled = await _promise(account, meeting), await _promise(account, meeting)
    at = clock.now() + timedelta(seconds=5)
    with clock.travel(at):
        await outbox.give_up((await outbox.claim("w", 1))[0], "550 no such user")
        assert await _claimed("w") == [canceled]
    dead = await Job.get(id=booked)
    assert (dead.state, dead.last_error, dead.finished_at) == (JobState.DEAD, "550 no such user", at)


async def test_host_hears_although_the_mail_to_the_attendees_is_held_up(account: Account, meeting: Meeting) -> None:
    attendees = await _promise(account, meeting)
    await outbox.try_later((await outbox.claim("w", 1))[0], "451 greylisted")
    host = await _promise(account, meeting, JobKind.HOST_NOTICE_MAIL)
    assert await _claimed("w") == [host]
    assert attendees != host


async def test_reminder_of_next_week_does_not_hold_up_a_cancellation(account: Account, meeting: Meeting) -> None:
    await outbox.enqueue(
        JobKind.REMINDER_MAIL, account_id=account.id, meeting_id=meeting.id, run_at=clock.now() + timedelta(days=7)
    )
    canceled = await _promise(account, meeting)
    assert await _claimed("w") == [canceled]


async def test_lease_that_ran_out_is_taken_over(account: Account) -> None:
    job_id = await _promise(account)
    killed = (await outbox.claim("killed", 1))[0]
    with clock.travel(clock.now() + LATER):
        taken = (await outbox.claim("other", 1))[0]
        assert (taken.id, taken.attempts, taken.leased_by) == (job_id, 2, "other")
        assert (await outbox.is_still_ours(killed), await outbox.is_still_ours(taken)) == (False, True)
        assert not await outbox.give_up(killed, "too late to say anything")
        assert (await Job.get(id=job_id)).state is JobState.RUNNING


async def test_job_that_takes_its_worker_along_each_time_is_dead_in_the_end(account: Account) -> None:
    job_id = await _promise(account)
    await Job.filter(id=job_id).update(
        takeovers=outbox.MOST_TAKEOVERS - 1, state=JobState.RUNNING, leased_until=clock.now()
    )
    assert await _claimed("killed") == [job_id]
    told: list[tuple[int, JobState]] = []

    async def tell(job: Job) -> None:
        told.append((job.id, job.state))

    with clock.travel(clock.now() + LATER):
        assert await outbox.claim("other", 1, on_dead=tell) == []
        assert told == [(job_id, JobState.DEAD)]
        dead = await Job.get(id=job_id)
        assert (dead.state, dead.finished_at, dead.leased_until) == (JobState.DEAD, clock.now(), None)
    assert dead.last_error.startswith("Its worker ended in the middle of it each time.")


async def test_lease_that_is_extended_is_not_taken_over(account: Account) -> None:
    job_id = await _promise(account)
    await outbox.claim("w", 1)
    with clock.travel(clock.now() + LATER / 2):
        await outbox.extend_leases("w", [job_id])
    with clock.travel(clock.now() + LATER):
        assert await _claimed("other") == []


@pytest.mark.parametrize(
    ("kind", "horizon"),
    [(JobKind.CONFIRMATION_MAIL, timedelta(days=1)), (JobKind.WEBHOOK, timedelta(days=5))],
)
async def test_job_is_tried_until_its_horizon_and_dead_then(
    account: Account, kind: JobKind, horizon: timedelta
) -> None:
    job_id = await outbox.enqueue(kind, account_id=account.id)
    begun = at = clock.now()
    while (job := await Job.get(id=job_id)).state is JobState.WAITING:
        at = max(at, job.run_at)
        with clock.travel(at):
            await outbox.try_later((await outbox.claim("w", 1))[0], "451 never today")
    assert (job.state, job.last_error) == (JobState.DEAD, "451 never today")
    assert timedelta(hours=-1) <= at - (begun + horizon) <= timedelta(0)


async def test_horizon_begins_with_the_first_failure_not_with_the_promise(account: Account) -> None:
    job_id = await _promise(account)
    with clock.travel(clock.now() + timedelta(days=3)):
        await outbox.try_later((await outbox.claim("w", 1))[0], "451 later")
        assert (await Job.get(id=job_id)).tries_until == clock.now() + outbox.USUAL_HORIZON


async def test_dead_job_that_is_tried_again_goes_before_the_later_ones(account: Account, meeting: Meeting) -> None:
    booked, canceled = await _promise(account, meeting), await _promise(account, meeting)
    await outbox.give_up((await outbox.claim("w", 1))[0], "550 no such user")
    async with database.transaction():
        await outbox.try_again(await Job.get(id=booked), {"kind": "booked"})
    job = (await outbox.claim("w", 10))[0]
    assert (job.id, job.attempts, job.tries_until, job.payload) == (booked, 1, None, {"kind": "booked"})
    assert canceled not in await _claimed("w")


async def test_kinds_and_lanes_without_room_are_left_to_others(account: Account) -> None:
    mail = await _promise(account)
    hooks = [
        await outbox.enqueue(JobKind.WEBHOOK, account_id=account.id, lane=f"webhook:{number}") for number in (1, 2)
    ]
    left = await outbox.claim("w", 9, without_kinds=["CONFIRMATION_MAIL"], without_lanes=["WEBHOOK:webhook:1"])
    assert [job.id for job in left] == [hooks[1]]
    assert await _claimed("w") == [mail, hooks[0]]


def test_pause_doubles_from_seconds_to_an_hour_and_differs_by_chance() -> None:
    bounds = {1: (1.5, 2), 2: (3, 4), 5: (24, 32), 11: (1536, 2048), 12: (2700, 3600), 1_000: (2700, 3600)}
    for attempts, (least, most) in bounds.items():
        pauses = [outbox.pause_after(attempts) for _ in range(50)]
        assert least <= min(pauses) < max(pauses) <= most


async def test_job_given_back_counts_as_not_tried(account: Account) -> None:
    job_id = await _promise(account)
    await outbox.give_back(await outbox.claim("w", 1))
    job = await Job.get(id=job_id)
    assert (job.state, job.attempts, job.leased_by, job.leased_until) == (JobState.WAITING, 0, "", None)


async def test_progress_is_kept_for_the_next_attempt(account: Account) -> None:
    await _promise(account)
    job = (await outbox.claim("w", 1))[0]
    await outbox.note_progress(job, {"settled": {"<a@b>": ""}})
    await outbox.try_later(job, "451")
    with clock.travel(clock.now() + timedelta(seconds=5)):
        assert (await outbox.claim("w", 1))[0].payload == {"settled": {"<a@b>": ""}}


async def test_several_workers_never_get_the_same_job(account: Account) -> None:
    wanted = [await _promise(account) for _ in range(60)]

    async def work(worker: str) -> list[int]:
        mine: list[int] = []
        while got := await _claimed(worker, 3):
            mine += got
            await asyncio.sleep(0)
        return mine

    shares = await asyncio.gather(*(work(f"w{number}") for number in range(4)))
    assert sorted(sum(shares, [])) == wanted


async def test_several_workers_keep_the_order_of_each_meeting(account: Account) -> None:
    host = await factories.a_user(account)
    meetings = [await factories.a_meeting(host, clock.now() + timedelta(hours=number + 1)) for number in range(5)]
    for meeting in meetings * 4:
        await _promise(account, meeting)
    done: dict[int | None, list[int]] = {}

    async def work(worker: str) -> None:
        while await Job.filter(state__in=[JobState.WAITING, JobState.RUNNING]).exists():
            for job in await outbox.claim(worker, 2):
                done.setdefault(job.meeting_id, []).append(job.id)
                await asyncio.sleep(0.002)
                await outbox.finish(job)

    await asyncio.wait_for(asyncio.gather(*(work(f"w{number}") for number in range(4))), 30)
    assert {meeting_id: sorted(order) == order for meeting_id, order in done.items()} == {
        meeting.id: True for meeting in meetings
    }
    assert sum(len(order) for order in done.values()) == 20


async def test_old_finished_jobs_are_forgotten_and_dead_ones_stay(account: Account) -> None:
    _, dead = await _promise(account), await _promise(account)
    jobs = await outbox.claim("w", 2)
    await outbox.finish(jobs[0])
    await outbox.give_up(jobs[1], "550")
    with clock.travel(clock.now() + timedelta(days=31)):
        assert await outbox.forget_done_jobs() == 1
    assert [job.id for job in await Job.all()] == [dead]


async def test_job_that_is_put_off_stays_before_the_later_ones_of_its_lane(account: Account, meeting: Meeting) -> None:
    first, second = await _promise(account, meeting), await _promise(account, meeting)
    for hours in (0, 2, 4):
        with clock.travel(clock.now() + timedelta(hours=hours)):
            (job,) = await outbox.claim("w", 10)
            await outbox.put_off(job, clock.now() + timedelta(hours=1), "not yet")
    waiting = await Job.get(id=first)
    assert (job.id, waiting.state, waiting.attempts, waiting.last_error) == (first, JobState.WAITING, 1, "not yet")
    assert (waiting.leased_by, waiting.tries_until) == ("", None)
    assert await _claimed("w") == []
    with clock.travel(clock.now() + timedelta(hours=6)):
        assert await _claimed("w") == [first]
    await Job.filter(id=first).update(state=JobState.DONE)
    assert await _claimed("w") == [second]
