"""Which companies, deals, tickets and other things, and which kinds of these: as rows, for whoever reads them."""

from server.accounts.viewer import Viewer
from server.database.rows import Rows
from server.models import ObjectType, Record
from server.models.enums import RecordKind


def records(viewer: Viewer, *, kind: RecordKind | None = None, object_type: str | None = None) -> Rows:
    """The account's records by name: all, of one kind, of one of the account's own kinds."""
    rows = Rows(Record, "t.account_id = $1", (viewer.account_id,), ("name", "id"))
    if kind is not None:
        rows = rows.also("t.kind = $1", kind.value)
    return rows if object_type is None else rows.also("t.object_type = $1", object_type)


def record(viewer: Viewer, id: int) -> Rows:
    """The one record of that number, if it is the account's."""
    return records(viewer).also("t.id = $1", id)


def object_types(viewer: Viewer) -> Rows:
    """The account's own kinds of records, by key."""
    return Rows(ObjectType, "t.account_id = $1", (viewer.account_id,), ("key", "id"))


def object_type(viewer: Viewer, id: int) -> Rows:
    """The one of that number, if it is the account's."""
    return object_types(viewer).also("t.id = $1", id)
