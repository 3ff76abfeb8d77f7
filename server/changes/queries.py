"""Which changes: as rows, for whoever reads them."""

from collections.abc import Sequence

from server.database.placeholders import placeholders
from server.database.rows import Rows
from server.models import Change


def change(account_id: int, number: int) -> Rows:
    """The one change of that number."""
    return Rows(Change, "t.account_id = $1 AND t.number = $2", (account_id, number), limit=1)


def changes_numbered(account_id: int, numbers: Sequence[int]) -> Rows:
    """The changes of these numbers, in order."""
    condition = f"t.account_id = $1 AND t.number IN ({placeholders(numbers, after=1)})"
    return Rows(Change, condition, (account_id, *numbers), ("number", "id"), limit=len(numbers))


def changes_between(account_id: int, after: int, upto: int) -> Rows:
    """The changes with numbers above `after`, up to and including `upto`, in order."""
    return Rows(
        Change, "t.account_id = $1 AND t.number > $2 AND t.number <= $3", (account_id, after, upto), ("number", "id")
    )
