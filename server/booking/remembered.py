"""What a browser is remembered by: what was last submitted in it, for the pages of one account alone (S1-28)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from server import clock, database, ids
from server.models import VisitorDevice

KEPT_FOR = timedelta(days=365)
"""How long a browser is remembered in which nobody books again."""


async def remembered(account_id: int, secret: str) -> Mapping[str, str]:
    """The properties that were last submitted in the browser which holds `secret`; empty if it is not known here, or
    was known to another account only."""
    device = await VisitorDevice.get_or_none(
        account_id=account_id, digest=ids.digest(secret), seen_at__gt=clock.now() - KEPT_FOR
    )
    return {str(name): str(value) for name, value in device.details.items()} if device is not None else {}


async def remember(account_id: int, secret: str, details: Mapping[str, str]) -> str:
    """The browser is known by these properties from now on; what else was known stays where the e-mail address is the
    same. Returns the secret that it has to keep: the one it came with, or a new one where that means nothing here."""
    async with database.transaction():
        await VisitorDevice.filter(account_id=account_id, seen_at__lte=clock.now() - KEPT_FOR).delete()
        kept = {name: value for name, value in details.items() if value}
        device = await VisitorDevice.get_or_none(account_id=account_id, digest=ids.digest(secret)) if secret else None
        if device is None:
            secret = ids.new_secret()
            device = VisitorDevice(account_id=account_id, digest=ids.digest(secret), details={})
        before = device.details if device.details.get("email") == kept.get("email") else {}
        device.details, device.seen_at = {**before, **kept}, clock.now()
        await device.save()
    return secret


async def forget(account_id: int, secret: str) -> None:
    """Nothing is remembered of the browser that holds `secret`."""
    await VisitorDevice.filter(account_id=account_id, digest=ids.digest(secret)).delete()
