"""Reading the log, one page at a time."""

from collections.abc import Collection

from server import database
from server.changes.errors import ResyncRequired
from server.models import Change
from server.models.enums import ChangeKind

SIZE = 500


async def page(
    account_id: int, *, after: int, limit: int = SIZE, kinds: Collection[ChangeKind] | None = None
) -> list[Change]:
    """At most `limit` changes of the account with numbers above `after`, in order; of these kinds only, if any are
    named."""
    rows = Change.filter(account_id=account_id, number__gt=after)
    if kinds is not None:
        rows = rows.filter(kind__in=list(kinds))
    return await rows.order_by("number").limit(limit)


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
