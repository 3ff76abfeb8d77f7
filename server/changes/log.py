"""Writing a fact down, in the transaction that made it true."""

import json
from collections.abc import Mapping
from typing import Any

from server import clock, database
from server.changes import wakeups
from server.models.enums import ChangeKind

_NEXT_NUMBER = """
    UPDATE account SET last_change_number = last_change_number + 1, data_version = data_version + 1
    WHERE id = $1 RETURNING last_change_number
"""

_WRITTEN = """
    INSERT INTO change (created_at, account_id, number, kind, meeting_id, occurred_at, actor, data)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
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
    now, told = clock.now_epoch(), json.dumps(dict(data or {}))
    await database.execute(_WRITTEN, now, account_id, number, kind.value, meeting_id, now, actor, told)
    await wakeups.announce(account_id)
    database.after_commit(wakeups.tell_listeners)
    return number


async def _next_number(account_id: int) -> int:
    row = await database.fetch_one(_NEXT_NUMBER, account_id)
    if row is None:
        raise LookupError(f"there is no account {account_id} whose log could be continued")
    return int(row[0])
