"""Which meetings of a list are wanted."""

from datetime import datetime
from enum import Enum

import strawberry

from schema.enums import MeetingSource
from schema.inputs.given import optional


@strawberry.enum(description="The order of a list of meetings.")
class MeetingOrder(Enum):
    EARLIEST_FIRST = strawberry.enum_value("EARLIEST_FIRST", description="By start.")
    LATEST_FIRST = strawberry.enum_value("LATEST_FIRST", description="By start, the last one first.")


@strawberry.input(description="Which meetings are wanted; what is left out is not asked about.")
class MeetingFilter:
    host: strawberry.ID | None = optional("Hosted by this user.")
    organizer: strawberry.ID | None = optional("Arranged by this user.")
    contact: strawberry.ID | None = optional("With this contact first among the attendees.")
    link: strawberry.ID | None = optional("Booked through this link.")
    outcomes: list[str] | None = optional("With one of these outcomes, by key. At most 50.")
    sources: list[MeetingSource] | None = optional("That came to be in one of these ways. At most 10.")
    starts_from: datetime | None = optional("That begin then or later.")
    starts_before: datetime | None = optional("That begin earlier.")
    is_canceled: bool | None = optional("True: canceled ones only. False: no canceled ones.")
