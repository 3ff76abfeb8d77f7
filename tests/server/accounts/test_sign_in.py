import asyncio
import os
from datetime import timedelta

import pytest
from argon2 import PasswordHasher

from server import clock, ids
from server.accounts.passwords import hash_password
from server.accounts.scopes import scopes_of
from server.accounts.sign_in import sign_in
from server.accounts.viewer import Viewer
from server.errors import Complaint, ErrorCode, Refused
from server.models import Account, RefreshToken, Session, User
from server.models.enums import Role
from tests.factories import a_user, an_account

QUICK = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1)
WRONG = Complaint(
    ErrorCode.CREDENTIALS_INVALID, "E-mail address and password do not belong together. Try again.", ("password",)
)


async def _ines(account: Account | None = None, **fields: object) -> User:
    given = {"email": "ines@linden.example", "password_hash": QUICK.hash("four quiet words")} | fields
    return await a_user(account or await an_account(), **given)


async def test_signing_in_opens_a_session_on_the_device(db: str) -> None:
    user = await _ines(role=Role.ADMIN, locale="pl")
    signed_in = await sign_in(" Ines@Linden.example ", "four quiet words", device_name="Ines' phone")
    session = await Session.get()
    assert (session.user_id, session.device_name, session.ended_at) == (user.id, "Ines' phone", None)
    assert signed_in.access_expires_at - clock.now() == pytest.approx(timedelta(minutes=15), abs=timedelta(seconds=2))
    assert signed_in.viewer == Viewer(
        account_id=user.account_id,
        user_id=user.id,
        role=Role.ADMIN,
        has_seat=True,
        time_zone="Europe/Warsaw",
        locale="pl",
        scopes=scopes_of(Role.ADMIN),
        session_id=session.id,
        expires_at=signed_in.access_expires_at,
    )


async def test_only_the_digest_of_the_refresh_token_is_kept(db: str) -> None:
    await _ines()
    signed_in = await sign_in("ines@linden.example", "four quiet words")
    token = await RefreshToken.get()
    assert token.digest == ids.digest(signed_in.refresh_token)
    assert token.expires_at - clock.now() > timedelta(days=59)


@pytest.mark.parametrize(
    ("email", "password", "fields"),
    [
        ("ines@linden.example", "four loud words", {}),
        ("somebody@linden.example", "four quiet words", {}),
        ("ines@linden.example", "four quiet words", {"is_active": False}),
        ("ines@linden.example", "four quiet words", {"password_hash": None}),
        ("", "", {}),
        ("x" * 10_000, "y" * 10_000, {}),
    ],
)
async def test_signing_in_is_refused_in_the_same_words(
    db: str, email: str, password: str, fields: dict[str, object]
) -> None:
    await _ines(**fields)
    with pytest.raises(Refused) as caught:
        await sign_in(email, password)
    assert caught.value.complaints == (WRONG,)
    assert await Session.all().count() == 0


async def test_an_old_hash_is_made_anew_when_its_password_is_at_hand(db: str) -> None:
    user = await _ines()
    before = user.password_hash
    await sign_in("ines@linden.example", "four quiet words")
    await user.refresh_from_db()
    assert user.password_hash != before
    await sign_in("ines@linden.example", "four quiet words")


async def test_a_device_name_too_long_is_refused_and_nothing_is_opened(db: str) -> None:
    await _ines()
    with pytest.raises(Refused) as caught:
        await sign_in("ines@linden.example", "four quiet words", device_name="x" * 300)
    assert [one.code for one in caught.value.complaints] == [ErrorCode.TEXT_TOO_LONG]
    assert await Session.all().count() == 0


async def test_a_password_that_is_changed_while_it_is_compared_opens_nothing(db: str) -> None:
    user = await _ines()
    # So many stand in line that the comparison comes last.
    others = [asyncio.create_task(hash_password("somebody else's words")) for _ in range(2 * (os.cpu_count() or 1))]
    signing_in = asyncio.create_task(sign_in("ines@linden.example", "four quiet words"))
    await asyncio.sleep(0.02)
    await User.filter(id=user.id).update(password_hash=QUICK.hash("five very quiet words"))
    with pytest.raises(Refused) as caught:
        await signing_in
    await asyncio.gather(*others)
    assert caught.value.complaints == (WRONG,)
    assert await Session.all().count() == 0


async def test_two_who_sign_in_at_once_with_a_hash_of_old_figures_are_both_let_in(db: str) -> None:
    await _ines()
    await asyncio.gather(*(sign_in("ines@linden.example", "four quiet words") for _ in range(2)))
    assert await Session.all().count() == 2
