from datetime import timedelta
from typing import Any

import pytest

from server import clock, database, ids
from server.accounts.api_tokens import create_api_token, revoke_api_token
from server.accounts.bearer import Proof, known_behind, proof_of, viewer_of
from server.accounts.scopes import READ_SCOPES, scopes_of
from server.accounts.sessions import open_session
from server.accounts.viewer import Viewer
from server.changes.data_version import raise_data_version
from server.database import together
from server.errors import Unauthenticated
from server.models import User
from server.models.enums import Role
from tests.factories import a_user, an_account


async def _session(user: User) -> str:
    async with database.transaction():
        return (await open_session(user)).access_token


async def test_an_access_token_leads_to_its_user_as_they_are_now(db: str) -> None:
    user = await a_user(await an_account())
    token = await _session(user)
    await User.filter(id=user.id).update(role=Role.ADMIN, has_seat=False, time_zone="Asia/Tokyo", locale="pl")
    viewer = await viewer_of(token)
    assert viewer == Viewer(
        account_id=user.account_id,
        user_id=user.id,
        role=Role.ADMIN,
        has_seat=False,
        time_zone="Asia/Tokyo",
        locale="pl",
        scopes=scopes_of(Role.ADMIN),
        session_id=viewer.session_id,
        expires_at=viewer.expires_at,
    )
    assert viewer.actor == f"user:{user.id}"


async def test_an_api_token_acts_for_the_account(db: str) -> None:
    account = await an_account(time_zone="Asia/Taipei", locale="zh-Hant")
    made = await create_api_token(account.id, name="Importer", scopes=["contacts:write", "meetings:read"])
    viewer = await viewer_of(made.secret)
    assert viewer == Viewer(
        account_id=account.id,
        user_id=None,
        role=Role.MEMBER,
        has_seat=False,
        time_zone="Asia/Taipei",
        locale="zh-Hant",
        scopes=frozenset({"contacts:write", "meetings:read"}),
        token_id=made.token.id,
    )
    assert viewer.actor == f"token:{made.token.id}"


async def test_an_api_token_of_a_user_reaches_no_further_than_the_user(db: str) -> None:
    user = await a_user(await an_account(), role=Role.MEMBER)
    made = await create_api_token(
        user.account_id, name="Mine", scopes=["account:admin", "meetings:read"], user_id=user.id
    )
    viewer = await viewer_of(made.secret)
    assert (viewer.user_id, viewer.scopes) == (user.id, frozenset({"meetings:read"}))


async def test_an_ended_token_is_refused_with_the_next_step(db: str) -> None:
    user = await a_user(await an_account())
    later = clock.now() + timedelta(days=1)
    expiring = await create_api_token(user.account_id, name="A", scopes=READ_SCOPES, expires_at=later)
    revoked = await create_api_token(user.account_id, name="B", scopes=READ_SCOPES)
    orphaned = await create_api_token(user.account_id, name="C", scopes=READ_SCOPES, user_id=user.id)
    await revoke_api_token(user.account_id, revoked.token.id)
    await User.filter(id=user.id).update(is_active=False)
    assert (await viewer_of(expiring.secret)).expires_at == later
    with clock.travel(later):
        for secret in (expiring.secret, revoked.secret, orphaned.secret, "parley_unknown"):
            with pytest.raises(Unauthenticated, match="parley create-token"):
                await viewer_of(secret)


async def test_a_user_put_out_is_refused_at_once(db: str) -> None:
    user = await a_user(await an_account())
    token = await _session(user)
    await viewer_of(token)
    await User.filter(id=user.id).update(is_active=False)
    with pytest.raises(Unauthenticated, match="Sign in again"):
        await viewer_of(token)


async def test_a_viewer_costs_one_statement(db: str, monkeypatch: pytest.MonkeyPatch) -> None:
    user = await a_user(await an_account())
    tokens = [
        await _session(user),
        (await create_api_token(user.account_id, name="A", scopes=READ_SCOPES)).secret,
    ]
    sent: list[str] = []

    async def noted(sql: str, *parameters: Any) -> Any:
        sent.append(sql)
        return await database.fetch(sql, *parameters)

    monkeypatch.setattr(together, "fetch", noted)
    for token in tokens:
        await viewer_of(token)
    assert len(sent) == len(tokens)


async def test_what_is_known_of_a_viewer_is_as_old_as_the_version_says(db: str) -> None:
    user = await a_user(await an_account())
    proof = proof_of(await _session(user))
    before = await known_behind(proof)
    async with database.transaction():
        await raise_data_version(user.account_id)
    assert await known_behind(proof) == (before.viewer, before.data_version + 1)


def test_a_proof_is_had_without_the_database() -> None:
    assert proof_of("parley_something") == Proof(digest=ids.digest("parley_something"))


async def test_who_is_behind_a_proof_is_read_anew(db: str) -> None:
    user = await a_user(await an_account())
    proof = proof_of(await _session(user))
    assert (await known_behind(proof)).viewer.role is Role.MEMBER
    await User.filter(id=user.id).update(role=Role.ADMIN)
    assert (await known_behind(proof)).viewer.role is Role.ADMIN
