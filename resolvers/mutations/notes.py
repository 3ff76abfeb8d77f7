"""What colleagues write and keep for each other's eyes."""

import strawberry

from resolvers.door import mutation
from schema.context import Info
from schema.inputs.given import Input
from schema.inputs.notes import (
    AddInternalNoteInput,
    AttachFileInput,
    DeleteAttachmentInput,
    DeleteInternalNoteInput,
    EditInternalNoteInput,
)
from schema.numbers import numbered
from schema.payloads.notes import (
    AddInternalNotePayload,
    AttachFilePayload,
    DeleteAttachmentPayload,
    DeleteInternalNotePayload,
    EditInternalNotePayload,
)
from schema.types.note import Attachment, InternalNote
from server.accounts.scopes import Scope
from server.attachments import attach, remove, tokens
from server.meetings import notes, queries


@mutation(Scope.MEETINGS_WRITE, "A note for colleagues stands with a meeting; whoever it names is told.")
async def add_internal_note(info: Info, input: Input[AddInternalNoteInput]) -> AddInternalNotePayload:
    viewer, number = info.context.signed_in, numbered("mtg", input.meeting)
    made = await notes.add_internal_note(viewer, number, input.body, idempotency_key=input.idempotency_key)
    return AddInternalNotePayload(note=await _note(info, made))


@mutation(Scope.MEETINGS_WRITE, "A note says something else; whoever it newly names is told.")
async def edit_internal_note(info: Info, input: Input[EditInternalNoteInput]) -> EditInternalNotePayload:
    number = await notes.edit_internal_note(info.context.signed_in, numbered("nte", input.note), input.body)
    return EditInternalNotePayload(note=await _note(info, number))


@mutation(Scope.MEETINGS_WRITE, "Nobody can read a note any more.")
async def delete_internal_note(info: Info, input: Input[DeleteInternalNoteInput]) -> DeleteInternalNotePayload:
    number = await notes.delete_internal_note(info.context.signed_in, numbered("nte", input.note))
    return DeleteInternalNotePayload(note=await _note(info, number))


@mutation(Scope.MEETINGS_WRITE, "A file is announced, and there is an address to bring it to.")
async def attach_file(info: Info, input: Input[AttachFileInput]) -> AttachFilePayload:
    viewer, number = info.context.signed_in, numbered("mtg", input.meeting)
    new = attach.NewAttachment(number, input.name, input.content_type, input.size_bytes, input.idempotency_key)
    made = await attach.attach_file(viewer, new)
    return AttachFilePayload(
        attachment=await info.context.read.one(Attachment, queries.attachment(viewer, made.id)),
        upload_url=tokens.upload_url(made),
        upload_ends_at=tokens.upload_ends_at(made),
    )


@mutation(Scope.MEETINGS_WRITE, "Nobody can fetch a file any more.")
async def delete_attachment(info: Info, input: Input[DeleteAttachmentInput]) -> DeleteAttachmentPayload:
    await remove.delete_attachment(info.context.signed_in, numbered("fil", input.attachment))
    return DeleteAttachmentPayload(deleted_id=strawberry.ID(input.attachment))


async def _note(info: Info, number: int) -> InternalNote | None:
    return await info.context.read.one(InternalNote, queries.internal_note(info.context.signed_in, number))
