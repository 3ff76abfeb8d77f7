from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from typing import Any

import icalendar
import pytest
import vobject

from server import settings
from server.booking.manage_link import manage_token_of
from server.meetings.mails import Occasion
from server.models import Attendee, Job, Meeting, MeetingLink
from server.models.enums import AttendeeKind, JobState, MeetingSource
from server.wording import LOCALES, direction
from server.worker import work_once
from tests.server.deliveries.conftest import STARTS_AT, Story
from tests.server.gateways.mail.receiving import Receiver, part, words

# The offset decides; the zone's name tells people which one it is.
ZONE_AND_OFFSET = re.compile(r"[(（](?:[A-Z]{2,5}\u200f?[,،，、]\s*)?UTC([+-]\d{1,2})(?::(\d\d))?[)）]")


def _calendar(receiver: Receiver, position: int = 0) -> bytes:
    content: Any = part(receiver.mails[position], "text/calendar").get_payload(decode=True)
    return bytes(content)


def _event(receiver: Receiver, position: int = 0) -> Any:
    return next(iter(icalendar.Calendar.from_ical(_calendar(receiver, position)).walk("VEVENT")))


def _text(receiver: Receiver, position: int = 0) -> str:
    return words(receiver.mails[position])


def _html(receiver: Receiver, position: int = 0) -> str:
    return words(receiver.mails[position], "text/html")


def _elements(html: str, attribute: str | None = None) -> list[str]:
    """The names of all elements as a browser finds them, or the values of one attribute."""
    found: list[str] = []
    parser = HTMLParser()
    parser.handle_starttag = lambda tag, attributes: found.extend(  # type: ignore[method-assign]  # the parser calls what it finds there
        [tag] if attribute is None else [value or "" for name, value in attributes if name == attribute]
    )
    parser.feed(html)
    return found


@pytest.mark.capability("S1-34")
async def test_contact_gets_a_confirmation_with_everything(receiver: Receiver, story: Story) -> None:
    await story.tell("booked")
    await work_once()
    mail = receiver.mails[0]
    page = f"https://meet.example.com/b/{manage_token_of(story.meeting)}"
    assert [str(mail[name]) for name in ("From", "To", "Reply-To", "Subject")] == [
        "Ines Marek via Linden & Co <meetings@meet.example.com>",
        f"Tomasz Lis <{story.contact.email}>",
        f"Ines Marek <{story.host.email}>",
        "Booked: Intro call, Tue 16 Feb, 10:30",
    ]
    assert _text(receiver) == (
        "Your meeting with Ines Marek is booked.\n\n"
        "What:\n  Intro call\n"
        "When:\n"
        "  Tuesday 16 February 2027, 10:30 - 11:00, New York time (EST, UTC-5)\n"
        "  For Ines: Tuesday 16 February 2027, 15:30 - 16:00, Lisbon time (WET, UTC+0)\n"
        "Where:\n  Video call: https://call.example/abc\n"
        "With:\n  Ines Marek (host)\n\n"
        "Join the call:\nhttps://call.example/abc\n\n"
        "Bring a photo of your line.\n\n"
        "Cannot make it? Move or cancel the meeting:\n\n"
        f"Move to another time:\n{page}/move\n\n"
        f"Cancel the meeting:\n{page}/cancel\n\n"
        "-- \n"
        f"You get this mail because {story.contact.email} is expected at this meeting.\n"
        "Linden & Co\nDługa 5, Warszawa\nPrivacy: https://linden.example/privacy\n"
    )


@pytest.mark.capability("S1-35")
@pytest.mark.capability("S2-27")
async def test_invitation_shows_the_contact_as_not_responded(receiver: Receiver, story: Story) -> None:
    await story.tell("booked")
    await work_once()
    event = _event(receiver)
    assert {str(one): (one.params["PARTSTAT"], one.params["RSVP"]) for one in event["ATTENDEE"]} == {
        f"mailto:{story.host.email}": ("ACCEPTED", "FALSE"),
        f"mailto:{story.contact.email}": ("NEEDS-ACTION", "TRUE"),
    }
    page = f"https://meet.example.com/b/{manage_token_of(story.meeting)}"
    assert (str(event["ORGANIZER"]), str(event["UID"]), event["SEQUENCE"], str(event["URL"])) == (
        f"mailto:{story.host.email}",
        story.meeting.ical_uid,
        0,
        page,
    )
    assert page in str(event["DESCRIPTION"])
    assert "Bring a photo" in str(event["DESCRIPTION"])


