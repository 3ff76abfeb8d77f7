"""Meetings as they are booked and changed."""

from collections.abc import AsyncGenerator, Collection
from contextlib import aclosing
from typing import Annotated

import strawberry

from resolvers.door import subscription
from schema.context import Info
from schema.enums import ChangeKind
from schema.types.change import MeetingChange
from server.accounts.scopes import Scope
from server.changes import cursor, feed, queries

After = Annotated[
    str | None,
    strawberry.argument(
        description="The `cursor` of the last change you saw: what came behind it is told first. Left out: from now."
    ),
]
Kinds = Annotated[
    list[ChangeKind] | None, strawberry.argument(description="These kinds only; all of them if left out. At most 20.")
]

OF_MEETINGS = frozenset(ChangeKind) - {ChangeKind.LINK_CHANGED}


@subscription(Scope.BOOKINGS_READ, "Bookings that visitors make through a link, as they are committed; none twice.")
def meeting_booked(info: Info, after: After = None) -> AsyncGenerator[MeetingChange, None]:
    return _followed(info, after, {ChangeKind.MEETING_BOOKED})


@subscription(Scope.BOOKINGS_READ, "Whatever happens to the account's meetings, as it is committed; nothing twice.")
def meeting_changed(info: Info, after: After = None, kinds: Kinds = None) -> AsyncGenerator[MeetingChange, None]:
    return _followed(info, after, OF_MEETINGS if kinds is None else OF_MEETINGS & set(kinds))


async def _followed(
    info: Info, after: str | None, kinds: Collection[ChangeKind]
) -> AsyncGenerator[MeetingChange, None]:
    account_id, read = info.context.signed_in.account_id, info.context.read
    position = None if after is None else cursor.read(after)
    async with aclosing(feed.follow(account_id, after=position, kinds=kinds)) as changes:
        async for change in changes:
            told = await read.one(MeetingChange, queries.change(account_id, change.number))
            if told is not None:
                yield told
