"""How often the data of an account has changed: one number, by which anything kept in memory is found out of date."""

from __future__ import annotations

from server import database
from server.changes import wakeups


async def data_version(account_id: int) -> int:
    """The number of committed changes to the account's data; 0 for an account that does not exist. It rises with every
    fact of the log and with what is no fact, such as a hold."""
    row = await database.fetch_one("SELECT data_version FROM account WHERE id = $1", account_id)
    return int(row[0]) if row else 0


async def raise_data_version(account_id: int) -> None:
    """The account's data counts as changed, and after the commit every process hears of it. For what is no fact of the
    log, which raises it by itself; the last write of its transaction, as a fact would be."""
    if not database.in_transaction():
        raise RuntimeError("the version rises in the transaction that changes the data; open one with transaction()")
    await database.execute("UPDATE account SET data_version = data_version + 1 WHERE id = $1", account_id)
    await wakeups.announce(account_id)
