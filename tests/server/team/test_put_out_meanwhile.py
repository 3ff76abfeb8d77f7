"""Whoever is put out while another verb waits for them is not hosted any more."""

from __future__ import annotations

from collections.abc import Coroutine
from functools import partial
from typing import Any

import pytest

from server.accounts.invite import Invitation, invite_user
from server.accounts.password_tokens import set_password_with
from server.booking.book import book
from server.booking.manage_link import manage_token_of
from server.booking.reschedule import reschedule
from server.errors import ErrorCode, Refused
from server.links.edit import retire_link
from server.meetings.errors import Conflict
from server.meetings.schedule import schedule
from server.models import BusySpan, LinkMember, Meeting, MeetingLink, PasswordToken, User
from server.models.enums import MeetingLinkKind
from server.team.deactivate import deactivate_user
from server.team.hand_over import Done, hand_over_meetings
from tests.factories import a_busy_span, a_link, a_meeting
from tests.server.accounts.test_invite import PASSWORD, last_secret
from tests.server.booking.scene import a_booking, a_round_robin, at, monday
from tests.server.meetings.held import locking, while_held
from tests.server.meetings.scene import a_new_meeting, viewer_of
from tests.server.meetings.team import Team, a_team

pytestmark = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


@pytest.fixture
async def team(db: str) -> Team:
    return await a_team()


async def while_put_out(team: Team, user: User, to: User, act: Coroutine[Any, Any, Any]) -> Any:
    """What becomes of the act that waits for the user, who is put out before it goes on."""
    with at():
        put_out = deactivate_user(viewer_of(team.ada), user.id, hand_over_to=to.id)
        left, result = await while_held(locking(user), [put_out, act])
    assert isinstance(left, Done)
    return result


def code_of(result: Any) -> ErrorCode:
    assert isinstance(result, Refused)
    return result.complaints[0].code


async def a_group(team: Team) -> MeetingLink:
    """Nora owns it, and hosts with Leo."""
    link = await a_link(team.nora, kind=MeetingLinkKind.GROUP)
    for position, user in enumerate((team.leo, team.nora)):
        await LinkMember.create(link=link, user=user, position=position)
    return link


async def test_page_of_whoever_is_put_out_takes_no_booking(team: Team) -> None:
    booked = await while_put_out(team, team.leo, team.nora, book(a_booking(team.link, monday(11))))
    assert code_of(booked) is ErrorCode.LINK_INACTIVE
    assert await Meeting.all().values_list("host_id", flat=True) == [team.nora.id]


async def test_group_that_somebody_is_put_out_of_takes_no_booking(team: Team) -> None:
    link = await a_group(team)
    booked = await while_put_out(team, team.leo, team.zoe, book(a_booking(link, monday(11))))
    assert code_of(booked) is ErrorCode.LINK_INACTIVE
    assert await Meeting.exists(link_id=link.id) is False


async def test_group_meeting_is_not_moved_with_whoever_is_put_out(team: Team) -> None:
    meeting = await a_meeting(team.nora, monday(12), link=await a_group(team))
    await a_busy_span(team.leo, meeting)
    moved = await while_put_out(team, team.leo, team.nora, reschedule(manage_token_of(meeting), starts_at=monday(14)))
    assert isinstance(moved, Conflict)
    assert await BusySpan.filter(meeting_id=meeting.id).values_list("host_id", flat=True) == [team.nora.id]


async def test_whoever_is_put_out_is_no_host_to_schedule_for(team: Team) -> None:
    new = a_new_meeting(host_id=team.leo.id, starts_at=monday(12), ends_at=monday(13))
    scheduled = await while_put_out(team, team.leo, team.nora, schedule(viewer_of(team.ada), new))
    assert code_of(scheduled) is ErrorCode.NOT_FOUND
    assert await Meeting.exists(host_id=team.leo.id) is False


async def test_nothing_is_handed_over_to_whoever_is_put_out(team: Team) -> None:
    handing = hand_over_meetings(viewer_of(team.ada), team.leo.id, team.nora.id)
    handed = await while_put_out(team, team.nora, team.zoe, handing)
    assert code_of(handed) is ErrorCode.NOT_FOUND
    assert (await Meeting.get(id=team.meeting.id)).host_id == team.leo.id


async def test_whoever_is_put_out_sets_no_password(team: Team) -> None:
    with at():
        invited = await User.get(id=await invite_user(viewer_of(team.ada), Invitation("new@linden.example")))
        setting = set_password_with(await last_secret(), PASSWORD, is_invitation=True, name="New")
    result = await while_put_out(team, invited, team.nora, setting)
    assert code_of(result) is ErrorCode.TOKEN_EXPIRED
    assert (await User.get(id=invited.id)).password_hash is None
    assert await PasswordToken.all().count() == 0


async def test_page_that_is_retired_while_a_booking_waits_takes_none(db: str) -> None:
    link, _ = await a_round_robin()
    owner = await link.owner
    with at():
        (booked,) = await while_held(partial(retire_link, viewer_of(owner), link.id), [book(a_booking(link))])
    assert code_of(booked) is ErrorCode.LINK_NOT_FOUND
    assert await Meeting.all().count() == 0
    assert (await MeetingLink.get(id=link.id)).retired_at is not None
