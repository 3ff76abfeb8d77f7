"""A colleague, and the account they belong to."""

import strawberry

from schema.enums import AccountKind, Role
from schema.node import Node
from schema.reading import column, identity, reads, shown
from schema.scalars import TimeZone
from server import models


@reads(models.Account)
@strawberry.type(description="The organisation that everything here belongs to.")
class Account(Node):
    id: strawberry.ID = identity("acc")
    name: str = shown("What it is called.")
    kind: AccountKind = shown("Whether this is real or a place to try things.")
    time_zone: TimeZone = shown("The zone used where nobody's own is known.")
    locale: str = shown("The language used where nobody's own is known, as a BCP 47 tag.")
    meeting_types_are_enabled: bool = column("meeting_types_enabled", "Whether meetings have a type here.")


@reads(models.User)
@strawberry.type(description="A colleague with a sign-in.")
class User(Node):
    id: strawberry.ID = identity("usr")
    name: str = shown("The name that attendees see.")
    email: str = shown("The address they sign in with and are mailed at.")
    job_title: str = shown("What they do; empty if they did not say.")
    role: Role = shown("What they may do in the account.")
    has_seat: bool = shown("Whether they may host and organize meetings.")
    is_active: bool = shown("False once they were put out; their past meetings stay.")
    time_zone: TimeZone = shown("The zone of their weekly hours and of their day.")
    locale: str = shown("The language of their mails, as a BCP 47 tag.")
