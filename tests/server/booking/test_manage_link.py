"""The signed address of one meeting."""

from __future__ import annotations

import pytest

from server import settings
from server.booking.manage_link import booking_of, manage_token_of
from server.models import Meeting, MeetingLink
from tests.factories import a_contact, a_link, a_meeting, a_user, an_account
from tests.server.booking.scene import NOW, at, monday


async def test_manage_token_opens_its_own_meeting_only(db: str) -> None:
    account = await an_account()
    host = await a_user(account)
    with at():
        first, second = await a_meeting(host, monday(9)), await a_meeting(host, monday(11))
        token = manage_token_of(first)
        assert manage_token_of(await Meeting.get(id=first.id)) == token
        found = await booking_of(token)
        assert found is not None
        assert (found.meeting.id, found.token, found.page) == (first.id, token, None)
        assert await booking_of(f"{second.id}-{token.partition('-')[2]}") is None


@pytest.mark.parametrize("token", ["", "-", "7", "7-", "x-y", "²-y", "9" * 40 + "-y", "7-\N{SNOWMAN}"])
async def test_manage_token_that_is_none_opens_nothing(db: str, token: str) -> None:
    assert await booking_of(token) is None


async def test_manage_token_signed_with_another_key_opens_nothing(db: str) -> None:
    meeting = await a_meeting(await a_user(await an_account()))
    token = manage_token_of(meeting)
    settings.use(settings.read(secret_key="another-key-" + "z" * 32, database_url=settings.current().database_url))
    assert await booking_of(token) is None


async def test_managed_booking_says_whether_it_can_change(db: str) -> None:
    account = await an_account()
    host = await a_user(account)
    link = await a_link(host)
    with at():
        meeting = await a_meeting(host, monday(9), link=link, contact=await a_contact(account))
    token = manage_token_of(meeting)
    seen = []
    for instant in (NOW, monday(9)):
        with at(instant):
            found = await booking_of(token)
            assert found is not None
            assert found.page is not None
            seen.append((found.can_change, found.is_past, found.is_canceled, found.page.slug))
    for column in ("canceled_at", "deleted_at"):
        await Meeting.filter(id=meeting.id).update(**{column: NOW})
        with at():
            found = await booking_of(token)
        assert found is not None
        seen.append((found.can_change, found.is_past, found.is_canceled, link.slug))
        await Meeting.filter(id=meeting.id).update(**{column: None})
    await MeetingLink.filter(id=link.id).update(shows_manage_links=False)
    with at():
        found = await booking_of(token)
        assert found is not None
        seen.append((found.can_change, found.is_past, found.is_canceled, link.slug))
    assert seen == [
        (True, False, False, link.slug),
        (False, True, False, link.slug),
        (False, False, True, link.slug),
        (False, False, True, link.slug),
        (False, False, False, link.slug),
    ]
