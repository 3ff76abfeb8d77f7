"""When colleagues are free."""

from datetime import datetime
from typing import Annotated

import strawberry

from resolvers.door import query
from schema.context import Info
from schema.numbers import numbered
from schema.types.availability import BusyBlock, FreeSpan, HostAvailability
from schema.types.user import User
from server import ids
from server.accounts import queries
from server.accounts.scopes import Scope
from server.meetings import host_availability as room

Hosts = Annotated[list[strawberry.ID], strawberry.argument(description=f"Colleagues, at most {room.MOST_HOSTS}.")]
From = Annotated[datetime, strawberry.argument(name="from", description="The first instant.")]
To = Annotated[datetime, strawberry.argument(name="to", description="The last instant, at most 62 days later.")]


@query(Scope.MEETINGS_READ, f"When colleagues are free, in the order asked. At most {room.MOST_HOSTS}.")
async def host_availability(info: Info, hosts: Hosts, from_: From, to: To) -> list[HostAvailability]:
    viewer = info.context.signed_in
    found = await room.host_availability(viewer, [numbered("usr", id) for id in hosts], from_, to)
    numbers = sorted(one.host_id for one in found)
    users = await info.context.read.many(User, queries.users_among(viewer, numbers))
    named = dict(zip(numbers, users, strict=True))
    return [_shown(one, named[one.host_id]) for one in found]


def _shown(found: room.HostAvailability, host: User) -> HostAvailability:
    return HostAvailability(
        host=host,
        location_kinds=list(found.location_kinds),
        free=[FreeSpan(starts_at=one.starts_at, ends_at=one.ends_at) for one in found.free],
        busy=[_block(one) for one in found.busy],
    )


def _block(block: room.Block) -> BusyBlock:
    meeting = None if block.meeting_id is None else strawberry.ID(ids.public_id("mtg", block.meeting_id))
    return BusyBlock(starts_at=block.starts_at, ends_at=block.ends_at, title=block.title, meeting=meeting)
