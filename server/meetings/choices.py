"""What an account chooses from when it sorts its meetings: as rows, for whoever reads them."""

from server.accounts.viewer import Viewer
from server.database.rows import Rows
from server.models import MeetingType, Outcome


def outcomes(viewer: Viewer) -> Rows:
    """The account's outcomes in their order, archived ones too, because old meetings name them."""
    return Rows(Outcome, "t.account_id = $1", (viewer.account_id,), ("position", "id"))


def meeting_types(viewer: Viewer) -> Rows:
    """The account's meeting types, archived ones too, by label."""
    return Rows(MeetingType, "t.account_id = $1", (viewer.account_id,), ("label", "id"))
