"""The free times nearest to one that somebody else has taken."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from server.booking.slots import Slot, slots_between
from server.links.pages import SchedulingPage

HOW_MANY = 3

_NEAR, _FAR = timedelta(days=3), timedelta(days=28)


async def nearest_free(
    page: SchedulingPage, starts_at: datetime, *, duration_minutes: int | None, ignoring_meeting: int | None = None
) -> tuple[Slot, ...]:
    """At most three free slots of that length (the page's first without one), those that start nearest to `starts_at`,
    in the order of time. Looked for within three days, then within four weeks."""
    found: list[Slot] = []
    for reach in (_NEAR, _FAR):
        days = await slots_between(
            page,
            start=(starts_at - reach).astimezone(UTC).date(),
            end=(starts_at + reach).astimezone(UTC).date(),
            duration_minutes=duration_minutes,
            viewer_tz="UTC",
            ignoring_meeting=ignoring_meeting,
        )
        found = [slot for day in days for slot in day.slots if slot.starts_at != starts_at]
        if len(found) >= HOW_MANY:
            break
    nearest = sorted(found, key=lambda slot: (abs(slot.starts_at - starts_at), slot.starts_at))[:HOW_MANY]
    return tuple(sorted(nearest, key=lambda slot: slot.starts_at))
