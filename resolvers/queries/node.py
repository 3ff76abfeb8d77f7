"""Things found again by their id."""

from collections.abc import Callable
from typing import Annotated

import strawberry

from resolvers.door import query
from schema.access import SIGNED_IN
from schema.context import Info
from schema.errors import ProblemCode, problem
from schema.node import Node
from schema.numbers import numbered
from schema.paging import MOST
from schema.types.contact import Contact, Record
from schema.types.link import MeetingLink
from schema.types.meeting import Meeting
from schema.types.rotation import Rotation
from schema.types.user import Account, User
from server.accounts import queries as accounts
from server.accounts.scopes import Scope
from server.accounts.viewer import Viewer
from server.contacts import queries as contacts
from server.contacts import records
from server.database.rows import Rows
from server.links import queries as links
from server.meetings import queries as meetings
from server.rotation import queries as rotations

NODES: dict[str, tuple[Scope, type[Node], Callable[[Viewer, int], Rows]]] = {
    "acc": (Scope.ACCOUNT_READ, Account, accounts.own_account),
    "usr": (Scope.ACCOUNT_READ, User, accounts.user),
    "con": (Scope.CONTACTS_READ, Contact, contacts.contact),
    "rec": (Scope.CONTACTS_READ, Record, records.record),
    "lnk": (Scope.LINKS_READ, MeetingLink, links.link),
    "rot": (Scope.LINKS_READ, Rotation, rotations.rotation),
    "mtg": (Scope.MEETINGS_READ, Meeting, meetings.meeting),
}
"""What each prefix of an id stands for: the scope it takes, the type, and the room that knows the rows."""


@query(SIGNED_IN, "The thing with this id; null if it is unknown, foreign, or not for this token to see.")
async def node(
    info: Info, id: Annotated[strawberry.ID, strawberry.argument(description="Any id that this server gave out.")]
) -> Node | None:
    return await found(info, id)


@query(SIGNED_IN, f"The things with these ids, in their order, null where `node` is null. At most {MOST}.")
async def nodes(
    info: Info, ids: Annotated[list[strawberry.ID], strawberry.argument(description=f"At most {MOST} ids.")]
) -> list[Node | None]:
    if len(ids) > MOST:
        raise problem(ProblemCode.BAD_USER_INPUT, f"Ask for at most {MOST} ids at once; these are {len(ids)}.")
    return [await found(info, id) for id in ids]


async def found(info: Info, id: strawberry.ID) -> Node | None:
    """The thing with this id, if the viewer may see it."""
    prefix = id.partition("_")[0]
    if prefix not in NODES:
        return None
    scope, type_, rows = NODES[prefix]
    viewer = info.context.signed_in
    return await info.context.read.one(type_, rows(viewer, numbered(prefix, id))) if viewer.may(scope) else None
