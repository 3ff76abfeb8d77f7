"""Somebody forgot their password."""

from __future__ import annotations

import asyncio
import time

from server import database
from server.accounts.password_tokens import send_password_link, set_password_with
from server.accounts.sessions import SignedIn, open_session
from server.models import User

ANSWER_AFTER_SECONDS = 0.25
"""Every address is answered at the same moment, so that the time tells nobody who has an account."""


async def request_password_reset(email: str) -> None:
    """Whoever signs in with this address will get a mail with a link that is good for two hours; for any other address
    nothing happens, as slowly. Somebody who has not accepted their invitation gets that again."""
    begun = time.monotonic()
    user = await User.get_or_none(email=email.strip().lower()[:254], is_active=True)
    if user is not None:
        async with database.transaction():
            await send_password_link(user, is_invitation=user.password_hash is None)
    await asyncio.sleep(max(0.0, ANSWER_AFTER_SECONDS - (time.monotonic() - begun)))


async def reset_password(token: str, password: str, *, device_name: str = "") -> SignedIn:
    """The user has this password, every device of theirs is signed out, and they are signed in on this one.

    `CREDENTIALS_INVALID`, `TOKEN_EXPIRED`."""
    user = await set_password_with(token, password, is_invitation=False)
    async with database.transaction():
        return await open_session(user, device_name=device_name)
