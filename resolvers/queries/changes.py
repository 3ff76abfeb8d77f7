"""The log, for clients that were away."""

from typing import Annotated

import strawberry

from resolvers.door import query
from schema.context import Info
from schema.paging import Connection, Edge, First, PageInfo, page_size
from schema.types.change import Change, TodaySync
from schema.types.meeting import Meeting
from server import ids
from server.accounts.scopes import Scope
from server.changes import cursor, feed, queries
from server.meetings.sync import todays_changes

After = Annotated[
    str | None, strawberry.argument(description="The `cursor` of the last change you saw; from the first if left out.")
]
Since = Annotated[
    str | None, strawberry.argument(description="The `cursor` of the last answer; leave it out to get the whole day.")
]


@query(Scope.MEETINGS_READ, "The account's log from a cursor on, in the order of the commits.")
async def changes(info: Info, after: After = None, first: First = 100) -> Connection[Change]:
    account_id, size = info.context.signed_in.account_id, page_size(first)
    start = 0 if after is None else cursor.read(after)
    numbers = [one.number for one in await feed.changes_after(account_id, start, limit=size + 1)]
    shown = numbers[:size]
    rows = queries.changes_between(account_id, start, shown[-1] if shown else start)
    nodes = await info.context.read.many(Change, rows)
    edges = [Edge(node=node, cursor=cursor.write(number)) for node, number in zip(nodes, shown, strict=True)]
    info_ = PageInfo(has_next_page=len(numbers) > size, end_cursor=edges[-1].cursor if edges else None)
    return Connection(edges=edges, page_info=info_)


@query(Scope.MEETINGS_READ, "What a phone has to change about the list of today's meetings that it shows.")
async def today_sync(info: Info, since: Since = None) -> TodaySync:
    found = await todays_changes(info.context.signed_in, since)
    return TodaySync(
        upserts=await info.context.read.many(Meeting, found.upserts),
        removed=[strawberry.ID(ids.public_id("mtg", number)) for number in found.removed],
        cursor=found.cursor,
        resync_required=found.is_whole and since is not None,
    )
