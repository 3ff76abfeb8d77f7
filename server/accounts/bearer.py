"""From what stands in `Authorization` to the viewer: the door to every request that is not a visitor's."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from server import clock, database, ids
from server.accounts import access_token
from server.accounts.api_tokens import PREFIX
from server.accounts.scopes import scopes_of
from server.accounts.viewer import Viewer
from server.errors import Unauthenticated
from server.models.enums import Role

_BY_SESSION = """
SELECT u.account_id, u.id, u.role, u.has_seat, u.time_zone, u.locale
FROM session s JOIN app_user u ON u.id = s.user_id
WHERE s.id = $1 AND s.user_id = $2 AND s.ended_at IS NULL AND u.is_active
"""
_BY_TOKEN = """
SELECT a.id, u.id, u.role, u.has_seat, COALESCE(u.time_zone, a.time_zone), COALESCE(u.locale, a.locale),
       t.id, t.scopes, t.expires_at, t.revoked_at, u.is_active
FROM api_token t JOIN account a ON a.id = t.account_id LEFT JOIN app_user u ON u.id = t.user_id
WHERE t.digest = $1
"""


@dataclass(frozen=True, slots=True)
class Proof:
    """What a bearer token turned out to be before any table was asked: the claims of a session, or a digest."""

    claims: access_token.Claims | None = None
    digest: str = ""


async def viewer_of(bearer: str) -> Viewer:
    """Whoever holds this token, with one SQL statement; `Unauthenticated` when it is wrong, ended or revoked."""
    return await viewer_behind(proof_of(bearer))


def proof_of(bearer: str) -> Proof:
    """What can be said without the database. Whoever keeps viewers in memory, by the account's data version, does so
    between this and `viewer_behind`."""
    if bearer.startswith(PREFIX):
        return Proof(digest=ids.digest(bearer))
    return Proof(claims=access_token.read(bearer))


async def viewer_behind(proof: Proof) -> Viewer:
    """The viewer, read anew: a session that was ended, or a user put out, is refused at once."""
    return await (_of_session(proof.claims) if proof.claims else _of_api_token(proof.digest))


async def _of_session(claims: access_token.Claims) -> Viewer:
    row = await database.fetch_one(_BY_SESSION, claims.session_id, claims.user_id)
    if row is None:
        raise Unauthenticated("This session was ended. Sign in again.")
    role = Role(row[2])
    return _viewer(row, role, scopes_of(role), session_id=claims.session_id, expires_at=claims.expires_at)


async def _of_api_token(digest: str) -> Viewer:
    row = await database.fetch_one(_BY_TOKEN, digest)
    if row is None:
        raise Unauthenticated("This API token is not known. Make one with `parley create-token`.")
    token_id, scopes, expires, revoked, is_active = row[6:]
    if revoked is not None or (row[1] is not None and not is_active):
        raise Unauthenticated("This API token was revoked. Make a new one with `parley create-token`.")
    if expires is not None and expires <= clock.now_epoch():
        raise Unauthenticated("This API token has expired. Make a new one with `parley create-token`.")
    role = Role(row[2]) if row[2] is not None else Role.MEMBER
    granted = frozenset(json.loads(scopes) if isinstance(scopes, str) else scopes)
    # A token of a user never reaches further than the user does today.
    allowed = granted & scopes_of(role) if row[1] is not None else granted
    expires_at = datetime.fromtimestamp(expires, UTC) if expires is not None else None
    return _viewer(row, role, allowed, token_id=token_id, expires_at=expires_at)


def _viewer(row: Sequence[Any], role: Role, scopes: frozenset[str], **proof: Any) -> Viewer:
    account_id, user_id, _, has_seat, time_zone, locale = row[:6]
    return Viewer(account_id, user_id, role, bool(has_seat), time_zone, locale, scopes, **proof)
