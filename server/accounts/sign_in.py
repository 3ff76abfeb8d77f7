"""Signing in with e-mail and password."""

from __future__ import annotations

from server import database, metrics
from server.accounts.passwords import hash_password, is_outdated, is_password
from server.accounts.sessions import SignedIn, open_session
from server.errors import ErrorCode, refusal
from server.models import User


async def sign_in(email: str, password: str, *, device_name: str = "") -> SignedIn:
    """A new session of the user, with its first pair of tokens.

    `CREDENTIALS_INVALID`, after the same work and in the same words, whether the address is unknown, the password
    wrong, or the user put out."""
    user = await User.get_or_none(email=email.strip().lower()[:254], is_active=True)
    kept = user.password_hash if user is not None else None
    if not await is_password(password, kept) or user is None or kept is None:
        metrics.SIGN_INS.labels("refused").inc()
        raise refusal(
            ErrorCode.CREDENTIALS_INVALID, "E-mail address and password do not belong together. Try again.", "password"
        )
    renewed = await hash_password(password) if is_outdated(kept) else None
    signed_in = await _opened(user, kept, renewed, device_name)
    if signed_in is None:
        return await sign_in(email, password, device_name=device_name)
    metrics.SIGN_INS.labels("accepted").inc()
    return signed_in


async def _opened(user: User, kept: str, renewed: str | None, device_name: str) -> SignedIn | None:
    """The session; None if the user's password is another by now. Whoever changed it while it was compared has signed
    out everybody who knew the one before."""
    async with database.transaction():
        same = User.filter(id=user.id, is_active=True, password_hash=kept)
        if await same.select_for_update(no_key=True).get_or_none() is None:
            return None
        if renewed is not None:
            await same.update(password_hash=renewed)
        return await open_session(user, device_name=device_name)
