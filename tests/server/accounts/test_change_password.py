import dataclasses

import pytest
from argon2 import PasswordHasher

from server.accounts.change_password import change_password, set_password
from server.accounts.sessions import SignedIn, refresh_session
from server.accounts.sign_in import sign_in
from server.errors import ErrorCode, Refused
from server.models import Session
from tests.factories import a_user, an_account

OLD, NEW = "four quiet words", "five rather loud words"
QUICK = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1)


async def _ines() -> SignedIn:
    await a_user(await an_account(), email="ines@linden.example", password_hash=QUICK.hash(OLD))
    return await sign_in("ines@linden.example", OLD)


async def test_the_new_password_holds_and_other_devices_are_signed_out(db: str) -> None:
    phone = await _ines()
    tablet = await sign_in("ines@linden.example", OLD)
    await change_password(phone.viewer, current=OLD, new=NEW)
    assert await Session.filter(ended_at=None).values_list("id", flat=True) == [phone.viewer.session_id]
    assert (await Session.get(id=tablet.viewer.session_id)).end_reason == "PASSWORD_CHANGED"
    await refresh_session(phone.refresh_token)
    await sign_in("ines@linden.example", NEW)
    with pytest.raises(Refused):
        await sign_in("ines@linden.example", OLD)


@pytest.mark.parametrize(("current", "new", "path"), [("wrong", NEW, "currentPassword"), (OLD, "short", "newPassword")])
async def test_a_wrong_or_weak_password_changes_nothing(db: str, current: str, new: str, path: str) -> None:
    phone = await _ines()
    with pytest.raises(Refused) as caught:
        await change_password(phone.viewer, current=current, new=new)
    assert [(one.code, one.path) for one in caught.value.complaints] == [(ErrorCode.CREDENTIALS_INVALID, (path,))]
    await sign_in("ines@linden.example", OLD)


async def test_a_program_has_no_password_to_change(db: str) -> None:
    program = dataclasses.replace((await _ines()).viewer, session_id=None, token_id=3)
    with pytest.raises(Refused) as caught:
        await change_password(program, current=OLD, new=NEW)
    assert [one.code for one in caught.value.complaints] == [ErrorCode.FORBIDDEN]


async def test_setting_a_password_ends_every_session(db: str) -> None:
    phone = await _ines()
    await set_password(phone.viewer.user_id or 0, NEW)
    assert await Session.filter(ended_at=None).count() == 0
    await sign_in("ines@linden.example", NEW)
