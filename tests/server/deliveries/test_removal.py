"""Somebody is expected no more: their calendar lets go of the meeting, and nobody else's does."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import icalendar
import pytest

from server.booking.book import book
from server.booking.reschedule import reschedule
from server.meetings.edit import MeetingEdit, edit
from server.meetings.expected import Expected
from server.models import Contact, Meeting
from server.models.enums import MeetingSource
from server.worker import work_once
from tests.factories import a_meeting
from tests.server.booking.scene import a_booking, a_round_robin, at, monday
from tests.server.deliveries.conftest import STARTS_AT, Story
from tests.server.gateways.mail.receiving import Receiver, part, words
from tests.server.meetings.scene import viewer_of

GUEST = Expected(address="guest@client.example")


async def everything_sent() -> None:
    while await work_once():
        pass


def mails_to(receiver: Receiver, email: str) -> list[Any]:
    return [mail for mail in receiver.mails if email in str(mail["To"])]


def said_to(receiver: Receiver, email: str) -> list[tuple[str, Any, int]]:
    """Kind, method and SEQUENCE of every mail to this address, in the order in which they came."""
    return [
        (str(mail["X-Parley-Kind"]), part(mail, "text/calendar").get_param("method"), event_of(mail)["SEQUENCE"])
        for mail in mails_to(receiver, email)
    ]


def event_of(mail: Any) -> Any:
    content: Any = part(mail, "text/calendar").get_payload(decode=True)
    return next(iter(icalendar.Calendar.from_ical(content).walk("VEVENT")))


async def test_attendee_who_was_taken_off_gets_a_cancellation_of_their_own(receiver: Receiver, story: Story) -> None:
    await edit(viewer_of(story.host), MeetingEdit(story.meeting.id, attendees=(GUEST,)))
    await everything_sent()
    (mail,) = mails_to(receiver, story.contact.email)
    event = event_of(mail)
    assert said_to(receiver, story.contact.email) == [("gone", "CANCEL", 1)]
    assert (str(event["UID"]), event["DTSTART"].dt, str(event["ORGANIZER"]), str(event["ATTENDEE"])) == (
        story.meeting.ical_uid,
        STARTS_AT,
        f"mailto:{story.host.email}",
        f"mailto:{story.contact.email}",
    )
    assert not {"STATUS", "URL", "LOCATION", "DESCRIPTION"} & set(event)
    assert str(mail["Subject"]) == "No longer expected: Intro call, Tue 16 Feb, 10:30"
    assert words(mail) == (
        "You are no longer expected at this meeting with Ines Marek.\n\n"
        "What:\n  Intro call\n"
        "When:\n"
        "  Tuesday 16 February 2027, 10:30 - 11:00, New York time (EST, UTC-5)\n"
        "  For Ines Marek: Tuesday 16 February 2027, 15:30 - 16:00, Lisbon time (WET, UTC+0)\n\n"
        "-- \n"
        f"You get this mail because {story.contact.email} was expected at this meeting.\n"
        "Linden & Co\nDługa 5, Warszawa\nPrivacy: https://linden.example/privacy\n"
    )


async def test_those_who_stay_hear_of_a_change_and_not_of_a_cancellation(receiver: Receiver, story: Story) -> None:
    await edit(viewer_of(story.host), MeetingEdit(story.meeting.id, attendees=(GUEST,)))
    await everything_sent()
    assert said_to(receiver, "guest@client.example") == [("changed", "REQUEST", 1)]
    (mail,) = mails_to(receiver, "guest@client.example")
    assert [str(one) for one in event_of(mail)["ATTENDEE"]] == [
        f"mailto:{story.host.email}",
        "mailto:guest@client.example",
    ]


async def test_who_is_taken_off_and_moved_reads_of_the_time_they_knew(receiver: Receiver, story: Story) -> None:
    later = STARTS_AT + timedelta(days=1)
    await edit(viewer_of(story.host), MeetingEdit(story.meeting.id, starts_at=later, attendees=(GUEST,)))
    await everything_sent()
    (gone,) = mails_to(receiver, story.contact.email)
    (moved,) = mails_to(receiver, "guest@client.example")
    assert (event_of(gone)["DTSTART"].dt, event_of(moved)["DTSTART"].dt) == (STARTS_AT, later)
    assert "Wednesday" not in words(gone)


async def test_who_is_taken_off_and_asked_again_hears_it_in_that_order(receiver: Receiver, story: Story) -> None:
    viewer, contact = viewer_of(story.host), Expected(contact_id=story.contact.id)
    await edit(viewer, MeetingEdit(story.meeting.id, attendees=(GUEST,)))
    await edit(viewer, MeetingEdit(story.meeting.id, attendees=(GUEST, contact)))
    await everything_sent()
    assert said_to(receiver, story.contact.email)[-2:] == [("gone", "CANCEL", 1), ("changed", "REQUEST", 2)]


async def test_contact_of_a_meeting_that_a_user_put_in_reads_in_their_own_zone_and_language(
    receiver: Receiver, story: Story
) -> None:
    await Meeting.filter(id=story.meeting.id).update(source=MeetingSource.CRM, link_id=None)
    await Contact.filter(id=story.contact.id).update(time_zone="Asia/Taipei", locale="zh-TW")
    await edit(viewer_of(story.host), MeetingEdit(story.meeting.id, attendees=(GUEST,)))
    await everything_sent()
    (mail,) = mails_to(receiver, story.contact.email)
    assert "您不必再參加與Ines Marek的這場會議。" in words(mail)
    assert "UTC+8" in words(mail)


@pytest.mark.capability("S1-39")
async def test_host_whose_meeting_another_one_has_now_gets_a_cancellation(receiver: Receiver, db: str) -> None:
    link, (first, second) = await a_round_robin()
    with at():
        booked = await book(a_booking(link))
        await everything_sent()
        await a_meeting(first, monday(13))
        await reschedule(booked.manage_token, starts_at=monday(13))
        await everything_sent()
    meeting = await Meeting.get(id=booked.meeting_id)
    assert said_to(receiver, first.email) == [("host_booked", "REQUEST", 0), ("host_gone", "CANCEL", 1)]
    assert said_to(receiver, second.email) == [("host_booked", "REQUEST", 1)]
    assert said_to(receiver, "tomasz@client.example") == [("booked", "REQUEST", 0), ("moved", "REQUEST", 1)]
    asked = [event_of(mail) for mail in mails_to(receiver, "tomasz@client.example")]
    assert [(str(one["UID"]), str(one["ORGANIZER"])) for one in asked] == [
        (meeting.ical_uid, f"mailto:{first.email}"),
        (meeting.ical_uid, f"mailto:{second.email}"),
    ]
    mail = mails_to(receiver, first.email)[1]
    event = event_of(mail)
    assert (str(event["UID"]), event["DTSTART"].dt) == (meeting.ical_uid, monday(9))
    assert (str(event["ORGANIZER"]), str(event["ATTENDEE"])) == (f"mailto:{first.email}", f"mailto:{first.email}")
    assert "STATUS" not in event
    assert str(mail["Subject"]) == "Handed over: Intro call with Tomasz Lis, Mon 23 Nov, 10:00"
    assert words(mail).startswith(f"{second.name} hosts your meeting with Tomasz Lis from now on.\n\n")
