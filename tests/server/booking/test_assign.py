"""Who hosts a slot of a rotation."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from server import database
from server.booking.book import SlotTaken, book
from server.errors import Refused
from server.models import Meeting, Rotation, RotationMember
from server.rotation.members import count_up
from server.rotation.pick import replayed
from tests.factories import a_contact, a_meeting
from tests.server.booking.scene import a_booking, a_round_robin, at, monday, page_of_slug, turns_of


@pytest.mark.capability("S2-45")
async def test_rotation_gives_the_meeting_to_whoever_has_fewest_and_waited_longest(db: str) -> None:
    link, users = await a_round_robin(3)
    hosts = []
    with at():
        for index in range(6):
            booked = await book(a_booking(link, monday(8) + timedelta(minutes=30 * index)))
            hosts.append((await Meeting.get(id=booked.meeting_id)).host_id)
    assert hosts == [user.id for user in users] * 2
    assert await turns_of(link.rotation_id) == [(user.id, 2, 4 + index) for index, user in enumerate(users)]


async def test_rotation_fills_one_slot_with_every_member_and_then_it_is_taken(db: str) -> None:
    link, users = await a_round_robin(3)
    hosts = set()
    with at():
        for index in range(3):
            booked = await book(a_booking(link, email=f"v{index}@client.example"))
            hosts.add((await Meeting.get(id=booked.meeting_id)).host_id)
        with pytest.raises(SlotTaken):
            await book(a_booking(link, email="late@client.example"))
    assert hosts == {user.id for user in users}


async def test_rotation_passes_over_whoever_is_busy_and_says_so(db: str) -> None:
    link, users = await a_round_robin(2)
    with at():
        await a_meeting(users[0], monday(9))
        booked = await book(a_booking(link))
    meeting = await Meeting.get(id=booked.meeting_id)
    assert meeting.host_id == users[1].id
    assert meeting.assignment_trace is not None
    assert [(row["id"], row["standing"]) for row in meeting.assignment_trace] == [
        (users[0].id, "NOT_FREE"),
        (users[1].id, "PICKED"),
    ]
    assert replayed(meeting.assignment_trace) == users[1].id


async def test_rotation_asks_the_contact_owner_first_where_the_link_says_so(db: str) -> None:
    link, users = await a_round_robin(2, contact_owner_first=True)
    await a_contact(await link.account, email="tomasz@client.example", owner=users[1])
    with at():
        first = await book(a_booking(link))
        second = await book(a_booking(link, monday(11)))
        await a_meeting(users[1], monday(13))
        third = await book(a_booking(link, monday(13)))
    hosts = [(await Meeting.get(id=one.meeting_id)).host_id for one in (first, second, third)]
    assert hosts == [users[1].id, users[1].id, users[0].id]
    assert await turns_of(link.rotation_id) == [(users[0].id, 1, 3), (users[1].id, 2, 2)]


async def test_rotation_offers_neither_inactive_members_nor_those_of_no_weight(db: str) -> None:
    link, users = await a_round_robin(3)
    await RotationMember.filter(user_id=users[0].id).update(is_active=False)
    await RotationMember.filter(user_id=users[1].id).update(weight=0)
    with at():
        booked = await book(a_booking(link))
        with pytest.raises(SlotTaken):
            await book(a_booking(link, email="second@client.example"))
    assert (await Meeting.get(id=booked.meeting_id)).host_id == users[2].id


async def test_rotation_gives_twice_as_many_to_twice_the_weight(db: str) -> None:
    link, users = await a_round_robin(2)
    await RotationMember.filter(user_id=users[0].id).update(weight=2)
    with at():
        for index in range(6):
            await book(a_booking(link, monday(8) + timedelta(minutes=30 * index)))
    assert [assigned for _, assigned, _ in await turns_of(link.rotation_id)] == [4, 2]


async def test_page_of_a_rotation_that_is_deleted_is_closed(db: str) -> None:
    link, _ = await a_round_robin(1)
    with at():
        await Rotation.filter(id=link.rotation_id).update(deleted_at=monday(0))
        assert (await page_of_slug(link.slug)).is_open is False
        with pytest.raises(Refused):
            await book(a_booking(link))


async def test_rotation_counts_what_was_booked_while_a_booking_waited(db: str) -> None:
    link, users = await a_round_robin()
    is_counted, may_commit = asyncio.Event(), asyncio.Event()

    async def quicker() -> None:
        async with database.transaction():
            await database.lock_hosts(user.id for user in users)
            await count_up(link.rotation_id or 0, users[0].id)
            is_counted.set()
            await may_commit.wait()

    with at():
        first = asyncio.create_task(quicker())
        await is_counted.wait()
        second = asyncio.create_task(book(a_booking(link)))
        await asyncio.sleep(0.3)
        may_commit.set()
        await first
        meeting = await Meeting.get(id=(await second).meeting_id)
    assert meeting.host_id == users[1].id
    assert [assigned for _, assigned, _ in await turns_of(link.rotation_id)] == [1, 1]
