"""What somebody may do."""

from __future__ import annotations

import pytest

from server.accounts.edit_user import edit_user, reactivate_user
from server.errors import ErrorCode, Refused
from server.models import User
from server.models.enums import Role
from tests.factories import a_user, an_account
from tests.server.meetings.scene import viewer_of


async def test_role_and_seat_are_an_administrators_to_give(db: str) -> None:
    account = await an_account()
    admin = await a_user(account, "Ada", role=Role.ADMIN, password_hash="x")
    user = await a_user(account, "Nora")
    await edit_user(viewer_of(admin), user.id, role=Role.ADMIN, has_seat=False)
    now = await User.get(id=user.id)
    assert (now.role, now.has_seat) == (Role.ADMIN, False)
    with pytest.raises(Refused) as caught:
        await edit_user(viewer_of(user), admin.id, role=Role.MEMBER)
    assert caught.value.complaints[0].code is ErrorCode.FORBIDDEN


async def test_last_administrator_stays_one(db: str) -> None:
    account = await an_account()
    admin = await a_user(account, "Ada", role=Role.ADMIN, password_hash="x")
    await a_user(account, "Invited", role=Role.ADMIN)
    await a_user(account, "Out", role=Role.ADMIN, password_hash="x", is_active=False)
    with pytest.raises(Refused) as caught:
        await edit_user(viewer_of(admin), admin.id, role=Role.MEMBER)
    assert caught.value.complaints[0].code is ErrorCode.CONFLICT
    await a_user(account, "Second", role=Role.ADMIN, password_hash="x")
    await edit_user(viewer_of(admin), admin.id, role=Role.MEMBER)
    assert (await User.get(id=admin.id)).role is Role.MEMBER


async def test_foreign_user_is_not_there(db: str) -> None:
    admin = await a_user(await an_account(), "Ada", role=Role.ADMIN)
    stranger = await a_user(await an_account("Other"), "Nora", is_active=False)
    for act in (edit_user, reactivate_user):
        with pytest.raises(Refused) as caught:
            await act(viewer_of(admin), stranger.id)
        assert caught.value.complaints[0].code is ErrorCode.NOT_FOUND
