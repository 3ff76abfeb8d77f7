"""API tokens: what a program signs in with. The secret is shown once; a digest is kept."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from server import clock, database, ids
from server.accounts.scopes import valid_scopes
from server.checks import required_text
from server.errors import ErrorCode, refusal
from server.models import Account, ApiToken, User

PREFIX = "parley_"


@dataclass(frozen=True, slots=True)
class NewApiToken:
    """The token's row, and its secret, which nobody will see again."""

    token: ApiToken
    secret: str


async def create_api_token(
    account_id: int, *, name: str, scopes: Iterable[str], user_id: int | None = None, expires_at: datetime | None = None
) -> NewApiToken:
    """A token of the account, acting as `user_id` where one is given, is there; `secret` is told this once.

    Refuses with `NOT_FOUND` (account, user), `NAME_REQUIRED`, `FORBIDDEN` (scopes), `TIME_IN_PAST` (expires_at)."""
    name, granted = required_text(name, 200, "name"), valid_scopes(scopes, "scopes")
    if expires_at is not None and expires_at <= clock.now():
        raise refusal(ErrorCode.TIME_IN_PAST, "The token would have expired already; choose a later time.", "expiresAt")
    secret = f"{PREFIX}{ids.new_secret()}"
    async with database.transaction():
        await _refuse_strangers(account_id, user_id)
        token = await ApiToken.create(
            account_id=account_id,
            user_id=user_id,
            name=name,
            digest=ids.digest(secret),
            scopes=sorted(granted),
            expires_at=expires_at,
        )
    return NewApiToken(token, secret)


async def revoke_api_token(account_id: int, token_id: int) -> None:
    """The token opens nothing any more. Twice is once; `NOT_FOUND` if the account has no such token."""
    async with database.transaction():
        token = await ApiToken.get_or_none(id=token_id, account_id=account_id)
        if token is None:
            raise refusal(ErrorCode.NOT_FOUND, "There is no such API token in this account.", "token")
        if token.revoked_at is None:
            token.revoked_at = clock.now()
            await token.save(update_fields=["revoked_at"])


async def _refuse_strangers(account_id: int, user_id: int | None) -> None:
    if not await Account.exists(id=account_id):
        raise refusal(ErrorCode.NOT_FOUND, "There is no such account.", "account")
    if user_id is not None and not await User.exists(id=user_id, account_id=account_id, is_active=True):
        raise refusal(ErrorCode.NOT_FOUND, "There is no such user in this account.", "user")
