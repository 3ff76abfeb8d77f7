"""How often a link has been booked."""

from server import database


async def count_booking(link_id: int) -> None:
    """The link was booked once more."""
    await database.execute("UPDATE meeting_link SET booking_count = booking_count + 1 WHERE id = $1", link_id)
