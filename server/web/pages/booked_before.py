"""Has this form been booked already? Its key knows: reload, back and a second press lead to the first result."""

from __future__ import annotations

from server.models import KeptResult


async def manage_token_for(account_id: int, *, key: str, email: str) -> str | None:
    """The manage token of the meeting that this key and address booked; None if they booked nothing."""
    if not key or not email:
        return None
    kept = await KeptResult.filter(account_id=account_id, verb="bookMeeting", key=key)
    wanted = f":{email.strip().lower()}"
    return next((str(one.result["manage_token"]) for one in kept if one.scope.endswith(wanted) and one.result), None)


async def is_used(account_id: int, key: str) -> bool:
    """Whether somebody booked with this key; who, is not told."""
    return bool(key) and await KeptResult.exists(account_id=account_id, verb="bookMeeting", key=key)
