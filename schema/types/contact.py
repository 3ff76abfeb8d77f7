"""People outside, the things they belong to, and the ties between these and a meeting."""

from datetime import datetime
from typing import Any

import strawberry

from schema.enums import RecordKind
from schema.node import Node
from schema.reading import computed, embedded, identity, reads, shown
from schema.scalars import TimeZone
from schema.types.user import User
from server import models
from server.contacts.properties import MOST


def full_name(first: str, last: str, email: str) -> str:
    """Both names, or the one there is, or the address."""
    return f"{first} {last}".strip() or email


@strawberry.type(description="Something else that is known of a contact or record.")
class Property:
    name: str = strawberry.field(description="What it is.")
    value: str = strawberry.field(description="What is known.")


def listed_properties(properties: dict[str, Any]) -> list[Property]:
    """The properties by name."""
    return [Property(name=name, value=str(value)) for name, value in sorted(properties.items())[:MOST]]


EXTERNAL_ID = "What they are known by where they came from; null if nobody said."
PROPERTIES = f"What else is known, by name. At most {MOST}."


@reads(models.Record)
@strawberry.type(description="A company, deal, ticket or other thing that meetings are about.")
class Record(Node):
    id: strawberry.ID = identity("rec")
    kind: RecordKind = shown("What kind of thing it is.")
    object_type: str = shown("For CUSTOM: the account's own word for it; empty otherwise.")
    name: str = shown("What it is called.")
    owner: User | None = shown("The colleague responsible for it.")
    external_id: str | None = shown(EXTERNAL_ID)
    properties: list[Property] = computed(listed_properties, "properties", about=PROPERTIES)


@reads(models.ObjectType)
@strawberry.type(description="One of the account's own kinds of records.")
class ObjectType:
    id: strawberry.ID = identity("oty")
    key: str = shown("What `objectType` of its records says; it stays.")
    label: str = shown("What one of them is called.")
    plural_label: str = shown("What several of them are called.")


@strawberry.type(description="What a link carried when somebody booked through it.")
class Tracking:
    campaign: str | None = shown("The campaign.")
    source: str | None = shown("Where they came from.")
    medium: str | None = shown("How they came.")


@reads(models.Contact)
@strawberry.type(description="A person outside, known by e-mail address.")
class Contact(Node):
    id: strawberry.ID = identity("con")
    name: str = computed(
        full_name, "first_name", "last_name", "email", about="Both names; the address if there is none."
    )
    first_name: str = shown("Empty if unknown.")
    last_name: str = shown("Empty if unknown.")
    email: str = shown("The address they are known by.")
    phone: str = shown("Empty if unknown.")
    owner: User | None = shown("The colleague responsible for them.")
    company: Record | None = shown("The company they belong to.")
    time_zone: TimeZone | None = shown("Their zone, once they booked or somebody set it.")
    locale: str | None = shown("Their language, as a BCP 47 tag.")
    last_booked_at: datetime | None = shown("When they last booked through a link.")
    external_id: str | None = shown(EXTERNAL_ID)
    properties: list[Property] = computed(listed_properties, "properties", about=PROPERTIES)
    last_booking: Tracking = embedded("last_booking_", "What the link carried by which they last booked.")


@reads(models.Association)
@strawberry.type(description="The tie between a meeting and a record or a contact: exactly one of the two is set.")
class Association:
    record: Record | None = shown("The record.")
    contact: Contact | None = shown("The contact.")
