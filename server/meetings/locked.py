"""The meeting that a verb is about, locked until the transaction ends."""

from __future__ import annotations

from collections.abc import Callable

from server.accounts import policy
from server.accounts.policy import Around
from server.accounts.viewer import Viewer
from server.errors import ErrorCode, refusal
from server.meetings.errors import Conflict
from server.models import Meeting

_CANCELED = "This meeting has been canceled. Schedule a new one instead."


async def locked_meeting(
    viewer: Viewer,
    meeting_id: int,
    *,
    expected_version: int | None = None,
    may: Callable[[Viewer, Around], bool] = policy.may_edit_meeting,
) -> Meeting:
    """The account's meeting, so that nobody else changes it before the transaction ends.

    `NOT_FOUND` for a foreign, unknown or deleted one, `FORBIDDEN` for whoever may not change it, `Conflict` if it has
    another version than expected."""
    meeting = await lock(meeting_id, account_id=viewer.account_id)
    if meeting is None or meeting.deleted_at is not None:
        raise refusal(ErrorCode.NOT_FOUND, "There is no such meeting, or it has been deleted.", "meeting")
    around = Around(account_id=meeting.account_id, host_id=meeting.host_id, organizer_id=meeting.organizer_id)
    if not may(viewer, around):
        message = "Only the host, the organizer or an administrator may change this meeting. Please ask one of them."
        raise refusal(ErrorCode.FORBIDDEN, message, "meeting")
    if expected_version is not None and meeting.version != expected_version:
        raise Conflict(meeting.id)
    return meeting


async def lock(meeting_id: int, *, account_id: int) -> Meeting | None:
    """The meeting's row, as it is once everybody else has let go of it; nobody waits for a foreign one."""
    return await Meeting.filter(id=meeting_id, account_id=account_id).select_for_update(no_key=True).get_or_none()


def require_standing(meeting: Meeting) -> None:
    """`Conflict` for a meeting that was canceled."""
    if meeting.canceled_at is not None:
        raise Conflict(meeting.id, _CANCELED)
