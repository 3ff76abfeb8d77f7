"""Refusals about meetings that carry more than a sentence."""

from __future__ import annotations

from server.errors import Complaint, ErrorCode, Refused

_CHANGED = "Somebody has changed this meeting meanwhile. Look at how it is now, then send your change again."


class Conflict(Refused):
    """The meeting is not what the caller thinks it is; `meeting_id` is the one to show as it stands now, and `field`
    the input that says what they think."""

    def __init__(self, meeting_id: int, message: str = _CHANGED, *, field: str = "expectedVersion") -> None:
        super().__init__([Complaint(ErrorCode.CONFLICT, message, (field,))])
        self.meeting_id = meeting_id
