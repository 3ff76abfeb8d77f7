"""How often a link has been booked."""

from server import database

_ONE_MORE = "UPDATE meeting_link SET booking_count = booking_count + 1 WHERE id = $1 AND retired_at IS NULL"


async def count_booking(link_id: int) -> bool:
    """Whether the link was booked once more; not if it has been retired meanwhile."""
    return bool(await database.execute(_ONE_MORE, link_id))
