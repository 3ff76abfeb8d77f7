"""Writers and followers of the log that several tests share."""

from __future__ import annotations

from collections.abc import AsyncGenerator

from server import database
from server.changes.log import record_change
from server.models import Account, Change
from server.models.enums import ChangeKind


async def commit_changes(account: Account, count: int = 1, *, kind: ChangeKind = ChangeKind.LINK_CHANGED) -> list[int]:
    """`count` changes, each in a transaction of its own; their numbers."""
    numbers = []
    for _ in range(count):
        async with database.transaction():
            numbers.append(await record_change(kind, account_id=account.id, actor="system"))
    return numbers


async def taken(changes: AsyncGenerator[Change, None], count: int) -> list[int]:
    """The numbers of the next `count` changes; the follower then goes away."""
    numbers = []
    async for change in changes:
        numbers.append(change.number)
        if len(numbers) == count:
            break
    await changes.aclose()
    return numbers
