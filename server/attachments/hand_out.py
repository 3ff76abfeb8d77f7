"""A file is fetched by whoever was given its address."""

from __future__ import annotations

from dataclasses import dataclass

from server.attachments.tokens import Act, attachment_of
from server.errors import ErrorCode, refusal
from server.gateways import files
from server.gateways.files import KeptFile
from server.models import Attachment


@dataclass(frozen=True, slots=True)
class HandedOut:
    """The file and its bytes."""

    attachment: Attachment
    kept: KeptFile


async def hand_out(token: str) -> HandedOut:
    """The file behind a download address. `NOT_FOUND`, `TOKEN_EXPIRED`, `StorageAway`."""
    attachment = await attachment_of(token, Act.FETCH)
    kept = await files.fetch(attachment.storage_key) if attachment.uploaded_at is not None else None
    if kept is None:
        raise refusal(ErrorCode.NOT_FOUND, "There is no file at this address.")
    return HandedOut(attachment, kept)
