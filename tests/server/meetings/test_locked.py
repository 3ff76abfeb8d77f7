"""Verbs that want the same users and meetings at the same moment wait for each other in one order."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest

from server import database
from server.booking.manage_link import manage_token_of
from server.booking.reschedule import reschedule
from server.changes.log import record_change
from server.errors import ErrorCode, Refused
from server.links.edit import edit_link
from server.links.settings import LinkSettings
from server.meetings.edit import Conflict, MeetingEdit, edit
from server.meetings.locked import lock
from server.meetings.move import put_at
from server.meetings.schedule import Scheduled, schedule
from server.models import Job, LinkMember, Meeting, MeetingLink, User
from server.models.enums import ChangeKind, JobKind, MeetingLinkKind, NotificationActionKind, Role
from server.notifications.action_tokens import offer
from server.notifications.perform import Press, perform
from server.outbox import enqueue
from server.rotation.members import count_down
from server.team.deactivate import deactivate_user
from server.team.hand_over import Done, hand_over_meetings
from tests.factories import a_link, a_meeting, a_user
from tests.server.booking.scene import a_rotation, at, monday
from tests.server.meetings.held import Act, locking, locking_link, while_held
from tests.server.meetings.scene import a_new_meeting, viewer_of
from tests.server.meetings.team import Team, a_team

pytestmark = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


@pytest.fixture
async def team(db: str) -> Team:
    return await a_team()


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
            locking_link(team.link),
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


async def test_button_pressed_while_its_meeting_is_moved_works_no_longer(team: Team) -> None:
    with at():
        number = await enqueue(JobKind.PUSH, account_id=team.account.id, meeting_id=team.meeting.id)
        until = team.meeting.starts_at
        button = await offer(
            NotificationActionKind.RUNNING_LATE, await Job.get(id=number), user_id=team.leo.id, expires_at=until
        )
        (pressed,) = await while_held(
            partial(lock, team.meeting.id, account_id=team.account.id),
            [perform(Press(button.token))],
            then=partial(put_at, team.meeting, monday(11), monday(11, 30), host_ids=[team.leo.id]),
        )
    assert isinstance(pressed, Refused)
    assert pressed.complaints[0].code is ErrorCode.TOKEN_EXPIRED


async def test_meetings_are_handed_over_in_the_order_of_their_numbers(team: Team) -> None:
    """The later they were put in, the sooner they begin."""
    meetings = [await a_meeting(team.nora, monday(hour), organizer_id=team.leo.id) for hour in (15, 14, 13)]

    async def lock_by_number() -> None:
        async with database.transaction():
            await Meeting.filter(host_id=team.nora.id).order_by("id").select_for_update(no_key=True)

    with at():
        locked, handed = await while_held(
            partial(lock, meetings[1].id, account_id=team.account.id),
            [lock_by_number(), hand_over_meetings(viewer_of(team.ada), team.leo.id, team.zoe.id)],
        )
    assert (locked, handed) == (None, Done(4, 0, ()))


async def test_of_two_links_made_the_default_at_once_the_second_is(team: Team) -> None:
    links = [await a_link(team.leo, is_default=is_default) for is_default in (True, False, False)]
    as_default = LinkSettings(is_default=True)
    with at():
        made = await while_held(
            locking_link(links[0]), [edit_link(viewer_of(team.leo), link.id, as_default) for link in links[1:]]
        )
    assert made == [None, None]
    assert await MeetingLink.filter(is_default=True).values_list("id", flat=True) == [links[2].id]


async def test_link_made_the_default_while_a_member_leaves_is_locked_with_the_default_before(team: Team) -> None:
    links = [await a_link(team.nora, kind=MeetingLinkKind.GROUP, is_default=is_default) for is_default in (True, False)]
    for link in links:
        await LinkMember.create(link=link, user=team.leo, position=0)
    with at():
        left, made = await while_held(
            locking_link(links[0]),
            [
                deactivate_user(viewer_of(team.ada), team.leo.id, hand_over_to=team.zoe.id),
                edit_link(viewer_of(team.nora), links[1].id, LinkSettings(is_default=True)),
            ],
        )
    assert (left, made) == (Done(1, 0, ()), None)
    assert await MeetingLink.filter(is_default=True).values_list("id", flat=True) == [links[1].id]
