"""Writing a fact down, in the transaction that made it true."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from server import clock, database
from server.changes import wakeups
from server.changes.listener import CHANNEL
from server.models.enums import ChangeKind

_NEXT_NUMBER = """
    UPDATE account SET last_change_number = last_change_number + 1, data_version = data_version + 1
    WHERE id = $1 RETURNING last_change_number
"""

# All of it in one round trip, as the account's row is locked from here to the commit.
_AT_ONCE = """
    WITH counted AS (
        UPDATE account SET last_change_number = last_change_number + 1, data_version = data_version + 1
        WHERE id = $1 RETURNING id, last_change_number
    )
    INSERT INTO change (created_at, account_id, number, kind, meeting_id, occurred_at, actor, data)
    SELECT $2::bigint, id, last_change_number, $3::text, $4::bigint, $2, $5::text, $6::jsonb FROM counted
    RETURNING number
"""
_AND_TOLD = f"{_AT_ONCE}, pg_notify('{CHANNEL}', account_id::text)"

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
    now, told = clock.now_epoch(), json.dumps(dict(data or {}))
    number = await _written(account_id, now, kind.value, meeting_id, actor, told)
    wakeups.told_after_commit(account_id)
    database.after_commit(wakeups.tell_listeners)
    return number


async def _written(account_id: int, now: int, kind: str, meeting_id: int | None, actor: str, told: str) -> int:
    if database.dialect() == "sqlite":
        number = await _next_number(account_id)
        await database.execute(_WRITTEN, now, account_id, number, kind, meeting_id, now, actor, told)
        return number
    statement = _AND_TOLD if wakeups.uses_notify() else _AT_ONCE
    return _number(account_id, await database.fetch_one(statement, account_id, now, kind, meeting_id, actor, told))


async def _next_number(account_id: int) -> int:
    return _number(account_id, await database.fetch_one(_NEXT_NUMBER, account_id))


def _number(account_id: int, row: Sequence[Any] | None) -> int:
    if row is None:
        raise LookupError(f"there is no account {account_id} whose log could be continued")
    return int(row[0])
