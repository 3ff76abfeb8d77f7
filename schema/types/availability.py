"""When colleagues are free, and what takes them otherwise."""

from datetime import datetime

import strawberry

from schema.enums import LocationKind
from schema.types.user import User


@strawberry.type(description="A stretch of time inside a host's hours that nothing takes.")
class FreeSpan:
    starts_at: datetime = strawberry.field(description="When it begins.")
    ends_at: datetime = strawberry.field(description="When it ends.")


@strawberry.type(description="A stretch of time in which a host is taken.")
class BusyBlock:
    starts_at: datetime = strawberry.field(description="When it begins.")
    ends_at: datetime = strawberry.field(description="When it ends.")
    title: str = strawberry.field(description="What takes it; `Busy` for whoever may not know more.")
    meeting: strawberry.ID | None = strawberry.field(description="The meeting that takes it, for whoever may know.")


@strawberry.type(description="One host's time.")
class HostAvailability:
    host: User = strawberry.field(description="Whose time it is.")
    location_kinds: list[LocationKind] = strawberry.field(
        description="Where a meeting of theirs can be: VIDEO only with a video account. At most 4."
    )
    free: list[FreeSpan] = strawberry.field(description="In order. At most 1000.")
    busy: list[BusyBlock] = strawberry.field(description="In order; may overlap. At most 1000.")