@pytest.mark.parametrize("tz", ["Europe/Warsaw", "America/New_York", "Asia/Taipei", "Australia/Lord_Howe"])
@pytest.mark.parametrize("locale", LOCALES)
async def test_text_html_and_both_readers_of_the_invitation_agree(
    receiver: Receiver, story: Story, tz: str, locale: str
) -> None:
    """Rows E-3 and C4: zone and offset written out, and the same instant everywhere."""
    await Meeting.filter(id=story.meeting.id).update(time_zone=tz, locale=locale)
    await story.tell("booked")
    await work_once()
    for said in (_text(receiver), _html(receiver)):
        assert ZONE_AND_OFFSET.search(said) is not None, said
    found: Any = ZONE_AND_OFFSET.search(_text(receiver))
    hours, minutes = (int(one or 0) for one in found.groups())
    offset = timedelta(hours=hours, minutes=minutes if hours >= 0 else -minutes)
    local = STARTS_AT + offset
    hour = rf"(?:{local:%H}|{local.hour}|{(local.hour - 1) % 12 + 1}):{local:%M}"
    when_line = next(line for line in _text(receiver).splitlines() if ZONE_AND_OFFSET.search(line))
    assert re.search(hour, when_line)
    assert str(local.day) in when_line
    by_vobject = vobject.readOne(_calendar(receiver).decode()).vevent.dtstart.value
    assert [_event(receiver)["DTSTART"].dt, by_vobject] == [STARTS_AT, STARTS_AT]


@pytest.mark.capability("S1-37")
async def test_mail_says_nothing_of_moving_where_the_link_has_that_off(receiver: Receiver, story: Story) -> None:
    await MeetingLink.filter(id=story.link.id).update(shows_manage_links=False)
    await story.tell("booked")
    await work_once()
    assert "/b/" not in _text(receiver) + _html(receiver) + _calendar(receiver).decode()


async def test_moved_mail_shows_the_old_time_and_raises_the_sequence(receiver: Receiver, story: Story) -> None:
    was = (STARTS_AT - timedelta(days=1), STARTS_AT - timedelta(days=1, minutes=-30))
    story.meeting.ical_sequence = 1
    await story.tell("moved", was=was)
    await work_once()
    assert str(receiver.mails[0]["Subject"]) == "Moved to Tue 16 Feb, 10:30: Intro call"
    assert "  was Monday 15 February 2027, 10:30 - 11:00, New York time (EST, UTC-5)\n" in _text(receiver)
    assert "<s>was Monday 15 February 2027, 10:30 - 11:00, New York time (EST, UTC-5)</s>" in _html(receiver)
    assert _event(receiver)["SEQUENCE"] == 1


async def test_canceled_mail_takes_the_meeting_out_of_the_calendar(receiver: Receiver, story: Story) -> None:
    await story.meeting.update_from_dict({"canceled_at": STARTS_AT, "cancel_reason": "Ill", "ical_sequence": 1}).save()
    await story.tell("canceled")
    await work_once()
    assert str(receiver.mails[0]["Subject"]) == "Canceled: Intro call, Tue 16 Feb, 10:30"
    assert "Reason: Ill\n" in _text(receiver)
    assert f"Book another time:\nhttps://meet.example.com/m/{story.link.slug}\n" in _text(receiver)
    assert "/b/" not in _text(receiver)
    calendar = part(receiver.mails[0], "text/calendar")
    event = _event(receiver)
    assert (calendar.get_param("method"), event["STATUS"], event["SEQUENCE"]) == ("CANCEL", "CANCELLED", 1)


async def test_invitation_that_waited_keeps_its_place_before_the_cancellation(receiver: Receiver, story: Story) -> None:
    await story.tell("booked")
    await story.meeting.update_from_dict({"canceled_at": STARTS_AT, "ical_sequence": 1}).save()
    await story.tell("canceled")
    while await work_once():
        pass
    of_contact = [mail for mail in receiver.mails if story.contact.email in str(mail["To"])]
    said = [(str(mail["X-Parley-Kind"]), part(mail, "text/calendar").get_param("method")) for mail in of_contact]
    assert said == [("booked", "REQUEST"), ("canceled", "CANCEL")]


