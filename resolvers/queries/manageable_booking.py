"""What a manage link opens."""

from typing import Annotated

import strawberry

from resolvers.door import query
from schema.access import PUBLIC
from schema.context import Info
from schema.inputs.booking import TOKEN
from schema.types.booking import Booking, booking_of
from server.booking import manage_link


@query(PUBLIC, "The booking behind a manage link; null if the token is wrong or the meeting is gone.")
async def manageable_booking(
    info: Info, token: Annotated[str, strawberry.argument(description=TOKEN)]
) -> Booking | None:
    found = await manage_link.booking_of(token)
    return booking_of(found) if found else None
