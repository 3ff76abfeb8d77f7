"""Rights that are lost while somebody listens."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from server import clock, database
from server.accounts.api_tokens import create_api_token
from server.accounts.bearer import viewer_of
from server.accounts.scopes import READ_SCOPES
from server.accounts.sessions import open_session
from server.models import User
from server.web.fan_out import groups
from tests.factories import a_meeting, a_user, an_account
from tests.server.web.fan_out.scene import STARTS, Listener, changed, operations


async def _by_session(user: User) -> str:
    return (await open_session(user)).access_token


async def _by_token(user: User) -> str:
    return (await create_api_token(user.account_id, user_id=user.id, name="test", scopes=READ_SCOPES)).secret


@pytest.mark.parametrize(
    ("come_in", "what_happens"),
    [
        (_by_session, "UPDATE session SET ended_at = $1"),
        (_by_session, "UPDATE app_user SET is_active = false WHERE $1 > 0"),
        (_by_session, "UPDATE app_user SET role = 'ADMIN' WHERE $1 > 0"),
        (_by_token, "UPDATE api_token SET revoked_at = $1"),
        (_by_token, "UPDATE api_token SET scopes = '[\"meetings:read\"]' WHERE $1 > 0"),
        (_by_token, "UPDATE app_user SET is_active = false WHERE $1 > 0"),
    ],
)
async def test_whoever_lost_a_right_is_not_told_the_next_change(
    db: str, monkeypatch: pytest.MonkeyPatch, come_in: Callable[[User], Awaitable[str]], what_happens: str
) -> None:
    monkeypatch.setattr(groups, "TRUST_SECONDS", 0.0)
    ines = await a_user(await an_account(), role="MEMBER")
    meeting, shared = await a_meeting(ines, STARTS), operations()
    listener = Listener(shared, await viewer_of(await come_in(ines)))
    await asyncio.sleep(1.5)
    await changed(meeting)
    await listener.has_heard(1)
    await database.execute(what_happens, clock.now_epoch())
    await changed(meeting)
    assert await listener.has_ended() == ["UNAUTHENTICATED"]
    assert len(listener.heard) == 1


async def test_rights_are_asked_for_once_a_second_at_most(db: str, monkeypatch: pytest.MonkeyPatch) -> None:
    ines = await a_user(await an_account())
    meeting, shared = await a_meeting(ines, STARTS), operations()
    viewer = await viewer_of(await _by_session(ines))
    asked = []
    standing = groups.no_longer_standing

    async def noted(viewers: set[object]) -> set[object]:
        asked.append(viewers)
        return await standing(viewers)  # type: ignore[arg-type, return-value]  # a set of viewers

    monkeypatch.setattr(groups, "no_longer_standing", noted)
    listeners = [Listener(shared, viewer) for _ in range(10)]
    await asyncio.sleep(1.5)
    await changed(meeting, 5)
    for one in listeners:
        await one.has_heard(5)
        await one.leave()
    assert 1 <= len(asked) <= 3
    assert asked[0] == {viewer}
