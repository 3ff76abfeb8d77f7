"""Times that can be booked, and why others cannot."""

import datetime

import strawberry

from schema.enums import dressed
from schema.types.user import User
from server.availability import ReasonCode

REASONS = {
    "OFF_GRID": "Meetings on this page do not start at this minute.",
    "OUTSIDE_HOURS": "It is outside the host's hours.",
    "DAY_OVERRIDDEN": "The host has other hours on this day, or none.",
    "BUSY": "The host is busy.",
    "BUFFER": "It is too close to another meeting of the host.",
    "NOTICE": "It is too soon.",
    "WINDOW": "It is outside the days that this page offers.",
    "DAILY_LIMIT": "The day is full.",
    "DURATION_NOT_OFFERED": "This page does not offer meetings of this length.",
    "HELD": "Somebody is about to book it.",
    "MEMBER_INACTIVE": "This host takes no meetings at the moment.",
    "CALENDAR_UNREACHABLE": "The host's calendar could not be reached for too long.",
    "LINK_INACTIVE": "This page takes no bookings at the moment.",
}

dressed(
    ReasonCode,
    "One rule that stands in the way of a time. The list may grow: show the message of a value you do not know.",
    **REASONS,
)


@strawberry.type(description="A time that can be booked right now.")
class Slot:
    starts_at: datetime.datetime = strawberry.field(description="When it begins.")
    ends_at: datetime.datetime = strawberry.field(description="When it ends.")


@strawberry.type(description="The free times that begin on one day.")
class SlotDay:
    date: datetime.date = strawberry.field(description="The day, in the zone that was asked for.")
    slots: list[Slot] = strawberry.field(description="By start; never empty. At most 1440, one a minute.")


@strawberry.type(description="What to do with a list of times that one has: take some out, put some in.")
class AvailabilityChange:
    added: list[Slot] = strawberry.field(description="Can be booked from now on, by start. At most 5952, 62 days.")
    removed: list[Slot] = strawberry.field(description="Can be booked no more, by start. At most 5952, 62 days.")


@strawberry.type(description="One reason why a time is not offered.")
class SlotReason:
    code: ReasonCode = strawberry.field(description="Which rule.")
    until: datetime.datetime | None = strawberry.field(description="When it no longer holds, if it ends by itself.")
    host: User | None = strawberry.field(description="Whom it is about; null if it is about the whole page.")
    message: str = strawberry.field(description="The rule in words; of a host's other business no more than busy.")


@strawberry.type(description="Whether a time is offered, and if not, all that stands in its way.")
class SlotExplanation:
    offered: bool = strawberry.field(description="Whether it could be booked right now.")
    reasons: list[SlotReason] = strawberry.field(
        description="Everything that stands in its way; empty if it is offered. At most 1000."
    )
