"""A folder to keep files in, and a file on its way."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from server.accounts.viewer import Viewer
from server.attachments.attach import NewAttachment, attach_file
from server.attachments.receive import receive_file
from server.attachments.tokens import upload_url
from server.models import Attachment, Meeting

PDF = b"%PDF-1.7 plans of the roof"


async def pieces(*given: bytes) -> AsyncIterator[bytes]:
    """The bytes, as a request brings them."""
    for one in given:
        yield one


def token_in(url: str) -> str:
    """The token at the end of the address of a file."""
    return url.rpartition("/")[2]


def a_new_file(meeting: Meeting, body: bytes = PDF, **fields: Any) -> NewAttachment:
    """Plans of a roof, as a PDF."""
    given = {"name": "Roof plans.pdf", "content_type": "application/pdf", "size_bytes": len(body)}
    return NewAttachment(meeting.id, **(given | fields))


async def an_attachment(viewer: Viewer, meeting: Meeting, body: bytes = PDF, **fields: Any) -> Attachment:
    """The file, announced and brought."""
    announced = await attach_file(viewer, a_new_file(meeting, body, **fields))
    return await receive_file(token_in(upload_url(announced)), pieces(body))
