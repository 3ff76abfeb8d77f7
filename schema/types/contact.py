"""People outside, the things they belong to, and the ties between these and a meeting."""

from datetime import datetime

import strawberry

from schema.enums import RecordKind
from schema.node import Node
from schema.reading import computed, embedded, identity, reads, shown
from schema.scalars import TimeZone
from schema.types.user import User
from server import models


def full_name(first: str, last: str, email: str) -> str:
    """Both names, or the one there is, or the address."""
    return f"{first} {last}".strip() or email


@reads(models.Record)
@strawberry.type(description="A company, deal, ticket or other thing that meetings are about.")
class Record(Node):
    id: strawberry.ID = identity("rec")
    kind: RecordKind = shown("What kind of thing it is.")
    object_type: str = shown("For CUSTOM: the account's own word for it; empty otherwise.")
    name: str = shown("What it is called.")
    owner: User | None = shown("The colleague responsible for it.")


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
    last_booking: Tracking = embedded("last_booking_", "What the link carried by which they last booked.")


@reads(models.Association)
@strawberry.type(description="The tie between a meeting and a record or a contact: exactly one of the two is set.")
class Association:
    record: Record | None = shown("The record.")
    contact: Contact | None = shown("The contact.")
