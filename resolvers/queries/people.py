"""Colleagues, and who takes turns."""

from typing import Annotated

import strawberry

from resolvers.door import query
from schema.context import Info
from schema.numbers import numbered
from schema.paging import After, Connection, First, page_size
from schema.types.rotation import Rotation
from schema.types.user import User
from server.accounts import queries as accounts
from server.accounts.scopes import Scope
from server.rotation import queries as rotations_room

Id = Annotated[strawberry.ID, strawberry.argument(description="The id; unknown and foreign ones answer null alike.")]
Search = Annotated[
    str | None, strawberry.argument(description="With this text in name or e-mail address only; any case.")
]


@query(Scope.ACCOUNT_READ, "The account's active users, by name.")
async def users(info: Info, search: Search = None, first: First = 50, after: After = None) -> Connection[User]:
    rows = accounts.users(info.context.signed_in, search=search)
    return await info.context.read.page(User, rows, page_size(first), after)


@query(Scope.ACCOUNT_READ, "One user of the account, those who were put out too; null if there is none of this id.")
async def user(info: Info, id: Id) -> User | None:
    return await info.context.read.one(User, accounts.user(info.context.signed_in, numbered("usr", id)))


@query(Scope.LINKS_READ, "The account's rotations, by name.")
async def rotations(info: Info, first: First = 50, after: After = None) -> Connection[Rotation]:
    rows = rotations_room.rotations(info.context.signed_in)
    return await info.context.read.page(Rotation, rows, page_size(first), after)


@query(Scope.LINKS_READ, "One rotation of the account; null if there is none of this id.")
async def rotation(info: Info, id: Id) -> Rotation | None:
    return await info.context.read.one(Rotation, rotations_room.rotation(info.context.signed_in, numbered("rot", id)))
