"""Reading the log, one page at a time."""

from collections.abc import Collection

from server import database
from server.changes.errors import ResyncRequired
from server.database.placeholders import placeholders
from server.models import Change
from server.models.enums import ChangeKind

SIZE = 500


async def page(
    account_id: int, *, after: int, limit: int = SIZE, kinds: Collection[ChangeKind] | None = None
) -> list[Change]:
    """At most `limit` changes of the account with numbers above `after`, in order; of these kinds only, if any are
    named."""
    columns = list(Change._meta.db_fields)
    named = ", ".join(f'"{column}"' for column in columns)
    wanted = [str(kind) for kind in kinds] if kinds is not None else []
    narrowed = f" AND kind IN ({placeholders(wanted, after=2)})" if kinds is not None else ""
    rows = await database.fetch(
        f'SELECT {named} FROM "change" WHERE account_id = $1 AND number > $2{narrowed} ORDER BY number LIMIT {limit}',
        account_id,
        after,
        *wanted,
    )
    return [Change._init_from_db(**dict(zip(columns, row, strict=True))) for row in rows]


async def latest_number(account_id: int) -> int:
    """The number of the account's last change; 0 before the first, and for an account that does not exist."""
    row = await database.fetch_one("SELECT last_change_number FROM account WHERE id = $1", account_id)
    return int(row[0]) if row else 0


async def require_kept(account_id: int, after: int) -> None:
    """Nothing behind `after` has been forgotten and nothing before it is still to come; `ResyncRequired` otherwise."""
    row = await database.fetch_one(
        "SELECT last_change_number, (SELECT MIN(number) FROM change WHERE account_id = $1) FROM account WHERE id = $1",
        account_id,
    )
    latest = int(row[0]) if row else 0
    oldest = int(row[1]) if row and row[1] is not None else latest + 1
    if not oldest - 1 <= after <= latest:
        raise ResyncRequired(account_id, after, oldest=oldest, latest=latest)
