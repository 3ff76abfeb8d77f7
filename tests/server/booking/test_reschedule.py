"""A meeting is moved by whoever booked it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from server.booking.book import SlotTaken, book
from server.booking.cancel import cancel
from server.booking.reschedule import reschedule
from server.errors import ErrorCode, Refused
from server.meetings.edit import MeetingEdit, edit
from server.models import Attendee, BusySpan, Change, Job, Meeting, MeetingLink, Reminder
from server.models.enums import AttendeeKind, JobKind, ReminderState, Reply
from server.reminders.plan import LeadTime
from tests.factories import a_meeting, a_user
from tests.server.booking.scene import (
    NOW,
    a_booking,
    a_host_with_a_link,
    a_round_robin,
    at,
    counts,
    monday,
    page_of_slug,
    turns_of,
)
from tests.server.meetings.scene import viewer_of


async def refused(token: str, starts_at: datetime) -> tuple[ErrorCode, ...]:
    before = await counts()
    with pytest.raises(Refused) as caught:
        await reschedule(token, starts_at=starts_at)
    assert await counts() == before
    return tuple(one.code for one in caught.value.complaints)


@pytest.mark.capability("S1-39")
async def test_reschedule_moves_the_same_meeting_with_all_that_hangs_on_it(db: str) -> None:
    account, host, link = await a_host_with_a_link(reminders=[{"amount": 1, "unit": "HOURS"}])
    with at():
        booked = await book(a_booking(link))
        before = await Meeting.get(id=booked.meeting_id)
        assert await reschedule(booked.manage_token, starts_at=monday(13)) == booked.meeting_id
    meeting = await Meeting.get(id=booked.meeting_id).select_related("outcome")
    assert (meeting.starts_at, meeting.ends_at, meeting.outcome.key) == (monday(13), monday(13, 30), "SCHEDULED")
    assert (meeting.ical_uid, meeting.ical_sequence, meeting.version) == (before.ical_uid, 1, 2)
    assert await BusySpan.all().values_list("starts", "host_id") == [(int(monday(13).timestamp()), host.id)]
    assert await Reminder.all().order_by("id").values_list("state", "due_at") == [
        (ReminderState.DROPPED, monday(8)),
        (ReminderState.PLANNED, monday(12)),
    ]
    told = [job for job in await Job.all().values_list("kind", "payload") if job[1].get("kind") == "moved"]
    was = {"was_starts_at": int(monday(9).timestamp()), "was_ends_at": int(monday(9, 30).timestamp())}
    assert sorted(told, key=lambda job: job[0]) == [
        (JobKind.CONFIRMATION_MAIL, {"kind": "moved", "sequence": 1, **was}),
        (JobKind.HOST_NOTICE_MAIL, {"kind": "moved", "sequence": 1, **was}),
    ]
    change = await Change.get(account_id=account.id, number=2)
    assert (change.kind, change.actor, change.data["previous_starts_at"], change.data["starts_at"]) == (
        "MEETING_MOVED",
        "visitor",
        monday(9).isoformat(),
        monday(13).isoformat(),
    )


@pytest.mark.capability("S2-17")
async def test_reminders_that_were_chosen_for_the_meeting_move_with_it(db: str) -> None:
    _, host, link = await a_host_with_a_link(reminders=[{"amount": 1, "unit": "HOURS"}])
    chosen = (LeadTime(2, "HOURS", includes_description=True), LeadTime(1, "WEEKS"))
    with at():
        booked = await book(a_booking(link))
        await edit(viewer_of(host), MeetingEdit(booked.meeting_id, reminders=chosen))
        for hour in (13, 14):
            await reschedule(booked.manage_token, starts_at=monday(hour))
    assert await Reminder.filter(state=ReminderState.PLANNED).values_list("due_at", "includes_description") == [
        (monday(12), True)
    ]
    meeting = await Meeting.get(id=booked.meeting_id)
    assert meeting.own_reminders == [
        {"amount": 2, "unit": "HOURS", "includes_description": True},
        {"amount": 1, "unit": "WEEKS", "includes_description": False},
    ]


async def test_reschedule_onto_part_of_its_own_old_time(db: str) -> None:
    _, _, link = await a_host_with_a_link(buffer_before_minutes=15, buffer_after_minutes=15, daily_limit=1)
    with at():
        booked = await book(a_booking(link))
        await reschedule(booked.manage_token, starts_at=monday(9, 15))
    assert (await Meeting.get(id=booked.meeting_id)).starts_at == monday(9, 15)


async def test_reschedule_onto_its_own_time_changes_nothing(db: str) -> None:
    _, _, link = await a_host_with_a_link()
    with at():
        booked = await book(a_booking(link))
        before = await counts()
        await reschedule(booked.manage_token, starts_at=monday(9))
        assert await counts() == before


async def test_reschedule_frees_the_old_time(db: str) -> None:
    _, _, link = await a_host_with_a_link()
    with at():
        booked = await book(a_booking(link))
        await reschedule(booked.manage_token, starts_at=monday(13))
        await book(a_booking(link, email="second@client.example"))
    assert await Meeting.all().count() == 2


async def test_reschedule_onto_a_taken_time_leaves_it_where_it_was(db: str) -> None:
    _, host, link = await a_host_with_a_link()
    with at():
        booked = await book(a_booking(link))
        await a_meeting(host, monday(13))
        before = await counts()
        with pytest.raises(SlotTaken) as caught:
            await reschedule(booked.manage_token, starts_at=monday(13))
        assert await counts() == before
    assert [slot.starts_at for slot in caught.value.alternatives] == [monday(12, 15), monday(12, 30), monday(13, 30)]
    assert (await Meeting.get(id=booked.meeting_id)).starts_at == monday(9)


async def test_reschedule_refuses_what_was_never_offered(db: str) -> None:
    _, _, link = await a_host_with_a_link()
    with at():
        booked = await book(a_booking(link))
        assert await refused(booked.manage_token, monday(3)) == (ErrorCode.SLOT_NOT_OFFERED,)
        assert await refused(booked.manage_token, NOW - timedelta(hours=1)) == (ErrorCode.TIME_IN_PAST,)
        assert await refused("1-forged", monday(13)) == (ErrorCode.NOT_FOUND,)
        assert await refused(booked.manage_token, datetime.max.replace(tzinfo=UTC)) == (ErrorCode.SLOT_NOT_OFFERED,)
        await MeetingLink.filter(id=link.id).update(is_active=False)
        assert await refused(booked.manage_token, monday(13)) == (ErrorCode.LINK_INACTIVE,)


async def test_reschedule_refuses_a_meeting_that_is_canceled_or_has_begun(db: str) -> None:
    _, _, link = await a_host_with_a_link()
    with at():
        booked = await book(a_booking(link))
        other = await book(a_booking(link, monday(11)))
        await cancel(other.manage_token)
        assert await refused(other.manage_token, monday(13)) == (ErrorCode.CONFLICT,)
    with at(monday(9)):
        assert await refused(booked.manage_token, monday(13)) == (ErrorCode.TIME_IN_PAST,)


@pytest.mark.capability("S1-37")
async def test_reschedule_is_refused_where_the_link_has_changes_switched_off(db: str) -> None:
    _, _, link = await a_host_with_a_link(shows_manage_links=False)
    with at():
        booked = await book(a_booking(link))
        assert await refused(booked.manage_token, monday(13)) == (ErrorCode.FORBIDDEN,)


async def test_reschedule_again_with_the_same_key_moves_once(db: str) -> None:
    _, _, link = await a_host_with_a_link()
    with at():
        booked = await book(a_booking(link))
        for _ in range(2):
            await reschedule(booked.manage_token, starts_at=monday(13), idempotency_key="move")
    assert (await Meeting.get(id=booked.meeting_id)).version == 2


async def test_reschedule_keeps_a_rotation_host_who_is_free(db: str) -> None:
    link, users = await a_round_robin()
    with at():
        booked = await book(a_booking(link))
        await Attendee.filter(kind=AttendeeKind.CONTACT).update(reply=Reply.ACCEPTED)
        await reschedule(booked.manage_token, starts_at=monday(13))
    assert (await Meeting.get(id=booked.meeting_id)).host_id == users[0].id
    assert await turns_of(link.rotation_id) == [(users[0].id, 1, 1), (users[1].id, 0, 0)]
    replies = await Attendee.all().order_by("kind").values_list("kind", "reply")
    assert replies == [(AttendeeKind.CONTACT, Reply.NEEDS_ACTION), (AttendeeKind.USER, Reply.ACCEPTED)]


async def test_reschedule_gives_a_rotation_meeting_to_another_host_where_the_first_is_busy(db: str) -> None:
    link, users = await a_round_robin()
    with at():
        booked = await book(a_booking(link))
        await a_meeting(users[0], monday(13))
        await reschedule(booked.manage_token, starts_at=monday(13))
    meeting = await Meeting.get(id=booked.meeting_id)
    assert (meeting.host_id, meeting.organizer_id) == (users[1].id, users[1].id)
    assert await turns_of(link.rotation_id) == [(users[0].id, 0, 1), (users[1].id, 1, 2)]
    people = await Attendee.filter(meeting_id=meeting.id).order_by("kind").values_list("email", flat=True)
    assert people == ["tomasz@client.example", users[1].email]


async def test_reschedule_follows_a_link_that_has_another_owner_now(db: str) -> None:
    account, _, link = await a_host_with_a_link()
    heir, assistant = await a_user(account, "Piotr Zima"), await a_user(account, "Ada Lis")
    with at():
        booked = await book(a_booking(link))
        await MeetingLink.filter(id=link.id).update(owner_id=heir.id)
        await Meeting.filter(id=booked.meeting_id).update(organizer_id=assistant.id)
        assert (await page_of_slug(link.slug)).hosts == (heir,)
        await reschedule(booked.manage_token, starts_at=monday(13))
    meeting = await Meeting.get(id=booked.meeting_id)
    assert (meeting.host_id, meeting.organizer_id) == (heir.id, assistant.id)
    assert await BusySpan.all().values_list("host_id", flat=True) == [heir.id]


async def test_reschedule_to_another_length(db: str) -> None:
    _, _, link = await a_host_with_a_link(durations_minutes=[30, 60])
    with at():
        booked = await book(a_booking(link))
        await reschedule(booked.manage_token, starts_at=monday(9), duration_minutes=60)
    assert (await Meeting.get(id=booked.meeting_id)).ends_at == monday(10)
