"""API tokens: what a program signs in with. The secret is told to whoever asked for it; a digest is kept."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from server import clock, database, ids, settings
from server.accounts.scopes import valid_scopes
from server.checks import required_text
from server.errors import ErrorCode, refusal
from server.models import Account, ApiToken, User
from server.repeats import kept_or

PREFIX = "parley_"


@dataclass(frozen=True, slots=True)
class NewApiToken:
    """The token's row, and its secret, which no later read will show."""

    token: ApiToken
    secret: str


async def create_api_token(
    account_id: int,
    *,
    name: str,
    scopes: Iterable[str],
    user_id: int | None = None,
    expires_at: datetime | None = None,
    asked_by: str = "",
    within: frozenset[str] | None = None,
    idempotency_key: str | None = None,
) -> NewApiToken:
    """A token of the account, acting as `user_id` where one is given, is there. Its `secret` is told this once, or
    again to the same asker (`user:7`) with the same idempotency key and input. `within` are the scopes of whoever asks:
    nobody hands on more than they have.

    Refuses with `NOT_FOUND` (account, user), `NAME_REQUIRED`, `FORBIDDEN` (scopes), `TIME_IN_PAST` (expires_at)."""
    scopes = list(scopes)
    if within is not None and not within.issuperset(scopes):
        message = "A token cannot be given a scope that yours lacks. Leave it out, or ask an administrator."
        raise refusal(ErrorCode.FORBIDDEN, message, "scopes")
    wanted: dict[str, Any] = {"name": name, "scopes": sorted(set(scopes)), "user_id": user_id, "expires_at": expires_at}
    result = await kept_or(
        "createApiToken",
        account_id=account_id,
        scope=asked_by,
        key=idempotency_key,
        input=wanted,
        run=partial(_create, account_id, **wanted),
    )
    return NewApiToken(await ApiToken.get(id=result["token_id"]), _secret(result["seed"]))


async def _create(
    account_id: int, *, name: str, scopes: list[str], user_id: int | None, expires_at: datetime | None
) -> dict[str, Any]:
    """The recipe, inside the transaction. What is kept of it holds no secret, only the seed of one."""
    named, granted = required_text(name, 200, "name"), valid_scopes(scopes, "scopes")
    if expires_at is not None and expires_at <= clock.now():
        raise refusal(ErrorCode.TIME_IN_PAST, "The token would have expired already; choose a later time.", "expiresAt")
    await _refuse_strangers(account_id, user_id)
    seed = ids.new_secret()
    token = await ApiToken.create(
        account_id=account_id,
        user_id=user_id,
        name=named,
        digest=ids.digest(_secret(seed)),
        scopes=sorted(granted),
        expires_at=expires_at,
    )
    return {"token_id": token.id, "seed": seed}


async def revoke_api_token(account_id: int, token_id: int) -> None:
    """The token opens nothing any more. Twice is once; `NOT_FOUND` if the account has no such token."""
    async with database.transaction():
        token = await ApiToken.get_or_none(id=token_id, account_id=account_id)
        if token is None:
            raise refusal(ErrorCode.NOT_FOUND, "There is no such API token in this account.", "token")
        if token.revoked_at is None:
            token.revoked_at = clock.now()
            await token.save(update_fields=["revoked_at"])


def _secret(seed: str) -> str:
    return f"{PREFIX}{ids.secret_from(seed, key=settings.current().secret_key, purpose='api_token')}"


async def _refuse_strangers(account_id: int, user_id: int | None) -> None:
    if not await Account.exists(id=account_id):
        raise refusal(ErrorCode.NOT_FOUND, "There is no such account.", "account")
    if user_id is not None and not await User.exists(id=user_id, account_id=account_id, is_active=True):
        raise refusal(ErrorCode.NOT_FOUND, "There is no such user in this account.", "user")
