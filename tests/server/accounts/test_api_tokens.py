from datetime import timedelta

import pytest

from server import clock, ids
from server.accounts.api_tokens import create_api_token, revoke_api_token
from server.errors import ErrorCode, Refused
from server.models import ApiToken
from tests.factories import a_user, an_account


async def test_the_secret_is_told_once_and_kept_as_a_digest(db: str) -> None:
    account = await an_account()
    made = await create_api_token(account.id, name=" Import ", scopes=["meetings:read", "account:read"])
    kept = await ApiToken.get(id=made.token.id)
    assert made.secret.startswith("parley_")
    assert (kept.digest, kept.name, kept.scopes) == (
        ids.digest(made.secret),
        "Import",
        ["account:read", "meetings:read"],
    )


async def test_making_a_token_is_refused_and_nothing_is_kept(db: str) -> None:
    account, stranger = await an_account(), await a_user(await an_account())
    attempts = [
        ({"name": " "}, ErrorCode.NAME_REQUIRED),
        ({"scopes": []}, ErrorCode.FORBIDDEN),
        ({"scopes": ["everything"]}, ErrorCode.FORBIDDEN),
        ({"user_id": stranger.id}, ErrorCode.NOT_FOUND),
        ({"expires_at": clock.now() - timedelta(seconds=1)}, ErrorCode.TIME_IN_PAST),
        ({"within": frozenset({"account:admin"})}, ErrorCode.FORBIDDEN),
    ]
    for wish, code in attempts:
        with pytest.raises(Refused) as caught:
            await create_api_token(account.id, **({"name": "A", "scopes": ["meetings:read"]} | wish))  # type: ignore[arg-type]  # the wishes are of several types
        assert [one.code for one in caught.value.complaints] == [code]
    with pytest.raises(Refused):
        await create_api_token(account.id + 99, name="A", scopes=["meetings:read"])
    assert await ApiToken.all().count() == 0


async def test_revoking_twice_is_once_and_a_foreign_token_is_not_found(db: str) -> None:
    account = await an_account()
    made = await create_api_token(account.id, name="A", scopes=["meetings:read"])
    await revoke_api_token(account.id, made.token.id)
    revoked_at = (await ApiToken.get()).revoked_at
    with clock.travel(clock.now() + timedelta(hours=1)):
        await revoke_api_token(account.id, made.token.id)
    assert (await ApiToken.get()).revoked_at == revoked_at
    with pytest.raises(Refused) as caught:
        await revoke_api_token((await an_account()).id, made.token.id)
    assert [one.code for one in caught.value.complaints] == [ErrorCode.NOT_FOUND]
