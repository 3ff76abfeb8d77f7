"""A file is taken away, and its bytes with it."""

from __future__ import annotations

from functools import partial

import structlog

from server import database
from server.accounts import policy
from server.accounts.policy import Around
from server.accounts.viewer import Viewer
from server.changes.log import record_change
from server.errors import ErrorCode, refusal
from server.gateways import files
from server.meetings.locked import locked_meeting
from server.models import Attachment
from server.models.enums import ChangeKind

_NOT_THERE = "There is no such file, or it has been deleted."
_log = structlog.get_logger(__name__)


async def delete_attachment(viewer: Viewer, attachment_id: int) -> int:
    """Nobody can fetch the file any more, its addresses have ended, and its bytes go after the commit. The number of
    its meeting. Whoever brought it may, and whoever may edit the meeting. `NOT_FOUND`, `FORBIDDEN`."""
    async with database.transaction():
        found = await Attachment.get_or_none(id=attachment_id, account_id=viewer.account_id)
        if found is None:
            raise refusal(ErrorCode.NOT_FOUND, _NOT_THERE, "attachment")

        def may(viewer: Viewer, around: Around) -> bool:
            return policy.may_delete_attachment(viewer, around, uploader_id=found.uploader_id)

        meeting = await locked_meeting(viewer, found.meeting_id, may=may)
        if not await Attachment.filter(id=found.id).delete():
            raise refusal(ErrorCode.NOT_FOUND, _NOT_THERE, "attachment")
        database.after_commit(partial(drop_bytes, found.storage_key))
        await record_change(
            ChangeKind.MEETING_EDITED,
            account_id=meeting.account_id,
            meeting_id=meeting.id,
            actor=viewer.actor,
            data={"fields": ["attachments"]},
        )
        return meeting.id


async def drop_bytes(storage_key: str) -> None:
    """The bytes are gone; while the storage is away they wait for the sweep."""
    try:
        await files.drop(storage_key)
    except files.StorageAway as error:
        _log.warning("attachment.not_dropped", reason=str(error))
