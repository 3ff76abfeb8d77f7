"""A page whose hosts are locked is hosted by those who are still there."""

from __future__ import annotations

import pytest

from server import database
from server.booking.open_page import with_hosts_locked
from server.errors import ErrorCode, Refused
from server.links.pages import SchedulingPage
from server.models import LinkMember, User
from server.models.enums import MeetingLinkKind
from tests.factories import a_link, a_user, an_account
from tests.server.booking.scene import a_host_with_a_link, a_round_robin, page_of_slug


async def hosts_once_locked(page: SchedulingPage, *put_out: User) -> list[int] | ErrorCode:
    """Who hosts a page that was read before these were put out; or how it is refused."""
    await User.filter(id__in=[user.id for user in put_out]).update(is_active=False)
    try:
        async with database.transaction():
            return [host.id for host in (await with_hosts_locked(page)).hosts]
    except Refused as refused:
        return refused.complaints[0].code


async def test_personal_page_is_closed_once_its_host_is_put_out(db: str) -> None:
    _, host, link = await a_host_with_a_link()
    page = await page_of_slug(link.slug)
    assert await hosts_once_locked(page) == [host.id]
    assert await hosts_once_locked(page, host) is ErrorCode.LINK_INACTIVE


async def test_group_is_closed_once_one_of_its_hosts_is_put_out(db: str) -> None:
    account = await an_account()
    users = [await a_user(account), await a_user(account)]
    link = await a_link(users[0], kind=MeetingLinkKind.GROUP)
    for position, user in enumerate(users):
        await LinkMember.create(link=link, user=user, position=position)
    page = await page_of_slug(link.slug)
    assert await hosts_once_locked(page) == [user.id for user in users]
    assert await hosts_once_locked(page, users[1]) is ErrorCode.LINK_INACTIVE


@pytest.mark.parametrize("count", [1, 2])
async def test_others_take_the_turns_of_whoever_is_put_out(db: str, count: int) -> None:
    link, users = await a_round_robin(2)
    hosts = await hosts_once_locked(await page_of_slug(link.slug), *users[:count])
    assert hosts == ([users[1].id] if count == 1 else ErrorCode.LINK_INACTIVE)
