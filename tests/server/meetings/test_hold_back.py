"""What attendees read while the host's calendar keeps a new description back."""

from __future__ import annotations

from collections.abc import AsyncIterator

import icalendar
import pytest

from server import clock, database, settings
from server.accounts.viewer import Viewer
from server.meetings.draft import Location
from server.meetings.edit import MeetingEdit, edit
from server.meetings.expected import Expected
from server.meetings.facts import meeting_facts
from server.models import CalendarAccount, Contact, Meeting, User
from server.models.enums import CalendarProvider, LocationKind, Role
from server.reminders.plan import LeadTime
from server.reminders.rows import plan_reminders
from server.team.hand_over import hand_over_meetings
from server.web.pages.calendar_links import calendar_file, calendar_links
from server.worker import work_once
from tests.factories import a_contact, a_meeting, a_user, an_account
from tests.resolvers.asking import answer
from tests.server.booking.scene import at, monday
from tests.server.gateways.mail.receiving import Receiver, receiving, words
from tests.server.meetings.scene import viewer_of

pytestmark = pytest.mark.capability("S2-57")

HELD = "query ($id: ID!) { meeting(id: $id) { attendeeDescription isDescriptionHeldBack } }"


class Office:
    """Ines, whose calendar is Microsoft's, meets Tomasz, who was told to bring plans; Ada administers."""

    ines: User
    ada: User
    contact: Contact
    meeting: Meeting
    post: Receiver

    @property
    def viewer(self) -> Viewer:
        return viewer_of(self.ines)

    async def edited(self, **fields: object) -> dict[str, list[str]]:
        """Ines changes the meeting; what each mail of it says is to be brought, by reader."""
        await edit(self.viewer, MeetingEdit(self.meeting.id, **fields))  # type: ignore[arg-type]  # named by the tests
        return await self.mailed()

    async def mailed(self) -> dict[str, list[str]]:
        self.post.mails.clear()
        while await work_once():
            pass
        found = {}
        for mail in self.post.mails:
            (part, *_) = [one for one in mail.walk() if one.get_content_type() == "text/calendar"]
            event = icalendar.Calendar.from_ical(part.get_payload(decode=True)).walk("VEVENT")[0]  # type: ignore[arg-type]  # bytes
            said = brought(str(event.get("description", "")))
            assert brought(words(mail)) == said
            found[str(mail["To"]).rpartition("<")[2].rstrip(">")] = said
        return found

    async def is_held(self) -> tuple[str, bool]:
        told = (await answer(HELD, self.viewer, id=f"mtg_{self.meeting.id}"))["meeting"]
        return told["attendeeDescription"], told["isDescriptionHeldBack"]

    async def calendar_is(self, provider: CalendarProvider, *, is_two_way: bool = False) -> None:
        await CalendarAccount.filter(user_id=self.ines.id).update(provider=provider, is_two_way=is_two_way)


def brought(text: str) -> list[str]:
    return [what for what in ("plans", "boots", "coats") if f"Bring {what}." in text]


@pytest.fixture
async def office(db: str, in_use: settings.Settings) -> AsyncIterator[Office]:
    made = Office()
    account = await an_account()
    made.ines, made.ada = await a_user(account), await a_user(account, "Ada", role=Role.ADMIN)
    made.contact = await a_contact(account)
    with at():
        made.meeting = await a_meeting(
            made.ines, monday(9), contact=made.contact, attendee_description="<p>Bring plans.</p>"
        )
        await made.calendar_is(CalendarProvider.MICROSOFT)
        async with receiving() as made.post:
            settings.use(in_use.model_copy(update={"smtp_url": made.post.url}))
            yield made
            settings.use(in_use)


async def test_later_invitations_repeat_what_attendees_were_told_last(office: Office) -> None:
    contact, guest = office.contact.email, "architect@other.example"
    assert await office.edited(attendee_description="Bring boots.") == {}
    assert await office.is_held() == ("Bring boots.", True)
    assert await office.edited(title="Roof", attendee_description="Bring coats.") == {contact: ["plans"]}
    both = (Expected(contact_id=office.contact.id), Expected(address=guest))
    assert await office.edited(attendees=both) == {contact: ["plans"], guest: ["plans"]}
    place = Location(LocationKind.ADDRESS, "Lipowa 3")
    assert await office.edited(location=place, internal_note="x") == {contact: ["plans"], guest: ["plans"]}
    assert await office.is_held() == ("Bring coats.", True)


async def test_the_next_invitation_holds_the_new_text_once_the_calendar_takes_it(office: Office) -> None:
    await office.edited(attendee_description="Bring boots.")
    await office.calendar_is(CalendarProvider.GOOGLE, is_two_way=True)
    assert await office.edited(internal_note="In a hurry") == {}
    assert await office.is_held() == ("Bring boots.", True)
    moved = await office.edited(starts_at=monday(12), ends_at=monday(13))
    assert moved == {office.contact.email: ["boots"], office.ines.email: ["boots"]}
    assert await office.is_held() == ("Bring boots.", False)
    await office.calendar_is(CalendarProvider.MICROSOFT)
    assert await office.edited(title="Roof") == {office.contact.email: ["boots"]}


async def test_a_description_that_is_set_back_is_held_back_no_more(office: Office) -> None:
    await office.edited(attendee_description="Bring boots.")
    assert await office.edited(attendee_description="<p>Bring plans.</p>") == {}
    assert await office.is_held() == ("<p>Bring plans.</p>", False)
    await office.edited(attendee_description="Bring boots.")
    await office.calendar_is(CalendarProvider.BUILT_IN)
    assert await office.edited(attendee_description="Bring coats.") == {office.contact.email: ["coats"]}
    assert (await Meeting.get(id=office.meeting.id)).ical_sequence == 1


async def test_it_is_the_calendar_of_whoever_hosts_by_then(office: Office) -> None:
    await office.edited(attendee_description="Bring boots.")
    await hand_over_meetings(viewer_of(office.ada), office.ines.id, office.ada.id)
    assert await office.mailed() == {
        office.contact.email: ["boots"],
        office.ada.email: ["boots"],
        office.ines.email: [],
    }
    assert await office.is_held() == ("Bring boots.", False)


async def test_reminders_and_calendar_files_say_what_the_invitation_says(office: Office) -> None:
    async with database.transaction():
        lead = LeadTime(1, "HOURS", includes_description=True)
        await plan_reminders(office.meeting, [lead], rule="BOOKING", tz="Europe/Warsaw")
    await office.edited(attendee_description="Bring boots.")
    facts = await meeting_facts(office.meeting.id)
    links = calendar_links(facts.meeting, place="", address="")
    assert all("plans" in link and "boots" not in link for link in (links.google, links.outlook))
    assert brought(calendar_file(facts, stamp=clock.now(), locale="en").decode()) == ["plans"]
    office.post.mails.clear()
    with clock.travel(monday(8)):
        await work_once()
    assert [brought(words(mail)) for mail in office.post.mails] == [["plans"]]
