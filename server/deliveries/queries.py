"""Which deliveries did not reach anybody."""

from __future__ import annotations

from server.accounts.viewer import Viewer
from server.database.rows import Rows
from server.models import Job


def failed_deliveries(viewer: Viewer) -> Rows:
    """The account's deliveries that were given up, the latest first: each stays until somebody tries it again."""
    return Rows(Job, "t.account_id = $1 AND t.state = 'DEAD'", (viewer.account_id,), ("-finished_at", "-id"))


def delivery(viewer: Viewer, id: int) -> Rows:
    """The account's delivery of that number, however it went."""
    return Rows(Job, "t.account_id = $1 AND t.id = $2", (viewer.account_id, id), limit=1)
