"""The access token: a signed statement who somebody is, good for 15 minutes (ADR 0007)."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache

import jwt

from server import clock, settings
from server.errors import Unauthenticated

LIFETIME = timedelta(minutes=15)
_ALGORITHM = "HS256"


@dataclass(frozen=True, slots=True)
class Claims:
    """What a token with a right signature says."""

    user_id: int
    session_id: int
    expires_at: datetime


def write(
    user_id: int, session_id: int, *, at: datetime | None = None, lifetime: timedelta = LIFETIME
) -> tuple[str, datetime]:
    """A signed token and when it ends, `lifetime` after `at`, or from now on. Equal arguments give an equal token. It
    is worth nothing once its session is ended."""
    begins_at = at or clock.now()
    expires_at = begins_at + lifetime
    body = {
        "iss": settings.current().public_url,
        "aud": settings.current().public_url,
        "sub": str(user_id),
        "sid": session_id,
        "iat": int(begins_at.timestamp()),
        "exp": int(expires_at.timestamp()),
    }
    return jwt.encode(body, _key(settings.current().secret_key), algorithm=_ALGORITHM), expires_at


def read(token: str) -> Claims:
    """The claims of a token of this server that has not ended; `Unauthenticated` otherwise. Asks no database."""
    own = settings.current()
    claims = _signed(token, own.secret_key, own.public_url)
    if claims.expires_at.timestamp() <= clock.now_epoch():
        raise Unauthenticated("This access token has ended. Ask for a new one with refreshSession.")
    return claims


# A phone sends one token a few hundred times; only the first time the signature has to be computed.
@lru_cache(maxsize=4096)
def _signed(token: str, secret: str, address: str) -> Claims:
    try:
        body = jwt.decode(
            token,
            _key(secret),
            algorithms=[_ALGORITHM],
            issuer=address,
            audience=address,
            # The end is compared with our own clock, which travels in tests and in `demo --at`.
            options={"require": ["exp", "sub", "sid"], "verify_exp": False, "verify_iat": False},
        )
        return Claims(int(body["sub"]), int(body["sid"]), datetime.fromtimestamp(int(body["exp"]), UTC))
    except (jwt.InvalidTokenError, ValueError, TypeError, OverflowError) as error:
        raise Unauthenticated("This access token is not one of ours. Sign in, and send the new one.") from error


def _key(secret: str) -> bytes:
    """The signing key, apart from every other use of the server's secret."""
    return hmac.digest(secret.encode(), b"access token", hashlib.sha256)
