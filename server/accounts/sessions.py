"""Sessions: one a device, kept alive by a chain of refresh tokens of which each is used once (ADR 0007)."""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

from server import clock, database, ids, settings
from server.accounts import access_token, policy
from server.accounts.viewer import Viewer, viewer_of_user
from server.checks import short_text
from server.database.rows import Rows
from server.errors import ErrorCode, Refused, refusal
from server.models import RefreshToken, Session, User
from server.repeats import require_usable

REFRESH_LIFETIME = timedelta(days=60)
# A phone whose answer was lost, or which asks twice at once, gets the same successor again for this long, if it names
# the attempt by an idempotency key. Whoever holds nothing but a used token ends the session.
GRACE = timedelta(seconds=30)

_FORGET = """
    DELETE FROM refresh_token
    WHERE expires_at <= $1 OR session_id IN (SELECT id FROM session WHERE ended_at IS NOT NULL)
"""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """What a device keeps: the access token, when it ends, the refresh token, and who signed in."""

    access_token: str
    access_expires_at: datetime
    refresh_token: str
    viewer: Viewer


async def open_session(user: User, *, device_name: str = "", lifetime: timedelta = access_token.LIFETIME) -> SignedIn:
    """Inside a transaction: a new session of this user, and its first refresh token. Whoever calls has made sure that
    it is them."""
    now = clock.now()
    session = await Session.create(
        account_id=user.account_id,
        user_id=user.id,
        device_name=short_text(device_name, 200, "deviceName"),
        last_used_at=now,
    )
    secret = ids.new_secret()
    await _keep(session.id, secret, now)
    return _signed_in(user, session.id, secret, lifetime)


async def refresh_session(refresh_token: str, *, idempotency_key: str | None = None) -> SignedIn:
    """The next pair of tokens; the one given is used up. `TOKEN_EXPIRED` when it is unknown, too old, or its session
    has ended. A token that comes a second time ends the session, except with the idempotency key of the first time,
    within 30 seconds and while its successor is still unused: then it gets that same pair again."""
    if idempotency_key is not None:
        require_usable(idempotency_key)
    async with database.transaction():
        outcome = await _next(refresh_token, idempotency_key)
    if isinstance(outcome, Refused):
        raise outcome
    return outcome


async def sign_out(viewer: Viewer) -> None:
    """The viewer's session is ended, and every token of it with it. Twice is once."""
    if viewer.session_id is not None:
        await _end(viewer.session_id, "SIGNED_OUT")


async def sign_out_everywhere(viewer: Viewer) -> None:
    """Every session of the viewer's user is ended, this one too. Nothing happens for a program, which has none, not
    even for one that acts as a user."""
    if viewer.user_id is not None and viewer.session_id is not None:
        async with database.transaction():
            await end_sessions_of(viewer.user_id, reason="SIGNED_OUT")


def sessions(viewer: Viewer) -> Rows:
    """The viewer's devices on which they are signed in, the one used last first."""
    return Rows(
        Session,
        "t.account_id = $1 AND t.user_id = $2 AND t.ended_at IS NULL",
        (viewer.account_id, viewer.user_id),
        order=("-last_used_at", "-id"),
    )


async def end_session(viewer: Viewer, session_id: int) -> None:
    """That session is ended: the viewer's own, or as an admin anybody's of the account. `NOT_FOUND` otherwise."""
    found = await Session.get_or_none(id=session_id, account_id=viewer.account_id)
    if found is None or not policy.may_end_session(viewer, found.account_id, user_id=found.user_id):
        raise refusal(ErrorCode.NOT_FOUND, "There is no such session.", "session")
    await _end(session_id, "ENDED")


async def end_sessions_of(user_id: int, *, but: int | None = None, reason: str) -> None:
    """Inside a transaction: every session of the user is ended, save `but`."""
    await (
        Session.filter(user_id=user_id, ended_at=None)
        .exclude(id=but or 0)
        .update(ended_at=clock.now(), end_reason=reason)
    )


async def forget_old_tokens() -> int:
    """Refresh tokens that open nothing, being too old or of a session that has ended, are gone; used ones of a session
    that goes on are known until then. Returns how many."""
    return await database.execute(_FORGET, clock.now_epoch())


async def _next(secret: str, key: str | None) -> SignedIn | Refused:
    """The outcome is returned, not raised: ending a family has to be committed."""
    now = clock.now()
    token = await RefreshToken.get_or_none(digest=ids.digest(secret)).select_related("session__user")
    if token is None or not _is_alive(token, now):
        return _refused("This session has ended. Sign in again.")
    successor = _successor(secret, key or "")
    is_first = await RefreshToken.filter(id=token.id, used_at=None).update(used_at=now)
    if is_first:
        await _keep(token.session_id, successor, now)
        await Session.filter(id=token.session_id).update(last_used_at=now)
        used_at: datetime | None = now
    else:
        used_at = await _used_within_grace(token.id, successor, now) if key is not None else None
    if used_at is None:
        await _end(token.session_id, "REUSED")
        return _refused("This token was used before, so its session was ended, to be safe. Sign in again.")
    return _signed_in(token.session.user, token.session_id, successor, access_token.LIFETIME, at=used_at)


def _is_alive(token: RefreshToken, now: datetime) -> bool:
    return token.expires_at > now and token.session.ended_at is None and token.session.user.is_active


async def _used_within_grace(token_id: int, successor: str, now: datetime) -> datetime | None:
    """When the token was used first, if that is not too long ago and its successor is still unused."""
    # Read again: whoever used it first may have done so while this request waited.
    used = await RefreshToken.get(id=token_id)
    is_followed = await RefreshToken.exists(digest=ids.digest(successor), used_at=None)
    return used.used_at if is_followed and used.used_at is not None and now - used.used_at <= GRACE else None


async def _keep(session_id: int, secret: str, now: datetime) -> None:
    await RefreshToken.create(session_id=session_id, digest=ids.digest(secret), expires_at=now + REFRESH_LIFETIME)


async def _end(session_id: int, reason: str) -> None:
    await Session.filter(id=session_id, ended_at=None).update(ended_at=clock.now(), end_reason=reason)


def _successor(secret: str, attempt: str) -> str:
    """The one token that may follow. It follows from the token before, the attempt's idempotency key and the server's
    key, so that it can be told twice although only its digest is kept."""
    key = hmac.digest(settings.current().secret_key.encode(), b"refresh token", hashlib.sha256)
    derived = hmac.digest(key, f"{secret}\n{attempt}".encode(), hashlib.sha256)
    return base64.urlsafe_b64encode(derived).decode().rstrip("=")


def _signed_in(
    user: User, session_id: int, secret: str, lifetime: timedelta, *, at: datetime | None = None
) -> SignedIn:
    token, expires_at = access_token.write(user.id, session_id, at=at, lifetime=lifetime)
    viewer = viewer_of_user(user, session_id=session_id, expires_at=expires_at)
    return SignedIn(token, expires_at, secret, viewer)


def _refused(message: str) -> Refused:
    return refusal(ErrorCode.TOKEN_EXPIRED, message, "refreshToken")
