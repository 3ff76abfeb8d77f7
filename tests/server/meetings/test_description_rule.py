"""Where a new description goes, calendar by calendar."""

from __future__ import annotations

import pytest

from server.meetings.description_rule import description_reaches_attendees
from server.meetings.edit import MeetingEdit, edit
from server.models import CalendarAccount, Job, Meeting
from server.models.enums import CalendarProvider, JobKind
from tests.factories import a_contact, a_meeting, a_user, an_account
from tests.server.booking.scene import at, monday
from tests.server.meetings.scene import viewer_of

CASES = [
    (CalendarProvider.BUILT_IN, True, False, True),
    (CalendarProvider.BUILT_IN, False, False, False),
    (CalendarProvider.GOOGLE, True, True, True),
    (CalendarProvider.GOOGLE, True, False, False),
    (CalendarProvider.GOOGLE, False, True, False),
    (CalendarProvider.CALDAV, True, True, True),
    (CalendarProvider.CALDAV, True, False, False),
    (CalendarProvider.MICROSOFT, True, True, False),
    (CalendarProvider.MICROSOFT, False, False, False),
    (None, False, False, True),
]


@pytest.mark.capability("S2-57")
@pytest.mark.parametrize(("provider", "syncs", "is_two_way", "reaches"), CASES)
def test_a_description_reaches_attendees_by_the_calendar(
    provider: CalendarProvider | None, syncs: bool, is_two_way: bool, reaches: bool
) -> None:
    assert description_reaches_attendees(provider, syncs=syncs, is_two_way=is_two_way) is reaches


@pytest.mark.capability("S2-57")
@pytest.mark.parametrize(("provider", "syncs", "is_two_way", "reaches"), CASES)
async def test_edit_of_a_description_alone_mails_only_where_the_calendar_takes_it(
    db: str, provider: CalendarProvider | None, syncs: bool, is_two_way: bool, reaches: bool
) -> None:
    account = await an_account()
    ines = await a_user(account)
    calendars = CalendarAccount.filter(user_id=ines.id)
    await (calendars.update(provider=provider, syncs=syncs, is_two_way=is_two_way) if provider else calendars.delete())
    with at():
        meeting = await a_meeting(ines, monday(9), contact=await a_contact(account))
        await edit(viewer_of(ines), MeetingEdit(meeting.id, attendee_description="New"))
        after = await Meeting.get(id=meeting.id)
        assert (after.attendee_description, after.version, after.ical_sequence) == ("New", 2, int(reaches))
        assert await Job.filter(kind=JobKind.CONFIRMATION_MAIL).count() == int(reaches)
        await edit(viewer_of(ines), MeetingEdit(meeting.id, title="Other", attendee_description="Newer"))
        assert await Job.filter(kind=JobKind.CONFIRMATION_MAIL).count() == int(reaches) + 1
