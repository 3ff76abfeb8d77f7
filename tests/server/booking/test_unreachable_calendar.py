"""A calendar that does not answer closes its own host's slots after a day, and nobody else's at any time."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from server.booking.book import book
from server.booking.slots import explain_slot, slots_between
from server.errors import ErrorCode, Refused
from server.models import BusySpan, CalendarAccount, LinkMember, Meeting, MeetingLink, User
from server.models.enums import BusySource, MeetingLinkKind
from tests.server.booking.scene import NOW, a_booking, a_round_robin, at, monday, page_of_slug

BRIEFLY, FOR_LONG = NOW + timedelta(hours=24), NOW + timedelta(hours=24, seconds=1)
MONDAY = date(2026, 11, 23)


async def a_team_with_a_silent_member() -> tuple[MeetingLink, list[User]]:
    """Two members; the first one's calendar went silent at `NOW`, with an entry on Monday from nine to ten (UTC)."""
    link, users = await a_round_robin(2, increment_minutes=60, durations_minutes=[60])
    calendar = await CalendarAccount.get(user_id=users[0].id)
    await CalendarAccount.filter(id=calendar.id).update(unreachable_since=NOW)
    await BusySpan.create(
        account_id=link.account_id,
        host=users[0],
        source=BusySource.CALENDAR,
        starts=int(monday(9).timestamp()),
        ends=int(monday(10).timestamp()),
        calendar_account=calendar,
    )
    return link, users


async def starts(link: MeetingLink) -> list[datetime]:
    days = await slots_between(
        await page_of_slug(link.slug), start=MONDAY, end=MONDAY, duration_minutes=60, viewer_tz="UTC"
    )
    return [slot.starts_at for day in days for slot in day.slots]


async def test_a_rotation_goes_on_without_the_silent_member_after_a_day(db: str) -> None:
    link, users = await a_team_with_a_silent_member()
    all_day = [monday(hour) for hour in range(8, 16)]
    with at(BRIEFLY):
        assert await starts(link) == all_day
        first = await book(a_booking(link, monday(9)))
        second = await book(a_booking(link, monday(10)))
    with at(FOR_LONG):
        assert await starts(link) == [hour for hour in all_day if hour != monday(9)]
        third = await book(a_booking(link, monday(12)))
    hosts = [(await Meeting.get(id=one.meeting_id)).host_id for one in (first, second, third)]
    assert hosts == [users[1].id, users[0].id, users[1].id]


async def test_a_group_keeps_the_last_known_entries_and_closes_after_a_day(db: str) -> None:
    link, users = await a_team_with_a_silent_member()
    for position, user in enumerate(users):
        await LinkMember.create(link=link, user=user, position=position)
    await MeetingLink.filter(id=link.id).update(kind=MeetingLinkKind.GROUP)
    with at(BRIEFLY):
        assert await starts(link) == [monday(hour) for hour in range(8, 16) if hour != 9]
    with at(FOR_LONG):
        assert await starts(link) == []
        reasons = await explain_slot(await page_of_slug(link.slug), monday(12))
        assert [(one.code, one.member) for one in reasons] == [("CALENDAR_UNREACHABLE", users[0].id)]
        with pytest.raises(Refused) as caught:
            await book(a_booking(link, monday(12)))
    (complaint,) = caught.value.complaints
    assert complaint.code is ErrorCode.SLOT_NOT_OFFERED
    assert "the host's calendar cannot be reached at the moment" in complaint.message


async def test_a_calendar_that_answers_again_or_does_not_sync_closes_nothing(db: str) -> None:
    link, users = await a_team_with_a_silent_member()
    for fields in ({"unreachable_since": None}, {"unreachable_since": NOW, "syncs": False}):
        await CalendarAccount.filter(user_id=users[0].id).update(**fields)
        with at(FOR_LONG):
            reasons = await explain_slot(await page_of_slug(link.slug), monday(12))
            assert reasons == []
            page = await page_of_slug(link.slug)
            assert [host.id for host in page.hosts] == [user.id for user in users]
            assert len(await starts(link)) == 8
