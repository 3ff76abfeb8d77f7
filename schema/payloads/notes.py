"""What colleagues are answered about notes and files."""

from datetime import datetime

import strawberry

from schema.payloads.base import Payload, result
from schema.types.note import Attachment, InternalNote


@strawberry.type(description="What `addInternalNote` answers.")
class AddInternalNotePayload(Payload):
    note: InternalNote | None = result("The note.")


@strawberry.type(description="What `editInternalNote` answers.")
class EditInternalNotePayload(Payload):
    note: InternalNote | None = result("The note as it is now.")


@strawberry.type(description="What `deleteInternalNote` answers.")
class DeleteInternalNotePayload(Payload):
    note: InternalNote | None = result("What is left of the note: who wrote it, and when it was deleted.")


@strawberry.type(description="What `attachFile` answers.")
class AttachFilePayload(Payload):
    attachment: Attachment | None = result("The file, whose bytes are still to come.")
    upload_url: str | None = result("Where its bytes are to be PUT, as they are, without a token.")
    upload_ends_at: datetime | None = result("When that address ends.")


@strawberry.type(description="What `deleteAttachment` answers.")
class DeleteAttachmentPayload(Payload):
    deleted_id: strawberry.ID | None = result("The file that is gone.")
