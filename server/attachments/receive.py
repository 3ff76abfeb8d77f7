"""The bytes of a file arrive."""

from __future__ import annotations

from collections.abc import AsyncIterator

from server import clock, database, ids
from server.attachments.attach import FOLDER
from server.attachments.kinds import HEAD_BYTES, is_program, served_as
from server.attachments.tokens import Act, attachment_of
from server.changes.log import record_change
from server.errors import ErrorCode, Refused, refusal
from server.gateways import files
from server.models import Attachment
from server.models.enums import ChangeKind

_BROUGHT = "This file has been brought already."


async def receive_file(token: str, pieces: AsyncIterator[bytes]) -> Attachment:
    """The file is there for the team, exactly as many bytes as were announced, once; and the log says so.

    `NOT_FOUND`, `TOKEN_EXPIRED`, `CONFLICT` if it was brought before; `FILE_REFUSED` for another number of bytes, or
    for a program. Then nothing of it is kept. `StorageAway`."""
    attachment = await attachment_of(token, Act.BRING)
    if attachment.uploaded_at is not None:
        raise refusal(ErrorCode.CONFLICT, _BROUGHT)
    # A place of its own for each attempt: one that comes second cannot write into what the first has brought.
    key = f"{FOLDER}/{attachment.account_id}/{ids.new_secret()}"
    seen = _Seen(attachment.size_bytes)
    try:
        await files.keep(key, seen.counted(pieces))
        seen.require_whole()
        return await _settle(attachment, key, seen.head)
    except Refused:
        await files.drop(key)
        raise


async def _settle(attachment: Attachment, key: str, head: bytes) -> Attachment:
    async with database.transaction():
        found = await Attachment.filter(id=attachment.id, uploaded_at=None).select_for_update().get_or_none()
        if found is None:
            raise refusal(ErrorCode.CONFLICT, _BROUGHT)
        found.storage_key, found.uploaded_at = key, clock.now()
        found.content_type = served_as(found.content_type, head)
        await found.save(update_fields=["storage_key", "uploaded_at", "content_type"])
        await record_change(
            ChangeKind.MEETING_EDITED,
            account_id=found.account_id,
            meeting_id=found.meeting_id,
            actor=f"user:{found.uploader_id}" if found.uploader_id is not None else "system",
            data={"fields": ["attachments"]},
        )
        return found


class _Seen:
    """What has come so far of a file that was announced with so many bytes."""

    def __init__(self, announced: int) -> None:
        self._announced = announced
        self._count = 0
        self.head = b""

    async def counted(self, pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
        """The pieces, as long as they are what was announced."""
        async for piece in pieces:
            self._count += len(piece)
            if self._count > self._announced:
                raise self._wrong_size("more than")
            if len(self.head) < HEAD_BYTES:
                self.head = (self.head + piece)[:HEAD_BYTES]
            if is_program(self.head):
                raise refusal(
                    ErrorCode.FILE_REFUSED, "This is a program, whatever it is called. Programs are not kept."
                )
            if piece:
                yield piece

    def require_whole(self) -> None:
        """`FILE_REFUSED` if bytes are missing."""
        if self._count != self._announced:
            raise self._wrong_size("other than")

    def _wrong_size(self, how: str) -> Refused:
        message = f"These are {how} the {self._announced} bytes that were announced. Attach the file again."
        return refusal(ErrorCode.FILE_REFUSED, message)
