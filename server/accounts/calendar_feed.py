"""The private address under which any calendar program can subscribe to a user's meetings, and its renewal."""

from __future__ import annotations

import hmac
from functools import partial
from typing import Any

from server import ids, settings
from server.accounts import policy
from server.accounts.viewer import Viewer
from server.changes.data_version import raise_data_version
from server.errors import ErrorCode, refusal
from server.models import User
from server.repeats import kept_or


def feed_url(user_id: int, seed: str) -> str:
    """The address of a user's feed, always the same one until it is renewed. Whoever has it needs no other proof."""
    return settings.current().address(f"/calendar/{user_id}-{_secret(seed)}.ics")


async def owner_of(token: str) -> User | None:
    """The user whose feed the token opens, with their account; None if it was never handed out, was renewed, or they
    were put out."""
    number, _, secret = token.partition("-")
    if not (number.isascii() and number.isdigit() and len(number) <= 18):
        return None
    user = await User.get_or_none(id=int(number), is_active=True).select_related("account")
    if user is None or not hmac.compare_digest(_secret(user.feed_seed).encode(), secret.encode(errors="replace")):
        return None
    return user


async def renew_feed(viewer: Viewer, *, idempotency_key: str | None = None) -> int:
    """The viewer's feed has another address, and nothing is at the old one any more. Their number.

    `NOT_FOUND` for a program, which has no calendar; `FORBIDDEN` for one that acts for a user who did not sign in."""
    renewed = await kept_or(
        "renewCalendarFeed",
        account_id=viewer.account_id,
        scope=viewer.actor,
        key=idempotency_key,
        input={},
        run=partial(_renew, viewer),
    )
    return int(renewed["user_id"])


async def _renew(viewer: Viewer) -> dict[str, Any]:
    if viewer.user_id is None:
        raise refusal(ErrorCode.NOT_FOUND, "A program has no calendar of its own. Sign in as the user whose it is.")
    if not policy.may_edit_profile(viewer, viewer.account_id, user_id=viewer.user_id):
        raise refusal(ErrorCode.FORBIDDEN, "Only whoever signed in may renew the address. Please sign in first.")
    await User.filter(id=viewer.user_id, account_id=viewer.account_id).update(feed_seed=ids.new_secret())
    await raise_data_version(viewer.account_id)
    return {"user_id": viewer.user_id}


def _secret(seed: str) -> str:
    return ids.secret_from(seed, key=settings.current().secret_key, purpose="calendar_feed")
