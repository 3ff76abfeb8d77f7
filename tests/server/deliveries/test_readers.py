"""In whose zone and language a mail about a meeting is written."""

from __future__ import annotations

import pytest

from server.deliveries.readers import attending_readers
from server.gateways.mail.messages import Mailbox
from server.meetings.attend import replace_attendees
from server.meetings.facts import meeting_facts
from server.meetings.mails import Gone
from server.models import Attendee, Contact, Meeting, User
from server.models.enums import AttendeeKind, MeetingSource
from tests import factories
from tests.server.deliveries.conftest import Story

AT_HOME = {"time_zone": "Asia/Tokyo", "locale": "ja"}


async def expect(story: Story, person: User | Contact | str) -> str:
    """Somebody more is expected; their address."""
    known = {User: ("user", AttendeeKind.USER), Contact: ("contact", AttendeeKind.CONTACT)}.get(type(person))
    given = {known[0]: person} if known is not None else {}
    kind, email = (known[1], person.email) if known is not None else (AttendeeKind.GUEST, person)
    await Attendee.create(account=story.account, meeting=story.meeting, kind=kind, name="A", email=email, **given)
    return str(email)


async def as_read(story: Story, email: str) -> tuple[str, str]:
    facts = await meeting_facts(story.meeting.id)
    return next((one.tz, one.locale) for _, one in attending_readers(facts) if one.mailbox == Mailbox("A", email))


@pytest.mark.capability("S1-34")
@pytest.mark.parametrize("source", list(MeetingSource))
async def test_colleagues_and_contacts_read_as_they_live_and_guests_as_the_meeting_says(
    story: Story, source: MeetingSource
) -> None:
    await Meeting.filter(id=story.meeting.id).update(source=source, locale="pl")
    colleague = await factories.a_user(story.account, "Jonas Weber", time_zone="Europe/Berlin", locale="de")
    second = await factories.a_contact(story.account, "Yuki", "Mori", **AT_HOME)
    unknown = await factories.a_contact(story.account, "Ann", "Lee")
    assert await as_read(story, await expect(story, colleague)) == ("Europe/Berlin", "de")
    assert await as_read(story, await expect(story, second)) == ("Asia/Tokyo", "ja")
    assert await as_read(story, await expect(story, unknown)) == ("America/New_York", "pl")
    assert await as_read(story, await expect(story, "guest@elsewhere.example")) == ("America/New_York", "pl")


@pytest.mark.capability("S1-34")
@pytest.mark.parametrize(
    ("source", "read"),
    [(MeetingSource.MEETING_LINK, ("America/New_York", "pl")), (MeetingSource.WEB, ("Asia/Tokyo", "ja"))],
)
async def test_whoever_booked_reads_as_they_chose_while_booking(
    story: Story, source: MeetingSource, read: tuple[str, str]
) -> None:
    await Meeting.filter(id=story.meeting.id).update(source=source, locale="pl")
    await Contact.filter(id=story.contact.id).update(**AT_HOME)
    await Attendee.filter(meeting_id=story.meeting.id, contact_id=story.contact.id).update(name="A")
    assert await as_read(story, story.contact.email) == read


async def test_a_colleague_who_is_expected_no_more_is_told_as_they_live(story: Story) -> None:
    colleague = await factories.a_user(story.account, "Jonas Weber", time_zone="Europe/Berlin", locale="de")
    email = await expect(story, colleague)
    turnover = await replace_attendees(story.meeting, [])
    assert Gone(email, "A", "Europe/Berlin", "de") in turnover.gone
