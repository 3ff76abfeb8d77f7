"""How long the log is kept."""

from datetime import timedelta

from server import clock, database
from server.changes.data_version import raise_data_version

KEPT_FOR = timedelta(days=90)

_FORGET = """
    DELETE FROM change WHERE account_id = $1 AND number < COALESCE(
        (SELECT MIN(number) FROM change WHERE account_id = $1 AND occurred_at >= $2),
        (SELECT last_change_number + 1 FROM account WHERE id = $1))
"""


async def forget_old_changes(*, kept_for: timedelta = KEPT_FOR) -> int:
    """Changes older than `kept_for` are gone from every account's log, always a beginning of it, so that what is kept
    has no gap. Returns how many."""
    before = int((clock.now() - kept_for).timestamp())
    accounts = await database.fetch("SELECT DISTINCT account_id FROM change WHERE occurred_at < $1", before)
    return sum([await _forget(account_id, before) for (account_id,) in accounts])


async def _forget(account_id: int, before: int) -> int:
    async with database.transaction():
        gone = await database.execute(_FORGET, account_id, before)
        if gone:
            await raise_data_version(account_id)
    return gone