async def test_guests_hear_too_and_the_host_only_once(receiver: Receiver, story: Story) -> None:
    await Attendee.create(
        account=story.account, meeting=story.meeting, kind=AttendeeKind.GUEST, email="guest@client.example"
    )
    await story.tell("booked")
    await work_once()
    assert sorted(receiver.recipients) == sorted([story.contact.email, "guest@client.example", story.host.email])
    assert len({str(mail["Message-ID"]) for mail in receiver.mails}) == 3


async def test_meeting_that_a_user_scheduled_is_an_invitation(receiver: Receiver, story: Story) -> None:
    await Meeting.filter(id=story.meeting.id).update(source=MeetingSource.CRM, link_id=None)
    await story.tell("invited")
    await work_once()
    assert str(receiver.mails[0]["Subject"]) == "Invitation: Intro call, Tue 16 Feb, 10:30"
    assert _text(receiver).startswith("Ines Marek invites you to a meeting.\n")


async def test_internal_notes_reach_nobody(receiver: Receiver, story: Story) -> None:
    occasions: tuple[Occasion, ...] = ("booked", "changed", "canceled")
    for occasion in occasions:
        await story.tell(occasion)
    while await work_once():
        pass
    assert len(receiver.mails) == 6
    parts = [one for mail in receiver.mails for one in mail.walk() if not one.is_multipart()]
    assert [one for one in parts if b"price" in (one.get_payload(decode=True) or b"")] == []


async def test_markup_in_names_and_texts_stays_text(receiver: Receiver, story: Story) -> None:
    evil = '<script>alert(1)</script><a href="javascript:alert(1)">x</a>'
    await Meeting.filter(id=story.meeting.id).update(
        title=evil, attendee_description=evil, location_text=evil, answers=[{"question": evil, "value": [evil, "b"]}]
    )
    await story.contact.update_from_dict({"first_name": evil}).save()
    story.account.name = evil[:150]
    await story.account.save()
    await story.tell("booked")
    await work_once()
    assert len(receiver.mails) == 2
    for position in range(2):
        html = _html(receiver, position)
        assert "&lt;script&gt;" in html
        assert "script" not in _elements(html)
        assert [one for one in _elements(html, "href") if not one.startswith("https://")] == []


@pytest.mark.parametrize("locale", LOCALES)
async def test_mail_is_small_closed_and_says_its_language(receiver: Receiver, story: Story, locale: str) -> None:
    await Meeting.filter(id=story.meeting.id).update(locale=locale)
    await story.tell("booked")
    await work_once()
    html = _html(receiver)
    assert len(html.encode()) < 30_000
    assert f'<html lang="{locale}" dir="{direction(locale)}">' in html
    assert {"script", "form", "img", "link", "iframe", "object"} & set(_elements(html)) == set()
    addresses = _elements(html, "href")
    public = settings.current().public_url
    own = ("https://call.example/abc", "https://linden.example/privacy")
    assert all(one.startswith(f"{public}/") or one in own for one in addresses)
    assert 'name="color-scheme" content="light dark"' in html
    assert "prefers-color-scheme: dark" in html


async def test_attempts_at_one_letter_share_their_message_id(receiver: Receiver, story: Story) -> None:
    await Attendee.create(
        account=story.account, meeting=story.meeting, kind=AttendeeKind.GUEST, email="guest@client.example"
    )
    receiver.data_answers.append("drop")
    await story.tell("booked")
    await work_once()
    await Job.filter(state=JobState.WAITING).update(run_at=datetime(2020, 1, 1, tzinfo=UTC))
    await work_once()
    ids = [str(mail["Message-ID"]) for mail in receiver.mails if story.contact.email in str(mail["To"])]
    assert (len(ids), len(set(ids))) == (2, 1)
    assert sum("guest@" in str(mail["To"]) for mail in receiver.mails) == 1


async def test_refused_guest_does_not_keep_the_mail_from_the_contact(receiver: Receiver, story: Story) -> None:
    await Attendee.create(
        account=story.account, meeting=story.meeting, kind=AttendeeKind.GUEST, email="guest@client.example"
    )
    receiver.refused_for_good.add("guest@client.example")
    await story.tell("booked")
    await work_once()
    jobs = await Job.all().order_by("id")
    assert [(job.state, job.last_error) for job in jobs] == [
        (JobState.DEAD, "guest@client.example: 550 5.1.1 No such user here"),
        (JobState.DONE, ""),
    ]
    assert sorted(receiver.recipients) == sorted([story.contact.email, story.host.email])
