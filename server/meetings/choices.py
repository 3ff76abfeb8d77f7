"""What an account chooses from when it sorts its meetings: as rows, for whoever reads them."""

from server.accounts.viewer import Viewer
from server.database.rows import Rows
from server.models import MeetingType, Outcome


def outcomes(viewer: Viewer) -> Rows:
    """The account's outcomes in their order, archived ones too, because old meetings name them."""
    return Rows(Outcome, "t.account_id = $1", (viewer.account_id,), ("position", "id"))


def meeting_types(viewer: Viewer) -> Rows:
    """The account's meeting types, in their order, archived ones too."""
    return Rows(MeetingType, "t.account_id = $1", (viewer.account_id,), ("position", "id"))


def outcome(viewer: Viewer, key: str) -> Rows:
    """The account's outcome of this key."""
    return outcomes(viewer).also("t.key = $1", key)


def meeting_type(viewer: Viewer, key: str) -> Rows:
    """The account's meeting type of this key."""
    return meeting_types(viewer).also("t.key = $1", key)
