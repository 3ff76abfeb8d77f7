"""A host with enough meetings on a day of theirs is on no page: the list, the reasons and the booking agree."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from server.booking.book import SlotTaken, book
from server.booking.cancel import cancel
from server.booking.hold import hold_slot
from server.booking.reschedule import reschedule
from server.booking.slots import explain_slot, slots_between
from server.meetings.delete import delete
from server.models import LinkMember, Meeting, MeetingLink, User
from server.models.enums import MeetingLinkKind
from tests.factories import a_link, a_meeting, a_user, an_account
from tests.server.booking.scene import NOW, a_booking, a_host_with_a_link, a_round_robin, at, monday, page_of_slug
from tests.server.meetings.scene import viewer_of

MONDAY = date(2026, 11, 23)
MIDNIGHT_IN_WARSAW = int((monday(23)).timestamp())


async def starts(link: MeetingLink, day: date = MONDAY) -> list[datetime]:
    page = await page_of_slug(link.slug)
    days = await slots_between(page, start=day, end=day, duration_minutes=None, viewer_tz="UTC")
    return [slot.starts_at for found in days for slot in found.slots]


async def limited(host: User, meetings: int) -> None:
    await User.filter(id=host.id).update(daily_limit=meetings)


async def test_a_full_day_is_not_listed_is_explained_with_its_host_and_cannot_be_booked(db: str) -> None:
    _, host, link = await a_host_with_a_link(increment_minutes=60)
    await limited(host, 2)
    with at():
        await book(a_booking(link, monday(8)))
        assert len(await starts(link)) == 7
        await book(a_booking(link, monday(9), email="second@client.example"))
        assert await starts(link) == []
        assert len(await starts(link, MONDAY + timedelta(days=1))) == 8
        reasons = await explain_slot(await page_of_slug(link.slug), monday(12))
        with pytest.raises(SlotTaken) as caught:
            await book(a_booking(link, monday(12), email="third@client.example"))
        with pytest.raises(SlotTaken):
            await hold_slot(link.slug, monday(12))
    assert [(one.code, one.member, one.until) for one in reasons] == [("DAILY_LIMIT", host.id, MIDNIGHT_IN_WARSAW)]
    assert [slot.starts_at - monday(0) for slot in caught.value.alternatives] == [
        timedelta(days=1, hours=hour) for hour in (8, 9, 10)
    ]


async def test_every_meeting_that_stands_counts_through_whichever_link_and_by_hand(db: str) -> None:
    """Canceled and deleted ones do not, nor do those of the day before in the host's zone."""
    _, host, link = await a_host_with_a_link(increment_minutes=60)
    other = await a_link(host, "Other", increment_minutes=60)
    await limited(host, 3)
    with at():
        first = await book(a_booking(other, monday(8)))
        by_hand = await a_meeting(host, monday(18))
        await a_meeting(host, monday(22, 30) - timedelta(days=1))
        assert len(await starts(link)) == 7
        await a_meeting(host, monday(13), canceled_at=NOW)
        await book(a_booking(link, monday(9), email="second@client.example"))
        assert await starts(link) == []
        await cancel(first.manage_token)
        assert len(await starts(link)) == 7
        await book(a_booking(link, monday(10), email="third@client.example"))
        assert await starts(link) == []
        await delete(viewer_of(host), by_hand.id)
        assert len(await starts(link)) == 6


async def test_the_day_is_the_hosts(db: str) -> None:
    """Nine in the evening in Los Angeles is the next day in Warsaw, where the page counts."""
    account = await an_account()
    host = await a_user(
        account, time_zone="America/Los_Angeles", weekly_hours={str(day): [[0, 1440]] for day in range(7)}
    )
    await limited(host, 1)
    link = await a_link(host, time_zone="Europe/Warsaw", increment_minutes=60)
    with at():
        await book(a_booking(link, monday(9)))
        listed = await starts(link)
    assert listed == [monday(hour) for hour in range(24) if hour < 8]


async def test_a_meeting_of_a_full_day_can_be_moved_within_it_and_not_into_another(db: str) -> None:
    _, host, link = await a_host_with_a_link(increment_minutes=60)
    await limited(host, 1)
    tuesday = monday(9) + timedelta(days=1)
    with at():
        booked = await book(a_booking(link, monday(9)))
        await book(a_booking(link, tuesday, email="second@client.example"))
        await reschedule(booked.manage_token, starts_at=monday(12))
        with pytest.raises(SlotTaken):
            await reschedule(booked.manage_token, starts_at=tuesday + timedelta(hours=3))
    assert (await Meeting.get(id=booked.meeting_id)).starts_at == monday(12)


async def test_a_rotation_goes_on_with_the_others_and_a_group_waits_for_everybody(db: str) -> None:
    link, (ines, piotr) = await a_round_robin(2, increment_minutes=60)
    await limited(ines, 1)
    with at():
        booked = [await book(a_booking(link, monday(hour), email=f"v{hour}@client.example")) for hour in (8, 9, 10)]
        hosts = [(await Meeting.get(id=one.meeting_id)).host_id for one in booked]
        assert hosts == [ines.id, piotr.id, piotr.id]
        for position, user in enumerate((ines, piotr)):
            await LinkMember.create(link=link, user=user, position=position)
        await MeetingLink.filter(id=link.id).update(kind=MeetingLinkKind.GROUP)
        assert await starts(link) == []
        reasons = await explain_slot(await page_of_slug(link.slug), monday(12))
    assert [(one.code, one.member) for one in reasons] == [("DAILY_LIMIT", ines.id)]


async def test_members_of_a_group_count_it_as_one_each(db: str) -> None:
    account, host, group = await a_host_with_a_link(kind=MeetingLinkKind.GROUP, increment_minutes=60)
    colleague = await a_user(account, "Piotr Zima")
    for position, user in enumerate((host, colleague)):
        await LinkMember.create(link=group, user=user, position=position)
    await limited(colleague, 1)
    own = await a_link(colleague, increment_minutes=60)
    with at():
        assert len(await starts(own)) == 8
        await book(a_booking(group, monday(9)))
        assert await starts(own) == []
