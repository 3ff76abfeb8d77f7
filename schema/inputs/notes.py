"""What colleagues send for each other's eyes: notes and files."""

import strawberry

from schema.inputs.given import IDEMPOTENCY_KEY, needed, optional

BODY = (
    "What it says, as rich text of at most 20000 characters. A colleague is named with `@[usr_3]`, or with "
    '`<span data-mention="usr_3">@Name</span>`; who is named is told.'
)


@strawberry.input(description="A note for colleagues.")
class AddInternalNoteInput:
    meeting: strawberry.ID = needed("The meeting.")
    body: str = needed(BODY)
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)


@strawberry.input(description="Another text for a note.")
class EditInternalNoteInput:
    note: strawberry.ID = needed("The note; one's own.")
    body: str = needed(BODY)


@strawberry.input(description="A note that nobody is to read any more.")
class DeleteInternalNoteInput:
    note: strawberry.ID = needed("The note.")


@strawberry.input(description="A file for colleagues, as it is announced.")
class AttachFileInput:
    meeting: strawberry.ID = needed("The meeting.")
    name: str = needed("What it is called, at most 255 characters.")
    content_type: str = needed("Its media type, such as application/pdf.")
    size_bytes: int = needed("How many bytes it has, exactly.")
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)


@strawberry.input(description="A file that nobody is to fetch any more.")
class DeleteAttachmentInput:
    attachment: strawberry.ID = needed("The file.")
