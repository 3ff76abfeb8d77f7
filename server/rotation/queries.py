"""Which rotations: as rows, for whoever reads them."""

from server.accounts.viewer import Viewer
from server.database.rows import Rows
from server.models import Rotation


def rotations(viewer: Viewer) -> Rows:
    """The account's rotations that are not deleted, by name."""
    return Rows(Rotation, "t.account_id = $1 AND t.deleted_at IS NULL", (viewer.account_id,), ("name", "id"))


def rotation(viewer: Viewer, id: int) -> Rows:
    """The one rotation of that number, if it is the account's and not deleted."""
    return rotations(viewer).also("t.id = $1", id)
