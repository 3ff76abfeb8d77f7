"""Meeting links: the menu, one, and the rotations behind them."""

from typing import Annotated

import strawberry

from resolvers.door import query
from schema.context import Info
from schema.enums import MeetingLinkKind
from schema.numbers import numbered, numbered_if
from schema.paging import After, Connection, First, page_size
from schema.types.link import MeetingLink
from server.accounts.scopes import Scope
from server.links import queries


@query(Scope.LINKS_READ, "The account's links by name, retired ones apart: one's own and the colleagues'.")
async def meeting_links(
    info: Info,
    owner: Annotated[strawberry.ID | None, strawberry.argument(description="This user's only.")] = None,
    kind: Annotated[MeetingLinkKind | None, strawberry.argument(description="Of this kind only.")] = None,
    search: Annotated[str | None, strawberry.argument(description="With this text in name or address only.")] = None,
    retired: Annotated[
        bool | None, strawberry.argument(description="Those that were retired, in place of those that are there.")
    ] = None,
    first: First = 50,
    after: After = None,
) -> Connection[MeetingLink]:
    number = numbered_if("usr", owner)
    rows = queries.links(info.context.signed_in, owner=number, kind=kind, search=search, retired=bool(retired))
    return await info.context.read.page(MeetingLink, rows, page_size(first), after)


@query(Scope.LINKS_READ, "One link of the account, retired ones too; null if there is none of this id.")
async def meeting_link(
    info: Info, id: Annotated[strawberry.ID, strawberry.argument(description="The id of the link.")]
) -> MeetingLink | None:
    return await info.context.read.one(MeetingLink, queries.link(info.context.signed_in, numbered("lnk", id)))
