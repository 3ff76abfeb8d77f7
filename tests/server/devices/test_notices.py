from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from server import clock, database
from server.accounts.sessions import sign_out
from server.devices import notices
from server.devices.notices import NoticeKind, plan_nudges, wake_colleagues, wake_former_host
from server.devices.register import register
from server.models import Attendee, Job, Meeting, User
from server.models.enums import AttendeeKind, DevicePlatform, JobKind
from tests.factories import a_meeting, a_user, an_account
from tests.server.devices.signed_in import TOKENS, a_device, a_new_device, signed_in


async def promised() -> list[tuple[str, str, int]]:
    """Kind, lane and user of every notice in the outbox, nudges apart."""
    jobs = await Job.filter(kind=JobKind.PUSH).order_by("id")
    return [
        (one.payload["kind"], one.lane, one.payload["user_id"]) for one in jobs if one.payload["kind"] not in NUDGES
    ]


NUDGES = {"MEETING_STARTING", "MEETING_ENDED"}


async def expect(meeting: Meeting, user: User) -> None:
    """The user attends."""
    await Attendee.create(
        account_id=meeting.account_id,
        meeting=meeting,
        kind=AttendeeKind.USER,
        user=user,
        name=user.name,
        email=user.email,
    )


async def test_host_organizer_and_attending_colleagues_are_woken_but_not_who_did_it(db: str) -> None:
    account = await an_account()
    host, organizer, attending, other = [await a_user(account, name) for name in ("Host", "Org", "Att", "Other")]
    meeting = await a_meeting(host, organizer_id=organizer.id)
    await expect(meeting, attending)
    ids = {}
    for number, user in enumerate((host, organizer, attending, other)):
        ids[user.id] = (await a_device(user, push_token=f"{number:064x}")).id
    await Job.all().delete()
    await wake_colleagues(meeting, NoticeKind.MEETING_CANCELED, actor=f"user:{organizer.id}")
    assert await promised() == [
        ("MEETING_CANCELED", f"device:{ids[host.id]}", host.id),
        ("MEETING_CANCELED", f"device:{ids[attending.id]}", attending.id),
    ]


async def test_every_device_of_a_user_is_woken_but_none_whose_session_ended(db: str) -> None:
    host = await a_user(await an_account())
    meeting = await a_meeting(host)
    phone, browser = await a_device(host), await a_device(host, DevicePlatform.WEB)
    gone = await signed_in(host)
    await register(gone, a_new_device(DevicePlatform.ANDROID))
    await sign_out(gone)
    await Job.all().delete()
    await wake_colleagues(meeting, NoticeKind.MEETING_BOOKED, actor="visitor")
    assert await promised() == [("MEETING_BOOKED", f"device:{one.id}", host.id) for one in (phone, browser)]
    assert TOKENS[DevicePlatform.ANDROID] not in str(await Job.all().values())


@pytest.mark.parametrize(
    ("kind", "planned"),
    [
        (NoticeKind.MEETING_BOOKED, True),
        (NoticeKind.MEETING_SCHEDULED, True),
        (NoticeKind.MEETING_MOVED, True),
        (NoticeKind.MEETING_CANCELED, False),
        (NoticeKind.REPLY_RECEIVED, False),
    ],
)
async def test_a_new_time_brings_its_nudges(db: str, kind: NoticeKind, planned: bool) -> None:
    host = await a_user(await an_account())
    await a_device(host)
    meeting = await a_meeting(host, clock.now() + timedelta(days=1))
    await wake_colleagues(meeting, kind, actor=f"user:{host.id}")
    found = {one.payload["kind"]: one.run_at for one in await Job.filter(kind=JobKind.PUSH)}
    nudges = {"MEETING_STARTING": meeting.starts_at - notices.BEFORE_START, "MEETING_ENDED": meeting.ends_at}
    assert found == (nudges if planned else {})


@pytest.mark.parametrize(
    ("starts_in", "kinds"),
    [
        (timedelta(minutes=11), ["MEETING_STARTING", "MEETING_ENDED"]),
        (timedelta(minutes=9), ["MEETING_ENDED"]),
        (timedelta(hours=-2), []),
    ],
)
async def test_only_nudges_that_lie_ahead_are_planned(db: str, starts_in: timedelta, kinds: list[str]) -> None:
    meeting = await a_meeting(await a_user(await an_account()), clock.now() + starts_in)
    await plan_nudges(meeting)
    assert [one.payload["kind"] for one in await Job.all().order_by("id")] == kinds


async def test_a_meeting_that_was_moved_away_and_back_has_its_nudges_once(db: str) -> None:
    meeting = await a_meeting(await a_user(await an_account()), clock.now() + timedelta(days=1))
    first = meeting.starts_at, meeting.ends_at
    later = first[0] + timedelta(hours=3), first[1] + timedelta(hours=3)
    for meeting.starts_at, meeting.ends_at in (first, later, first):
        await plan_nudges(meeting)
    found = [(one.payload["kind"], one.run_at) for one in await Job.all().order_by("id")]
    assert found == [("MEETING_STARTING", first[0] - notices.BEFORE_START), ("MEETING_ENDED", first[1])]


async def test_a_house_without_devices_costs_one_statement_and_no_job(db: str, monkeypatch: pytest.MonkeyPatch) -> None:
    meeting = await a_meeting(await a_user(await an_account()))
    asked: list[str] = []
    fetch = database.fetch

    async def noted(sql: str, *parameters: Any) -> Any:
        asked.append(sql)
        return await fetch(sql, *parameters)

    monkeypatch.setattr(database, "fetch", noted)
    await wake_colleagues(meeting, NoticeKind.MEETING_BOOKED, actor="visitor")
    assert (len(asked), await Job.all().count()) == (1, 0)


async def test_a_former_host_is_told_with_the_time_they_knew(db: str) -> None:
    account = await an_account()
    former, host = await a_user(account, "Former"), await a_user(account, "Host")
    device = await a_device(former)
    meeting = await a_meeting(host)
    was: tuple[datetime, datetime] = (meeting.starts_at - timedelta(hours=2), meeting.ends_at - timedelta(hours=2))
    await wake_former_host(meeting, former.id, was=was)
    (job,) = await Job.all()
    assert (job.lane, job.payload) == (
        f"device:{device.id}",
        {
            "kind": "MEETING_HANDED_OVER",
            "starts_at": int(meeting.starts_at.timestamp()),
            "ends_at": int(meeting.ends_at.timestamp()),
            "was_starts_at": int(was[0].timestamp()),
            "device_id": device.id,
            "user_id": former.id,
        },
    )
