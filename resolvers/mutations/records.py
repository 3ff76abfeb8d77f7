"""What whoever keeps contacts and records does with them."""

from resolvers.door import mutation
from schema.context import Info
from schema.inputs.given import Input
from schema.inputs.records import (
    CreateObjectTypeInput,
    EditObjectTypeInput,
    UpsertContactInput,
    UpsertRecordInput,
    contact_entry_from,
    record_entry_from,
)
from schema.numbers import numbered
from schema.payloads.records import (
    CreateObjectTypePayload,
    EditObjectTypePayload,
    UpsertContactPayload,
    UpsertRecordPayload,
)
from schema.types.contact import Contact, ObjectType, Record
from server.accounts.scopes import Scope
from server.contacts import object_types, queries, records
from server.contacts.save_contact import save_contact
from server.contacts.save_record import save_record


@mutation(Scope.CONTACTS_WRITE, "A contact is known as somebody said, and is made if nobody was known so.")
async def upsert_contact(info: Info, input: Input[UpsertContactInput]) -> UpsertContactPayload:
    viewer = info.context.signed_in
    saved = await save_contact(viewer, contact_entry_from(input), idempotency_key=input.idempotency_key)
    contact = await info.context.read.one(Contact, queries.contact(viewer, saved.id))
    return UpsertContactPayload(contact=contact, is_new=saved.is_new)


@mutation(Scope.CONTACTS_WRITE, "A company, deal, ticket or custom object is known as somebody said.")
async def upsert_record(info: Info, input: Input[UpsertRecordInput]) -> UpsertRecordPayload:
    viewer = info.context.signed_in
    saved = await save_record(viewer, record_entry_from(input), idempotency_key=input.idempotency_key)
    record = await info.context.read.one(Record, records.record(viewer, saved.id))
    return UpsertRecordPayload(record=record, is_new=saved.is_new)


@mutation(Scope.ACCOUNT_ADMIN, "The account keeps one more kind of record.")
async def create_object_type(info: Info, input: Input[CreateObjectTypeInput]) -> CreateObjectTypePayload:
    number = await object_types.create_object_type(
        info.context.signed_in,
        key=input.key,
        label=input.label,
        plural_label=input.plural_label,
        idempotency_key=input.idempotency_key,
    )
    return CreateObjectTypePayload(object_type=await _object_type(info, number))


@mutation(Scope.ACCOUNT_ADMIN, "A kind of record is called otherwise; its key stays.")
async def edit_object_type(info: Info, input: Input[EditObjectTypeInput]) -> EditObjectTypePayload:
    number = numbered("oty", input.object_type)
    viewer = info.context.signed_in
    await object_types.edit_object_type(viewer, number, label=input.label, plural_label=input.plural_label)
    return EditObjectTypePayload(object_type=await _object_type(info, number))


async def _object_type(info: Info, number: int) -> ObjectType | None:
    return await info.context.read.one(ObjectType, records.object_type(info.context.signed_in, number))
