"""What became of a payment, for the visitor who began it."""

from typing import Annotated

import strawberry

from resolvers.door import query
from schema.access import PUBLIC
from schema.context import Info
from schema.types.booking import booking_of
from schema.types.booking_payment import BookingPayment
from server.booking import manage_link
from server.payments.standing import payment_standing

_TOKEN = "The `token` of the payment that `bookMeeting` answered."


@query(PUBLIC, "How a payment stands, and the booking once it is paid for; null if the token is wrong.")
async def booking_payment(
    info: Info, token: Annotated[str, strawberry.argument(description=_TOKEN)]
) -> BookingPayment | None:
    standing = await payment_standing(token)
    if standing is None:
        return None
    managed = await manage_link.booking_of(standing.manage_token) if standing.manage_token else None
    payment = standing.payment
    return BookingPayment(
        state=payment.state,
        is_under_way=standing.is_under_way,
        amount=payment.amount,
        currency=payment.currency,
        expires_at=payment.expires_at,
        booking=booking_of(managed) if managed is not None else None,
    )
