"""Tokens that stand for one act on one meeting: what a button on a lock screen sends, where nobody is signed in."""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

from server import clock, database, ids, settings
from server.errors import ErrorCode, Refused, refusal
from server.models import ActionToken, Job
from server.models.enums import NotificationActionKind
from server.repeats import KEPT_FOR

AFTER_MEETING = timedelta(days=7)
"""How long after a meeting its outcome can still be set from the notification."""

_LONGEST_TOKEN = 200
_KEEP = """
    INSERT INTO action_token (created_at, account_id, user_id, meeting_id, kind, digest, expires_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (digest) DO NOTHING
"""


@dataclass(frozen=True, slots=True)
class Offer:
    """An act that a notice offers, and the token with which it is done."""

    kind: NotificationActionKind
    token: str
    expires_at: datetime


async def offer(kind: NotificationActionKind, job: Job, *, user_id: int, expires_at: datetime) -> Offer:
    """The user may do this once with the job's meeting, until then. Another attempt at the same job gives the same
    token, so that a notice which came twice does not act twice."""
    token = _token_of(kind, job)
    await database.execute(
        _KEEP,
        clock.now_epoch(),
        job.account_id,
        user_id,
        job.meeting_id,
        kind.value,
        ids.digest(token),
        int(expires_at.timestamp()),
    )
    return Offer(kind, token, expires_at)


async def known_token(token: str) -> ActionToken:
    """The token's row with its user, used or not, too old or not: a press that is sent again is answered as the first
    one was. `TOKEN_EXPIRED` if there is none, or its user was put out."""
    found = None
    if len(token) <= _LONGEST_TOKEN:
        found = await ActionToken.get_or_none(digest=ids.digest(token)).select_related("user")
    if found is None or not found.user.is_active:
        raise expired()
    return found


async def use(token: ActionToken) -> None:
    """Inside a transaction: nobody can use it again, unless the transaction is taken back. `TOKEN_EXPIRED` if somebody
    has, or its time is over."""
    now = clock.now()
    if not await ActionToken.filter(id=token.id, used_at=None, expires_at__gt=now).update(used_at=now):
        raise expired()


async def forget_expired_tokens() -> int:
    """Tokens whose time is over are gone, once no kept answer can be asked for with them. Returns how many."""
    return await ActionToken.filter(expires_at__lte=clock.now() - KEPT_FOR).delete()


def expired() -> Refused:
    """The one refusal of whatever is no good any more."""
    return refusal(ErrorCode.TOKEN_EXPIRED, "This button no longer works. Open the app to do it there.", "token")


def _token_of(kind: NotificationActionKind, job: Job) -> str:
    key = hmac.digest(settings.current().secret_key.encode(), b"action token", hashlib.sha256)
    derived = hmac.digest(key, f"{job.id}\n{kind.value}".encode(), hashlib.sha256)
    return base64.urlsafe_b64encode(derived).decode().rstrip("=")
