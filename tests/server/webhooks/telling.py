"""Changes committed as the verbs commit them, and deliveries made until there are none."""

from __future__ import annotations

from server import database
from server.changes.log import record_change
from server.models import Meeting
from server.models.enums import ChangeKind
from server.worker import work_once


async def happens(meeting: Meeting, *kinds: ChangeKind) -> list[int]:
    """These changes of the meeting, each in a transaction of its own; their numbers."""
    numbers = []
    for kind in kinds:
        async with database.transaction():
            account_id = meeting.account_id
            numbers.append(await record_change(kind, account_id=account_id, meeting_id=meeting.id, actor="visitor"))
    return numbers


async def work_off() -> int:
    """Everything that is due was tried; returns how many jobs that were."""
    tried = 0
    while done := await work_once():
        tried += done
    return tried
