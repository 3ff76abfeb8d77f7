"""Which companies, deals, tickets and other things: as rows, for whoever reads them."""

from server.accounts.viewer import Viewer
from server.database.rows import Rows, containing
from server.models import Record
from server.models.enums import RecordKind


def records(viewer: Viewer, *, kind: RecordKind | None = None, search: str | None = None) -> Rows:
    """The account's records by name: all, or of one kind, or with a text in their name."""
    rows = Rows(Record, "t.account_id = $1", (viewer.account_id,), ("name", "id"))
    if kind is not None:
        rows = rows.also("t.kind = $1", kind.value)
    if search and search.strip():
        rows = rows.also(r"lower(t.name) LIKE $1 ESCAPE '\'", containing(search))
    return rows


def record(viewer: Viewer, id: int) -> Rows:
    """The one record of that number, if it is the account's."""
    return records(viewer).also("t.id = $1", id)
