"""What a booking writes: all of it or nothing."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from prometheus_client import REGISTRY

from server.booking.book import Answer, SlotTaken, Tracking, book
from server.booking.manage_link import booking_of
from server.models import (
    Association,
    Attendee,
    BusySpan,
    CalendarAccount,
    Change,
    Contact,
    Job,
    LinkMember,
    Meeting,
    MeetingLink,
    Reminder,
)
from server.models.enums import AttendeeKind, JobKind, LocationKind, MeetingLinkKind, ReminderState, Reply
from tests.factories import a_contact, a_link, a_meeting, a_user
from tests.server.booking.scene import QUESTIONS, a_booking, a_host_with_a_link, at, monday


@pytest.mark.capability("S1-16")
@pytest.mark.capability("S1-35")
async def test_book_writes_everything_that_belongs_to_a_meeting(db: str) -> None:
    account, host, link = await a_host_with_a_link(
        buffer_before_minutes=5,
        buffer_after_minutes=10,
        guests_max=2,
        description="Bring a pen.",
        title="{contact} and {host}",
        reminders=[{"amount": 1, "unit": "HOURS"}, {"amount": 2, "unit": "WEEKS"}],
    )
    with at():
        booked = await book(a_booking(link, guests=("Ola@Client.example",), locale="pl-PL"))
    meeting = await Meeting.get(id=booked.meeting_id).select_related("outcome", "contact")
    assert {
        "title": meeting.title,
        "starts_at": meeting.starts_at,
        "ends_at": meeting.ends_at,
        "time_zone": meeting.time_zone,
        "host": meeting.host_id,
        "organizer": meeting.organizer_id,
        "outcome": meeting.outcome.key,
        "description": meeting.attendee_description,
        "source": meeting.source,
        "locale": meeting.locale,
        "link": meeting.link_id,
        "versions": (meeting.version, meeting.ical_sequence),
        "email": meeting.contact.email if meeting.contact else None,
    } == {
        "title": f"Tomasz Lis and {host.name}",
        "starts_at": monday(9),
        "ends_at": monday(9, 30),
        "time_zone": "Europe/London",
        "host": host.id,
        "organizer": host.id,
        "outcome": "SCHEDULED",
        "description": "Bring a pen.",
        "source": "MEETING_LINK",
        "locale": "pl-PL",
        "link": link.id,
        "versions": (1, 0),
        "email": "tomasz@client.example",
    }
    spans = await BusySpan.all().values_list("host_id", "starts", "buffer_before", "buffer_after")
    assert spans == [(host.id, int(monday(9).timestamp()), 300, 600)]
    people = await Attendee.filter(meeting_id=meeting.id).order_by("id").values_list("kind", "email", "name", "reply")
    assert list(people) == [
        (AttendeeKind.CONTACT, "tomasz@client.example", "Tomasz Lis", Reply.NEEDS_ACTION),
        (AttendeeKind.USER, host.email, host.name, Reply.ACCEPTED),
        (AttendeeKind.GUEST, "ola@client.example", "", Reply.NEEDS_ACTION),
    ]
    reminder = await Reminder.get(meeting_id=meeting.id)
    assert (reminder.due_at, reminder.state, reminder.zone_rule) == (monday(8), ReminderState.PLANNED, "BOOKING")
    jobs = await Job.filter(meeting_id=meeting.id).order_by("id").values_list("kind", "run_at", "payload")
    assert sorted(jobs, key=lambda job: job[0]) == [
        (JobKind.CONFIRMATION_MAIL, jobs[-2][1], {"kind": "booked", "sequence": 0}),
        (JobKind.HOST_NOTICE_MAIL, jobs[-1][1], {"kind": "booked", "sequence": 0}),
        (JobKind.REMINDER_MAIL, monday(8), {"reminder_id": reminder.id}),
    ]
    change = await Change.get(account_id=account.id)
    assert (change.number, change.kind, change.actor, change.meeting_id) == (1, "MEETING_BOOKED", "visitor", meeting.id)
    assert (await MeetingLink.get(id=link.id)).booking_count == 1
    assert await Association.filter(meeting_id=meeting.id).values_list("contact_id", flat=True) == [meeting.contact_id]


@pytest.mark.capability("S1-03")
async def test_book_gives_a_token_that_opens_exactly_this_meeting(db: str) -> None:
    _, host, link = await a_host_with_a_link()
    with at():
        booked = await book(a_booking(link))
        managed = await booking_of(booked.manage_token)
        assert managed is not None
        assert (managed.meeting.id, managed.host.id, managed.can_change) == (booked.meeting_id, host.id, True)
        assert await booking_of(booked.manage_token[:-1] + ("A" if booked.manage_token[-1] != "A" else "B")) is None


async def test_book_takes_a_former_slug(db: str) -> None:
    _, _, link = await a_host_with_a_link(slug="ines-old")
    link.slug = "ines-new"
    await link.save()
    with at():
        booked = await book(a_booking(link, slug="ines-old"))
    assert (await Meeting.get(id=booked.meeting_id)).link_id == link.id


@pytest.mark.capability("S1-05")
async def test_book_works_offline(db: str) -> None:
    _, host, link = await a_host_with_a_link()
    await CalendarAccount.filter(user_id=host.id).delete()
    with at():
        booked = await book(a_booking(link))
    assert (await Meeting.get(id=booked.meeting_id)).host_id == host.id


@pytest.mark.capability("S1-15")
async def test_book_gives_the_organizer_to_a_contact_without_owner(db: str) -> None:
    account, host, link = await a_host_with_a_link()
    colleague = await a_user(account, "Piotr Zima")
    await a_contact(account, email="owned@client.example", owner=colleague)
    await a_contact(account, email="free@client.example")
    with at():
        for minute, email in ((0, "owned@client.example"), (30, "free@client.example"), (60, "new@client.example")):
            await book(a_booking(link, monday(9) + timedelta(minutes=minute), email=email))
    owners = dict(await Contact.all().values_list("email", "owner_id"))
    assert owners == {
        "owned@client.example": colleague.id,
        "free@client.example": host.id,
        "new@client.example": host.id,
    }


@pytest.mark.capability("S1-14")
async def test_book_notes_where_the_visitor_came_from(db: str) -> None:
    _, _, link = await a_host_with_a_link()
    with at():
        booked = await book(a_booking(link, tracking=Tracking("spring", "newsletter", "e-mail")))
        await book(a_booking(link, monday(11)))
    contact = await Contact.get()
    assert (contact.last_booking_campaign, contact.last_booking_source, contact.last_booking_medium) == (
        "spring",
        "newsletter",
        "e-mail",
    )
    assert contact.last_booked_at is not None
    assert (await Meeting.get(id=booked.meeting_id)).tracking == {
        "campaign": "spring",
        "source": "newsletter",
        "medium": "e-mail",
    }


@pytest.mark.capability("S1-24")
async def test_book_keeps_the_answers_in_the_order_of_the_questions(db: str) -> None:
    _, _, link = await a_host_with_a_link(questions=QUESTIONS)
    answers = (Answer("tools", "Ink"), Answer("tools", "Pen"), Answer("topic", "  Our   roof "))
    with at():
        booked = await book(a_booking(link, answers=answers))
    assert (await Meeting.get(id=booked.meeting_id)).answers == [
        {"question": "topic", "label": "What is it about?", "value": "Our roof"},
        {"question": "tools", "label": "What do you use?", "value": "Ink, Pen", "values": ["Ink", "Pen"]},
    ]


async def test_book_ones_own_page_expects_nobody_twice(db: str) -> None:
    _, host, link = await a_host_with_a_link()
    with at():
        booked = await book(a_booking(link, email=host.email))
    assert await Attendee.filter(meeting_id=booked.meeting_id).values_list("email", flat=True) == [host.email]


async def test_book_a_group_takes_the_time_of_every_member(db: str) -> None:
    account, host, link = await a_host_with_a_link(kind=MeetingLinkKind.GROUP)
    colleague = await a_user(account, "Piotr Zima")
    for position, user in enumerate((colleague, host)):
        await LinkMember.create(link=link, user=user, position=position)
    personal = await a_link(colleague)
    with at():
        booked = await book(a_booking(link))
        with pytest.raises(SlotTaken):
            await book(a_booking(personal))
        await a_meeting(colleague, monday(11))
        with pytest.raises(SlotTaken):
            await book(a_booking(link, monday(11)))
    meeting = await Meeting.get(id=booked.meeting_id)
    assert (meeting.host_id, meeting.organizer_id) == (host.id, host.id)
    hosts = await BusySpan.filter(meeting_id=meeting.id).order_by("host_id").values_list("host_id", flat=True)
    assert hosts == [host.id, colleague.id]
    replies = await Attendee.filter(meeting_id=meeting.id, kind=AttendeeKind.USER).values_list("user_id", "reply")
    assert sorted(replies) == [(host.id, Reply.ACCEPTED), (colleague.id, Reply.ACCEPTED)]


async def test_book_takes_the_telephone_number_as_location_where_the_link_has_none(db: str) -> None:
    _, _, link = await a_host_with_a_link(location_kind=LocationKind.PHONE)
    with at():
        booked = await book(a_booking(link, phone="+48 600 100 200"))
    assert (await Meeting.get(id=booked.meeting_id)).location_text == "+48 600 100 200"


async def test_book_writes_reminders_in_the_zone_that_the_rule_names(db: str) -> None:
    account, _, link = await a_host_with_a_link()
    account.reminders_by_default, account.default_reminders = True, [{"amount": 1, "unit": "DAYS"}]
    await account.save()
    await a_contact(account, email="known@client.example", time_zone="Asia/Taipei")
    with at():
        await book(a_booking(link, monday(9), email="known@client.example"))
        await book(a_booking(link, monday(10)))
        await book(a_booking(link, monday(11), email="plain@client.example", time_zone=None))
    rules = await Reminder.all().order_by("starts_at").values_list("zone_rule", "due_at")
    assert rules == [
        ("CONTACT", monday(9) - timedelta(days=1)),
        ("BOOKING", monday(10) - timedelta(days=1)),
        ("ACCOUNT", monday(11) - timedelta(days=1)),
    ]


async def test_book_numbers_the_changes_of_simultaneous_bookings_without_a_gap(db: str) -> None:
    _, _, link = await a_host_with_a_link()
    bookings = [a_booking(link, monday(8 + index), email=f"visitor{index % 3}@client.example") for index in range(8)]
    with at():
        results = await asyncio.gather(*(book(booking) for booking in bookings))
    assert len({booked.meeting_id for booked in results}) == 8
    assert await Change.all().order_by("number").values_list("number", flat=True) == list(range(1, 9))
    assert await Contact.all().count() == 3


async def test_book_counts_bookings_and_lost_slots(db: str) -> None:
    _, _, link = await a_host_with_a_link()
    before = counted("parley_bookings_total"), counted("parley_slots_lost_total")
    with at():
        await book(a_booking(link))
        with pytest.raises(SlotTaken):
            await book(a_booking(link, email="late@client.example"))
    assert (counted("parley_bookings_total") - before[0], counted("parley_slots_lost_total") - before[1]) == (1, 1)


def counted(name: str) -> float:
    return REGISTRY.get_sample_value(name) or 0
