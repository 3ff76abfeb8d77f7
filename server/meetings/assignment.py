"""Who was considered when a rotation gave a meeting to its host, and why it was this one."""

from __future__ import annotations

from dataclasses import dataclass

from server.accounts.viewer import Viewer
from server.models import Meeting
from server.rotation.pick import Considered, Standing

GIVEN = frozenset({Standing.PICKED, Standing.OWNER, Standing.CHOSEN})
"""The standings of whoever got the meeting."""


@dataclass(frozen=True, slots=True)
class Assignment:
    """What was known when the host was chosen, in the order of the rotation. The meeting may have moved to another
    host since."""

    meeting_id: int
    host_id: int
    considered: tuple[Considered, ...]


async def assignment_of(viewer: Viewer, meeting_id: int) -> Assignment | None:
    """How a rotation found the host of a meeting of the account; None for a meeting that no rotation assigned, and for
    one that is foreign, unknown or deleted."""
    meeting = await Meeting.get_or_none(id=meeting_id, account_id=viewer.account_id, deleted_at__isnull=True)
    if meeting is None or not meeting.assignment_trace:
        return None
    considered = tuple(
        Considered(
            id=int(row["id"]),
            assigned=int(row["assigned"]),
            last_assigned=int(row["last_assigned"]),
            weight=row["weight"],
            standing=Standing(row["standing"]),
        )
        for row in meeting.assignment_trace
    )
    given = next((one for one in considered if one.standing in GIVEN), None)
    return Assignment(meeting.id, meeting.host_id if given is None else int(given.id), considered)
