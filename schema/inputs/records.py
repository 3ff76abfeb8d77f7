"""What is said of contacts and records by whoever keeps them."""

from collections.abc import Sequence
from enum import StrEnum

import strawberry

from schema.enums import RecordKind, dressed
from schema.inputs.given import IDEMPOTENCY_KEY, needed, optional, several
from schema.numbers import numbered_if
from schema.scalars import TimeZone
from server.contacts.properties import MOST, Property
from server.contacts.save_contact import ContactEntry
from server.contacts.save_record import RecordEntry

PROPERTIES = "Properties that are to have another value; the others stay."
EXTERNAL_ID = "What it is known by where it came from, at most 255 characters."


class ContactDetail(StrEnum):
    FIRST_NAME = "first_name"
    LAST_NAME = "last_name"
    PHONE = "phone"
    OWNER = "owner"
    COMPANY = "company"
    TIME_ZONE = "time_zone"
    LOCALE = "locale"
    EXTERNAL_ID = "external_id"


class RecordDetail(StrEnum):
    OWNER = "owner"
    EXTERNAL_ID = "external_id"


dressed(
    ContactDetail,
    "What of a contact can be taken back.",
    FIRST_NAME="The first name.",
    LAST_NAME="The last name.",
    PHONE="The number.",
    OWNER="Nobody is responsible for them.",
    COMPANY="They belong to no company.",
    TIME_ZONE="The zone.",
    LOCALE="The language.",
    EXTERNAL_ID="What they were known by elsewhere.",
)
dressed(
    RecordDetail,
    "What of a record can be taken back.",
    OWNER="Nobody is responsible for it.",
    EXTERNAL_ID="What it was known by elsewhere.",
)


@strawberry.input(description="One property of a contact or record.")
class PropertyInput:
    name: str = needed("What it is, at most 64 characters.")
    value: str | None = optional("What is known, at most 1000 characters; null or empty takes the property away.")


@strawberry.input(
    description="What is said of a contact; what is left out stays. Who it is, `contact` says, else `externalId`, else "
    "`email`; where nobody is known by these, a contact is made."
)
class UpsertContactInput:
    contact: strawberry.ID | None = optional("The contact, if it is known here.")
    external_id: str | None = optional(EXTERNAL_ID)
    email: str | None = optional("Their address; a new contact needs one.")
    first_name: str | None = optional("The first name, at most 200 characters.")
    last_name: str | None = optional("The last name, at most 200 characters.")
    phone: str | None = optional("The number, at most 64 characters.")
    owner: strawberry.ID | None = optional("The colleague responsible for them.")
    company: strawberry.ID | None = optional("The company they belong to: a record of the kind COMPANY.")
    time_zone: TimeZone | None = optional("Their zone.")
    locale: str | None = optional("Their language, as a BCP 47 tag.")
    properties: list[PropertyInput] | None = several(PROPERTIES, MOST)
    clear: list[ContactDetail] | None = several("What is taken back.", 8)
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)


@strawberry.input(
    description="What is said of a record; what is left out stays. Which one it is, `record` says, else `externalId` "
    "among those of its kind; otherwise it is a new one."
)
class UpsertRecordInput:
    record: strawberry.ID | None = optional("The record, if it is known here.")
    kind: RecordKind | None = optional("What kind of thing it is; a new record needs one, and keeps it.")
    object_type: str | None = optional("For CUSTOM: the key of one of the account's object types.")
    external_id: str | None = optional(EXTERNAL_ID)
    name: str | None = optional("What it is called, at most 200 characters; a new record needs a name.")
    owner: strawberry.ID | None = optional("The colleague responsible for it.")
    properties: list[PropertyInput] | None = several(PROPERTIES, MOST)
    clear: list[RecordDetail] | None = several("What is taken back.", 2)
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)


@strawberry.input(description="A kind of record to be made.")
class CreateObjectTypeInput:
    key: str = needed("What programs know it by: small letters, digits and _, at most 64 characters. It stays.")
    label: str = needed("What one of them is called, at most 200 characters.")
    plural_label: str = needed("What several of them are called, at most 200 characters.")
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)


@strawberry.input(description="Other words for a kind of record; what is left out stays.")
class EditObjectTypeInput:
    object_type: strawberry.ID = needed("The object type.")
    label: str | None = optional("What one of them is called.")
    plural_label: str | None = optional("What several of them are called.")


def contact_entry_from(input: UpsertContactInput) -> ContactEntry:
    """The input as the verb takes it."""
    return ContactEntry(
        contact_id=numbered_if("con", input.contact),
        external_id=input.external_id,
        email=input.email,
        first_name=input.first_name,
        last_name=input.last_name,
        phone=input.phone,
        owner_id=numbered_if("usr", input.owner),
        company_id=numbered_if("rec", input.company),
        time_zone=input.time_zone,
        locale=input.locale,
        properties=_properties(input.properties),
        clear=[one.value for one in input.clear or ()],
    )


def record_entry_from(input: UpsertRecordInput) -> RecordEntry:
    """The input as the verb takes it."""
    return RecordEntry(
        record_id=numbered_if("rec", input.record),
        kind=input.kind,
        object_type=input.object_type,
        external_id=input.external_id,
        name=input.name,
        owner_id=numbered_if("usr", input.owner),
        properties=_properties(input.properties),
        clear=[one.value for one in input.clear or ()],
    )


def _properties(given: Sequence[PropertyInput] | None) -> tuple[Property, ...]:
    return tuple((one.name, one.value) for one in given or ())
