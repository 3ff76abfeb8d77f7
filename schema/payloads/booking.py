"""What visitors are answered."""

from datetime import datetime

import strawberry

from schema.payloads.base import Payload, result
from schema.types.booking import Booking, Payment
from schema.types.slot import Slot


@strawberry.type(description="A slot that is kept for whoever has the token.")
class Hold:
    token: str = strawberry.field(description="Give it as `holdToken` when booking.")
    expires_at: datetime = strawberry.field(description="Until when it is kept.")


@strawberry.type(description="What an act answers that needs a free slot.")
class SlotPayload(Payload):
    alternatives: list[Slot] = strawberry.field(
        description="When the slot was taken: the nearest free ones. At most 3.", default_factory=list
    )


@strawberry.type(description="What `holdSlot` answers.")
class HoldSlotPayload(SlotPayload):
    hold: Hold | None = result("The hold.")


@strawberry.type(description="What `releaseSlot` answers.")
class ReleaseSlotPayload(Payload):
    released: bool = strawberry.field(description="False if it had ended already, or never was.", default=False)


@strawberry.type(description="What `bookMeeting` answers.")
class BookMeetingPayload(SlotPayload):
    booking: Booking | None = result("The booking.")
    payment: Payment | None = strawberry.field(
        description="What is to be paid first; null where it costs nothing.", default=None
    )


@strawberry.type(description="What `rescheduleBooking` answers.")
class RescheduleBookingPayload(SlotPayload):
    booking: Booking | None = result("The booking at its new time.")


@strawberry.type(description="What `cancelBooking` answers.")
class CancelBookingPayload(Payload):
    booking: Booking | None = result("The booking as it is now.")
