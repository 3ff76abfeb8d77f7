from __future__ import annotations

import icalendar
import pytest

from server import settings
from server.booking.form import Answer, checked_answers
from server.booking.manage_link import manage_token_of
from server.complaints import Complaints
from server.meetings.mails import Occasion
from server.models import Attendee, Meeting, User
from server.models.enums import MeetingSource
from server.worker import work_once
from tests.server.deliveries.conftest import STARTS_AT, Story
from tests.server.gateways.mail.receiving import Receiver, part, words


def _to_host(receiver: Receiver, story: Story) -> tuple[str, str]:
    mail = next(one for one in receiver.mails if story.host.email in str(one["To"]))
    return str(mail["Subject"]), words(mail)


@pytest.mark.capability("S1-32")
@pytest.mark.capability("S1-33")
async def test_host_hears_when_and_with_whom_and_where_to_look(receiver: Receiver, story: Story) -> None:
    await story.tell("booked")
    await work_once()
    page = f"https://meet.example.com/b/{manage_token_of(story.meeting)}"
    assert _to_host(receiver, story) == (
        "Tomasz Lis booked Intro call, Tue 16 Feb, 15:30",
        "Tomasz Lis booked a meeting with you.\n\n"
        "What:\n  Intro call\n"
        "When:\n"
        "  Tuesday 16 February 2027, 15:30 - 16:00, Lisbon time (WET, UTC+0)\n"
        "  For Tomasz Lis: Tuesday 16 February 2027, 10:30 - 11:00, New York time (EST, UTC-5)\n"
        "Where:\n  Video call: https://call.example/abc\n"
        f"With:\n  Tomasz Lis ({story.contact.email})\n\n"
        "Reach Tomasz Lis: +48 600 100 200\n\n"
        "What should we look at? The gripper\n\n"
        f"Open Tomasz Lis:\n{page}\n\n"
        f"Open the meeting in your calendar:\n{page}/invite.ics\n\n"
        "Bring a photo of your line.\n\n"
        "-- \n"
        "You get this mail because you host this meeting.\n"
        "Linden & Co\nDługa 5, Warszawa\nPrivacy: https://linden.example/privacy\n",
    )


@pytest.mark.capability("S1-33")
async def test_host_is_led_to_the_contact_in_the_crm_where_there_is_one(receiver: Receiver, story: Story) -> None:
    settings.use(settings.current().model_copy(update={"record_url": "https://crm.example/contacts/{id}"}))
    await story.tell("booked")
    await work_once()
    _, text = _to_host(receiver, story)
    assert f"Open Tomasz Lis:\nhttps://crm.example/contacts/con_{story.contact.id}\n" in text


@pytest.mark.capability("S2-28")
@pytest.mark.capability("S2-50")
async def test_host_gets_the_invitation_too_and_has_accepted_it(receiver: Receiver, story: Story) -> None:
    await story.tell("booked")
    await work_once()
    mail = next(one for one in receiver.mails if story.host.email in str(one["To"]))
    calendar = part(mail, "text/calendar")
    (event,) = icalendar.Calendar.from_ical(calendar.get_payload(decode=True)).walk("VEVENT")
    assert (calendar.get_param("method"), event["DTSTART"].dt) == ("REQUEST", STARTS_AT)
    assert {str(one): one.params["PARTSTAT"] for one in event["ATTENDEE"]} == {
        f"mailto:{story.host.email}": "ACCEPTED",
        f"mailto:{story.contact.email}": "NEEDS-ACTION",
    }
    assert str(mail["Reply-To"]) == f"Tomasz Lis <{story.contact.email}>"


@pytest.mark.parametrize(
    ("occasion", "subject"),
    [
        ("moved", "Moved to Tue 16 Feb, 15:30: Intro call with Tomasz Lis"),
        ("canceled", "Canceled: Intro call with Tomasz Lis, Tue 16 Feb, 15:30"),
        ("changed", "Changed: Intro call with Tomasz Lis, Tue 16 Feb, 15:30"),
    ],
)
async def test_host_is_told_what_became_of_the_meeting(
    receiver: Receiver, story: Story, occasion: Occasion, subject: str
) -> None:
    await story.tell(occasion)
    await work_once()
    assert _to_host(receiver, story)[0] == subject


@pytest.mark.parametrize(
    ("occasion", "subject", "opening"),
    [
        ("booked", "Scheduled: Intro call, Tue 16 Feb, 15:30", "Your meeting is scheduled."),
        ("moved", "Moved to Tue 16 Feb, 15:30: Intro call", "Your meeting has moved to another time."),
        ("canceled", "Canceled: Intro call, Tue 16 Feb, 15:30", "Your meeting is canceled."),
        ("changed", "Changed: Intro call, Tue 16 Feb, 15:30", "There is something new about your meeting."),
    ],
)
async def test_a_meeting_with_nobody_else_is_called_by_its_title_alone(
    receiver: Receiver, story: Story, occasion: Occasion, subject: str, opening: str
) -> None:
    await Attendee.filter(meeting_id=story.meeting.id).delete()
    await Meeting.filter(id=story.meeting.id).update(contact_id=None, source=MeetingSource.CRM)
    await story.tell(occasion)
    await work_once()
    (mail,) = receiver.mails
    text = words(mail)
    assert (str(mail["Subject"]), text.split("\n")[0]) == (subject, opening)
    assert [one for one in ("Tomasz", "contact", "With:", "For ", "Open :") if one in text] == []
    assert ("Open the meeting in your calendar:" in text) is (occasion != "canceled")


async def test_a_box_that_was_ticked_reads_yes_in_the_hosts_language(receiver: Receiver, story: Story) -> None:
    questions = [
        {"key": "photo", "label": "Masz zdjęcie?", "kind": "CHECKBOX"},
        {"key": "days", "label": "Kiedy?", "kind": "MULTI_SELECT", "options": ["pon.", "wt."]},
    ]
    said = [Answer("photo", "on"), Answer("days", "pon."), Answer("days", "wt.")]
    answers = checked_answers(questions, said, Complaints())
    await Meeting.filter(id=story.meeting.id).update(answers=answers)
    await User.filter(id=story.host.id).update(locale="pl")
    await story.tell("booked")
    await work_once()
    _, text = _to_host(receiver, story)
    assert "Masz zdjęcie? Tak\n\nKiedy? pon., wt.\n\n" in text
