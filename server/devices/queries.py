"""Which devices: as rows, for whoever reads them."""

from __future__ import annotations

from server.accounts.viewer import Viewer
from server.database.rows import Rows
from server.models import Device

AT_MOST = 20
"""Devices that one user may have; of more, those registered longest ago are let go of."""


def devices(viewer: Viewer) -> Rows:
    """The viewer's devices that are woken, the one registered last first. One whose session has ended is none."""
    return Rows(
        Device,
        "t.account_id = $1 AND t.user_id = $2"
        " AND EXISTS (SELECT 1 FROM session s WHERE s.id = t.session_id AND s.ended_at IS NULL)",
        (viewer.account_id, viewer.user_id),
        order=("-registered_at", "-id"),
    )


def device(viewer: Viewer, id: int) -> Rows:
    """The viewer's device of that number."""
    return devices(viewer).also("t.id = $1", id)
