"""A meeting is canceled by whoever booked it."""

from __future__ import annotations

import pytest

from server.booking.book import book
from server.booking.cancel import cancel
from server.errors import ErrorCode, Refused
from server.models import BusySpan, Change, Job, Meeting, Reminder
from server.models.enums import JobKind, ReminderState
from tests.server.booking.scene import a_booking, a_host_with_a_link, a_round_robin, at, counts, monday, turns_of


async def refused(token: str, reason: str = "") -> tuple[ErrorCode, ...]:
    before = await counts()
    with pytest.raises(Refused) as caught:
        await cancel(token, reason=reason)
    assert await counts() == before
    return tuple(one.code for one in caught.value.complaints)


@pytest.mark.capability("S1-38")
@pytest.mark.capability("S1-36")
async def test_cancel_ends_the_meeting_and_all_that_hangs_on_it(db: str) -> None:
    account, _, link = await a_host_with_a_link(reminders=[{"amount": 1, "unit": "HOURS"}])
    with at():
        booked = await book(a_booking(link))
        assert await cancel(booked.manage_token, reason=" No time\r\nafter all ") == booked.meeting_id
    meeting = await Meeting.get(id=booked.meeting_id).select_related("outcome")
    assert (meeting.outcome.key, meeting.cancel_reason, meeting.ical_sequence, meeting.version) == (
        "CANCELED",
        "No time\nafter all",
        1,
        2,
    )
    assert meeting.canceled_at is not None
    assert await BusySpan.all().count() == 0
    assert await Reminder.all().values_list("state", flat=True) == [ReminderState.DROPPED]
    told = [job for job in await Job.all().values_list("kind", "payload") if job[1].get("kind") == "canceled"]
    assert sorted(told, key=lambda job: job[0]) == [
        (JobKind.CONFIRMATION_MAIL, {"kind": "canceled", "sequence": 1}),
        (JobKind.HOST_NOTICE_MAIL, {"kind": "canceled", "sequence": 1}),
    ]
    change = await Change.get(account_id=account.id, number=2)
    assert (change.kind, change.actor) == ("MEETING_CANCELED", "visitor")


async def test_cancel_frees_the_time_for_others_but_not_the_turn(db: str) -> None:
    link, users = await a_round_robin(1)
    with at():
        booked = await book(a_booking(link))
        await cancel(booked.manage_token)
        await book(a_booking(link, email="second@client.example"))
    assert await turns_of(link.rotation_id) == [(users[0].id, 2, 2)]


async def test_cancel_refuses_what_cannot_be_canceled(db: str) -> None:
    _, _, link = await a_host_with_a_link()
    with at():
        booked = await book(a_booking(link))
        assert await refused(booked.manage_token, "x" * 1001) == (ErrorCode.TEXT_TOO_LONG,)
        assert await refused("nonsense") == (ErrorCode.NOT_FOUND,)
    with at(monday(9)):
        assert await refused(booked.manage_token) == (ErrorCode.TIME_IN_PAST,)
    with at():
        await cancel(booked.manage_token)
        assert await refused(booked.manage_token) == (ErrorCode.CONFLICT,)


@pytest.mark.capability("S1-37")
async def test_cancel_is_refused_where_the_link_has_changes_switched_off(db: str) -> None:
    _, _, link = await a_host_with_a_link(shows_manage_links=False)
    with at():
        booked = await book(a_booking(link))
        assert await refused(booked.manage_token) == (ErrorCode.FORBIDDEN,)


async def test_cancel_again_with_the_same_key_gives_the_first_result(db: str) -> None:
    _, _, link = await a_host_with_a_link()
    with at():
        booked = await book(a_booking(link))
        first = await cancel(booked.manage_token, idempotency_key="once")
        assert await cancel(booked.manage_token, idempotency_key="once") == first
    assert (await Meeting.get(id=first)).version == 2
