"""How a payment stands, as the visitor who pays may know it."""

from datetime import datetime

import strawberry

from schema.enums import PaymentState
from schema.types.booking import Booking


@strawberry.type(description="A payment on its way to a booking.")
class BookingPayment:
    state: PaymentState = strawberry.field(description="How far it is.")
    is_under_way: bool = strawberry.field(
        description="Whether the visitor has paid and their bank takes its days: nothing is left to do but to wait."
    )
    amount: int = strawberry.field(description="How much, in the smallest unit of the currency, such as cents.")
    currency: str = strawberry.field(description="The currency, as ISO 4217 writes it.")
    expires_at: datetime = strawberry.field(description="While it is open: until when it can be paid.")
    booking: Booking | None = strawberry.field(description="What was booked; null until it is paid for.")
