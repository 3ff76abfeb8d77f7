"""Writing a fact down, in the transaction that made it true."""

from collections.abc import Mapping
from typing import Any

from server import clock, database
from server.changes import wakeups
from server.models import Change
from server.models.enums import ChangeKind

_NEXT_NUMBER = """
    UPDATE account SET last_change_number = last_change_number + 1, data_version = data_version + 1
    WHERE id = $1 RETURNING last_change_number
"""


async def record_change(
    kind: ChangeKind,
    *,
    account_id: int,
    meeting_id: int | None = None,
    actor: str,
    data: Mapping[str, Any] | None = None,
) -> int:
    """The fact stands in the log under the account's next number, which is returned, and followers hear of it after
    the commit. Call it as the last write of a verb: from here to the commit the account's counter row is locked, which
    is what makes the order of the numbers the order of the commits."""
    if not database.in_transaction():
        raise RuntimeError("a change is recorded in the transaction that makes it true; open one with transaction()")
    number = await _next_number(account_id)
    await Change.create(
        account_id=account_id,
        number=number,
        kind=kind,
        meeting_id=meeting_id,
        occurred_at=clock.now(),
        actor=actor,
        data=dict(data or {}),
    )
    await wakeups.announce(account_id)
    return number


async def _next_number(account_id: int) -> int:
    row = await database.fetch_one(_NEXT_NUMBER, account_id)
    if row is None:
        raise LookupError(f"there is no account {account_id} whose log could be continued")
    return int(row[0])
