"""Somebody new, and somebody who forgot their password."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import pytest

from server import clock
from server.accounts.bearer import viewer_of as viewer_behind
from server.accounts.invite import Invitation, accept_invitation, invite_user, resend_invitation
from server.accounts.password_tokens import secret_from, set_password_with, user_behind
from server.accounts.reset_password import request_password_reset, reset_password
from server.accounts.sign_in import sign_in
from server.accounts.viewer import Viewer
from server.changes.data_version import data_version
from server.errors import ErrorCode, Refused, Unauthenticated
from server.models import Account, CalendarAccount, Job, PasswordToken, User
from server.models.enums import JobKind, Role
from tests.factories import a_user, an_account
from tests.server.meetings.scene import viewer_of

PASSWORD = "correct horse battery"
OTHER = "staple in the morning"


async def an_admin() -> tuple[Account, Viewer]:
    account = await an_account()
    return account, viewer_of(await a_user(account, "Ada Admin", role=Role.ADMIN))


async def last_secret() -> str:
    """What stands in the link of the last mail that was promised."""
    job = await Job.filter(kind=JobKind.PASSWORD_MAIL).order_by("-id").first()
    assert job is not None
    return secret_from(job.payload["seed"])


async def code_of(act: object) -> ErrorCode:
    with pytest.raises(Refused) as caught:
        await act  # type: ignore[misc]  # each of the tests hands over a coroutine
    return caught.value.complaints[0].code


async def test_invited_user_chooses_a_password_and_is_signed_in(db: str) -> None:
    _, admin = await an_admin()
    number = await invite_user(admin, Invitation(" Nora@Linden.Example ", role=Role.ADMIN, has_seat=False))
    user = await User.get(id=number)
    assert (user.email, user.name, user.role, user.has_seat, user.password_hash) == (
        "nora@linden.example",
        "Nora",
        Role.ADMIN,
        False,
        None,
    )
    assert await CalendarAccount.filter(user_id=number).count() == 1
    secret = await last_secret()
    token = await PasswordToken.get()
    assert secret not in str(token.__dict__)
    assert token.expires_at - clock.now() == timedelta(days=7)
    signed_in = await accept_invitation(secret, name=" Nora  Lis ", password=PASSWORD, device_name="Phone")
    assert (signed_in.viewer.user_id, (await User.get(id=number)).name) == (number, "Nora Lis")
    assert (await sign_in("nora@linden.example", PASSWORD)).viewer.user_id == number
    again = accept_invitation(secret, name="Nora", password=OTHER)
    assert await code_of(again) is ErrorCode.TOKEN_EXPIRED


async def test_name_that_was_chosen_raises_the_version_with_which_it_is_kept(db: str) -> None:
    account, admin = await an_admin()
    await invite_user(admin, Invitation("nora@linden.example"))
    before = await data_version(account.id)
    await set_password_with(await last_secret(), PASSWORD, is_invitation=True, name="Nora Lis")
    assert await data_version(account.id) == before + 1


async def test_only_the_newest_link_works_and_only_in_time(db: str) -> None:
    _, admin = await an_admin()
    number = await invite_user(admin, Invitation("nora@linden.example"))
    first = await last_secret()
    await resend_invitation(admin, number)
    second = await last_secret()
    assert await user_behind(first, is_invitation=True) is None
    assert await user_behind(second, is_invitation=False) is None
    assert await user_behind("x" * 5000, is_invitation=True) is None
    with clock.travel(clock.now() + timedelta(days=7)):
        assert await code_of(accept_invitation(second, name="Nora", password=PASSWORD)) is ErrorCode.TOKEN_EXPIRED
    await accept_invitation(second, name="Nora", password=PASSWORD)
    assert await code_of(resend_invitation(admin, number)) is ErrorCode.CONFLICT


async def test_what_is_wrong_leaves_the_link_as_it_was(db: str) -> None:
    _, admin = await an_admin()
    await invite_user(admin, Invitation("nora@linden.example"))
    secret = await last_secret()
    assert await code_of(accept_invitation(secret, name=" ", password=PASSWORD)) is ErrorCode.NAME_REQUIRED
    assert await code_of(accept_invitation(secret, name="N", password="short")) is ErrorCode.CREDENTIALS_INVALID
    assert await user_behind(secret, is_invitation=True) is not None


async def test_invitations_are_for_administrators(db: str) -> None:
    account, admin = await an_admin()
    member = viewer_of(await a_user(account))
    wanted = Invitation("nora@linden.example", idempotency_key="k")
    assert await code_of(invite_user(member, wanted)) is ErrorCode.FORBIDDEN
    number = await invite_user(admin, wanted)
    assert await invite_user(admin, wanted) == number
    assert await Job.filter(kind=JobKind.PASSWORD_MAIL).count() == 1
    twice = dataclasses.replace(wanted, idempotency_key=None)
    assert await code_of(invite_user(admin, twice)) is ErrorCode.CONFLICT
    assert await code_of(invite_user(admin, Invitation("nobody"))) is ErrorCode.EMAIL_INVALID
    assert await code_of(resend_invitation(member, number)) is ErrorCode.FORBIDDEN
    stranger = viewer_of(await a_user(await an_account("Other"), "Else", role=Role.ADMIN))
    assert await code_of(resend_invitation(stranger, number)) is ErrorCode.NOT_FOUND


async def test_forgotten_password_is_replaced_and_every_device_signed_out(db: str) -> None:
    _, admin = await an_admin()
    await invite_user(admin, Invitation("nora@linden.example"))
    before = await accept_invitation(await last_secret(), name="Nora", password=PASSWORD)
    await request_password_reset(" NORA@linden.example ")
    after = await reset_password(await last_secret(), OTHER)
    assert (await viewer_behind(after.access_token)).user_id == before.viewer.user_id
    with pytest.raises(Unauthenticated):
        await viewer_behind(before.access_token)
    assert await code_of(sign_in("nora@linden.example", PASSWORD)) is ErrorCode.CREDENTIALS_INVALID


async def test_reset_says_nothing_of_who_has_an_account(db: str) -> None:
    account, _ = await an_admin()
    out = await a_user(account, "Out", is_active=False, email="out@linden.example")
    for address in ("nobody@linden.example", out.email, "", "x" * 10_000):
        await request_password_reset(address)
    assert await Job.filter(kind=JobKind.PASSWORD_MAIL).count() == 0


async def test_whoever_has_not_accepted_gets_the_invitation_again(db: str) -> None:
    _, admin = await an_admin()
    await invite_user(admin, Invitation("nora@linden.example"))
    await request_password_reset("nora@linden.example")
    assert (await PasswordToken.get()).is_invitation is True
    with clock.travel(clock.now() + timedelta(hours=3)):
        await accept_invitation(await last_secret(), name="Nora", password=PASSWORD)
        await request_password_reset("nora@linden.example")
    secret = await last_secret()
    with clock.travel(clock.now() + timedelta(hours=6)):
        assert await code_of(reset_password(secret, OTHER)) is ErrorCode.TOKEN_EXPIRED
