"""What whoever keeps contacts and records is answered."""

import strawberry

from schema.payloads.base import Payload, result
from schema.types.contact import Contact, ObjectType, Record


@strawberry.type(description="What `upsertContact` answers.")
class UpsertContactPayload(Payload):
    contact: Contact | None = result("The contact as they are now.")
    is_new: bool = strawberry.field(description="Whether nobody had known them before.", default=False)


@strawberry.type(description="What `upsertRecord` answers.")
class UpsertRecordPayload(Payload):
    record: Record | None = result("The record as it is now.")
    is_new: bool = strawberry.field(description="Whether it was made just now.", default=False)


@strawberry.type(description="What `createObjectType` answers.")
class CreateObjectTypePayload(Payload):
    object_type: ObjectType | None = result("The kind of record.")


@strawberry.type(description="What `editObjectType` answers.")
class EditObjectTypePayload(Payload):
    object_type: ObjectType | None = result("The kind of record as it is called now.")
