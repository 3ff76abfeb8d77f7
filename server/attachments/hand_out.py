"""A file is fetched by whoever was given its address."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from server import ids
from server.attachments.tokens import Act, attachment_of
from server.errors import ErrorCode, refusal
from server.gateways import files
from server.gateways.files import KeptFile, Span
from server.models import Attachment


@dataclass(frozen=True, slots=True)
class HandedOut:
    """The file and its bytes: all of them, or those of the span."""

    attachment: Attachment
    kept: KeptFile
    span: Span | None = None


async def hand_out(token: str, *, span_of: Callable[[Attachment], Span | None] = lambda file: None) -> HandedOut:
    """The file behind a download address; `span_of` says which of its bytes are wanted, and None for all of them.
    `NOT_FOUND`, `TOKEN_EXPIRED`, `StorageAway`."""
    attachment = await attachment_of(token, Act.FETCH)
    if attachment.uploaded_at is not None:
        span = span_of(attachment)
        kept = await files.fetch(attachment.storage_key, span=span)
        if kept is not None:
            return HandedOut(attachment, kept, span)
    raise refusal(ErrorCode.NOT_FOUND, "There is no file at this address.")


def entity_tag(attachment: Attachment) -> str:
    """What tells its bytes from all others, for whoever has some of them already: what lies under a key never changes
    (RFC 9110, 8.8.3)."""
    return f'"{ids.digest(attachment.storage_key)[:32]}"'
