"""From what stands in `Authorization` to the viewer: the door to every request that is not a visitor's."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, NamedTuple

from server import clock, database, ids
from server.accounts import access_token
from server.accounts.api_tokens import PREFIX
from server.accounts.scopes import scopes_of
from server.accounts.viewer import Viewer
from server.errors import Unauthenticated
from server.models.enums import Role

_BY_SESSION = database.Lookup("""
SELECT s.id, s.user_id, a.data_version, u.account_id, u.role, u.has_seat, u.time_zone, u.locale
FROM session s JOIN app_user u ON u.id = s.user_id JOIN account a ON a.id = u.account_id
WHERE s.id = ANY($1) AND s.ended_at IS NULL AND u.is_active
""")
_BY_TOKEN = database.Lookup("""
SELECT t.digest, u.id, a.data_version, a.id, u.role, u.has_seat, COALESCE(u.time_zone, a.time_zone),
       COALESCE(u.locale, a.locale), t.id, t.scopes, t.expires_at, t.revoked_at, u.is_active
FROM api_token t JOIN account a ON a.id = t.account_id LEFT JOIN app_user u ON u.id = t.user_id
WHERE t.digest = ANY($1)
""")


class Known(NamedTuple):
    """Who somebody is, and the data version of their account at the moment they were asked for: whatever is read later
    is as new or newer."""

    viewer: Viewer
    data_version: int


@dataclass(frozen=True, slots=True)
class Proof:
    """What a bearer token turned out to be before any table was asked: the claims of a session, or a digest."""

    claims: access_token.Claims | None = None
    digest: str = ""


async def viewer_of(bearer: str) -> Viewer:
    """Whoever holds this token, with one SQL statement; `Unauthenticated` when it is wrong, ended or revoked."""
    return (await known_behind(proof_of(bearer))).viewer


def proof_of(bearer: str) -> Proof:
    """What can be said without the database."""
    if bearer.startswith(PREFIX):
        return Proof(digest=ids.digest(bearer))
    return Proof(claims=access_token.read(bearer))


async def known_behind(proof: Proof) -> Known:
    """The viewer, read anew: a session that was ended, or a user put out, is refused at once, whichever process did
    it."""
    return await (_of_session(proof.claims) if proof.claims else _of_api_token(proof.digest))


async def _of_session(claims: access_token.Claims) -> Known:
    row = await _BY_SESSION.row(claims.session_id)
    if row is None or row[1] != claims.user_id:
        raise Unauthenticated("This session was ended. Sign in again.")
    return Known(_in_session(tuple(row[3:]), claims), row[2])


async def _of_api_token(digest: str) -> Known:
    row = await _BY_TOKEN.row(digest)
    if row is None:
        raise Unauthenticated("This API token is not known. Make one with `parley create-token`.")
    token_id, scopes, expires, revoked, is_active = row[8:]
    if revoked is not None or (row[1] is not None and not is_active):
        raise Unauthenticated("This API token was revoked. Make a new one with `parley create-token`.")
    if expires is not None and expires <= clock.now_epoch():
        raise Unauthenticated("This API token has expired. Make a new one with `parley create-token`.")
    role = Role(row[4]) if row[4] is not None else Role.MEMBER
    granted = frozenset(json.loads(scopes) if isinstance(scopes, str) else scopes)
    # A token of a user never reaches further than the user does today.
    allowed = granted & scopes_of(role) if row[1] is not None else granted
    expires_at = datetime.fromtimestamp(expires, UTC) if expires is not None else None
    viewer = _viewer(row[3:8], row[1], role, allowed, token_id=token_id, expires_at=expires_at)
    return Known(viewer, row[2])


# The same row makes the same viewer; it is the row that is read anew for each request.
@lru_cache(maxsize=4096)
def _in_session(row: tuple[Any, ...], claims: access_token.Claims) -> Viewer:
    role = Role(row[1])
    found = {"session_id": claims.session_id, "expires_at": claims.expires_at}
    return _viewer(row, claims.user_id, role, scopes_of(role), **found)


def _viewer(row: Sequence[Any], user_id: int | None, role: Role, scopes: frozenset[str], **proof: Any) -> Viewer:
    account_id, _, has_seat, time_zone, locale = row
    return Viewer(account_id, user_id, role, bool(has_seat), time_zone, locale, scopes, **proof)
