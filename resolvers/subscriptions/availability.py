"""The free times of a page as they come and go."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Annotated

import strawberry

from resolvers.door import subscription
from schema.access import PUBLIC
from schema.context import Info
from schema.types.scheduling_page import Duration, FirstDay, LastDay, Zone, slot_of
from schema.types.slot import AvailabilityChange
from server.booking.live_slots import Range, SlotChange, slot_changes
from server.checks import valid_time_zone

Slug = Annotated[str, strawberry.argument(description="The last part of the page's address; former ones work too.")]


@subscription(
    PUBLIC,
    "What is added to the free times of a page and what is taken away, from now on, at most once a second. Subscribe, "
    "then ask the page for its `slots`. It ends when there is no such page any more.",
)
async def availability_changed(
    info: Info, slug: Slug, from_: FirstDay, to: LastDay, duration_minutes: Duration = None, time_zone: Zone = None
) -> AsyncGenerator[AvailabilityChange, None]:
    tz = None if time_zone is None else valid_time_zone(time_zone, "timeZone")
    async with aclosing(slot_changes(slug, Range(from_, to, duration_minutes, tz))) as changes:
        async for change in changes:
            yield _shown(change)


def _shown(change: SlotChange) -> AvailabilityChange:
    return AvailabilityChange(
        added=[slot_of(one) for one in change.added], removed=[slot_of(one) for one in change.removed]
    )
