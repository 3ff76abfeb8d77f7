"""Verbs that want the same users and meetings at the same moment wait for each other in one order."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from server import database
from server.booking.manage_link import manage_token_of
from server.booking.reschedule import reschedule
from server.changes.log import record_change
from server.meetings.edit import Conflict, MeetingEdit, edit
from server.meetings.schedule import Scheduled, schedule
from server.models import Account, Meeting, MeetingLink, User
from server.models.enums import ChangeKind, Role
from server.rotation.members import count_down
from server.team.deactivate import deactivate_user
from server.team.hand_over import Done, hand_over_meetings
from tests.factories import a_link, a_meeting, a_user, an_account
from tests.server.booking.scene import a_rotation, at, monday
from tests.server.meetings.scene import a_new_meeting, viewer_of

pytestmark = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)

Act = Callable[[], Awaitable[Any]]
Acts = list[Coroutine[Any, Any, Any]]


class Team:
    """Leo leaves and Nora takes over, in the order of their numbers; Ada and Zoe administer."""

    account: Account
    ada: User
    leo: User
    nora: User
    zoe: User
    meeting: Meeting
    link: MeetingLink


@pytest.fixture
async def team(db: str) -> Team:
    made = Team()
    made.account = await an_account()
    made.ada = await a_user(made.account, "Ada Admin", role=Role.ADMIN, password_hash="x")
    made.leo = await a_user(made.account, "Leo Leaver")
    made.nora = await a_user(made.account, "Nora Next")
    made.zoe = await a_user(made.account, "Zoe Admin", role=Role.ADMIN, password_hash="x")
    made.link = await a_link(made.leo)
    made.meeting = await a_meeting(made.leo, monday(9), link=made.link)
    return made


async def while_held(hold: Act, acts: Acts, *, then: Act | None = None) -> list[Any]:
    """What becomes of the acts, each of which had to wait for what one transaction holds, or for those before it, by
    the time that the transaction goes on with `then` and ends."""
    is_held, goes_on = asyncio.Event(), asyncio.Event()

    async def holding() -> None:
        async with database.transaction():
            await hold()
            is_held.set()
            await goes_on.wait()
            if then is not None:
                await then()

    holder = asyncio.create_task(holding())
    await is_held.wait()
    begun = []
    for act in acts:
        begun.append(asyncio.create_task(act))
        await until_so_many_wait(len(begun))
    goes_on.set()
    results = await asyncio.gather(holder, *begun, return_exceptions=True)
    assert results[0] is None
    return results[1:]


async def until_so_many_wait(count: int) -> None:
    sql = "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    async with asyncio.timeout(10):
        while (await database.fetch(sql))[0][0] < count:  # noqa: ASYNC110  nobody tells when a lock is waited for
            await asyncio.sleep(0.01)


def locking(*users: User) -> Act:
    return partial(database.lock_hosts, [user.id for user in users])


async def lock_as_a_booking_does(*users: User) -> None:
    async with database.transaction():
        await database.lock_hosts([user.id for user in users])


def recording(team: Team) -> Act:
    return partial(record_change, ChangeKind.LINK_CHANGED, account_id=team.account.id, actor="user:1")


async def test_meeting_that_is_moved_while_it_is_handed_over_is_refused_as_changed(team: Team) -> None:
    move = MeetingEdit(team.meeting.id, starts_at=team.meeting.starts_at + timedelta(hours=1))
    with at():
        handed, moved = await while_held(
            locking(team.nora),
            [hand_over_meetings(viewer_of(team.ada), team.leo.id, team.nora.id), edit(viewer_of(team.ada), move)],
        )
    assert handed == Done(1, 0, ())
    assert isinstance(moved, Conflict)
    now = await Meeting.get(id=team.meeting.id)
    assert (now.host_id, now.starts_at) == (team.nora.id, team.meeting.starts_at)


async def test_booking_that_is_moved_while_it_is_handed_over_is_refused_as_changed(team: Team) -> None:
    token = manage_token_of(team.meeting)
    with at():
        handed, moved = await while_held(
            locking(team.nora),
            [
                hand_over_meetings(viewer_of(team.ada), team.leo.id, team.nora.id),
                reschedule(token, starts_at=monday(11)),
            ],
        )
    assert handed == Done(1, 0, ())
    assert isinstance(moved, Conflict)
    assert moved.complaints[0].path == ("token",)
    now = await Meeting.get(id=team.meeting.id)
    assert (now.host_id, now.starts_at) == (team.nora.id, monday(9))


async def test_host_named_beside_a_rotation_is_locked_with_its_members(team: Team) -> None:
    rotation = await a_rotation(team.account, team.nora, team.zoe)
    new = a_new_meeting(host_id=team.leo.id, rotation_id=rotation.id, starts_at=monday(12), ends_at=monday(13))
    with at():
        scheduled, booked = await while_held(
            locking(team.zoe),
            [schedule(viewer_of(team.ada), new), lock_as_a_booking_does(team.leo, team.nora)],
        )
    assert isinstance(scheduled, Scheduled)
    assert booked is None


async def test_whoever_leaves_is_locked_with_the_administrators_in_the_order_of_their_numbers(team: Team) -> None:
    yan = await a_user(team.account, "Yan Admin", role=Role.ADMIN, password_hash="x")
    with at():
        left, booked = await while_held(
            locking(yan),
            [
                deactivate_user(viewer_of(team.ada), team.leo.id, hand_over_to=team.nora.id),
                lock_as_a_booking_does(team.leo, team.zoe),
            ],
        )
    assert (left, booked) == (Done(1, 0, ()), None)


async def test_links_of_whoever_leaves_are_locked_before_anything_is_recorded(team: Team) -> None:
    with at():
        (left,) = await while_held(
            partial(_lock_link, team.link.id),
            [deactivate_user(viewer_of(team.ada), team.leo.id, hand_over_to=team.nora.id)],
            then=recording(team),
        )
    assert left == Done(1, 0, ())
    assert (await MeetingLink.get(id=team.link.id)).owner_id == team.nora.id


async def test_places_in_rotations_are_locked_before_anything_is_recorded(team: Team) -> None:
    rotation = await a_rotation(team.account, team.leo, team.nora, assigned=1)
    await a_meeting(team.leo, monday(11), rotation_id=rotation.id)
    with at():
        (handed,) = await while_held(
            partial(count_down, rotation.id, team.leo.id),
            [hand_over_meetings(viewer_of(team.ada), team.leo.id, team.nora.id)],
            then=recording(team),
        )
    assert handed == Done(2, 0, ())


async def _lock_link(link_id: int) -> None:
    await MeetingLink.filter(id=link_id).select_for_update(no_key=True).get()
