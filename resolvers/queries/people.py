"""Colleagues, contacts, and who takes turns."""

from typing import Annotated

import strawberry

from resolvers.door import query
from schema.context import Info
from schema.enums import RecordKind
from schema.numbers import numbered, numbered_if
from schema.paging import After, Connection, First, page_size
from schema.types.contact import Contact, Record
from schema.types.rotation import Rotation
from schema.types.user import User
from server.accounts import queries as accounts
from server.accounts.scopes import Scope
from server.contacts import queries as contacts_room
from server.contacts import records as records_room
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


@query(Scope.CONTACTS_READ, "The account's contacts, by e-mail address.")
async def contacts(
    info: Info,
    owner: Annotated[strawberry.ID | None, strawberry.argument(description="This user's only.")] = None,
    search: Search = None,
    first: First = 50,
    after: After = None,
) -> Connection[Contact]:
    rows = contacts_room.contacts(info.context.signed_in, owner=numbered_if("usr", owner), search=search)
    return await info.context.read.page(Contact, rows, page_size(first), after)


@query(Scope.CONTACTS_READ, "One contact of the account; null if there is none of this id.")
async def contact(info: Info, id: Id) -> Contact | None:
    return await info.context.read.one(Contact, contacts_room.contact(info.context.signed_in, numbered("con", id)))


@query(Scope.CONTACTS_READ, "The account's companies, deals, tickets and other records, by name.")
async def records(
    info: Info,
    kind: Annotated[RecordKind | None, strawberry.argument(description="Of this kind only.")] = None,
    search: Annotated[str | None, strawberry.argument(description="With this text in the name only.")] = None,
    first: First = 50,
    after: After = None,
) -> Connection[Record]:
    rows = records_room.records(info.context.signed_in, kind=kind, search=search)
    return await info.context.read.page(Record, rows, page_size(first), after)


@query(Scope.CONTACTS_READ, "One record of the account; null if there is none of this id.")
async def record(info: Info, id: Id) -> Record | None:
    return await info.context.read.one(Record, records_room.record(info.context.signed_in, numbered("rec", id)))


@query(Scope.LINKS_READ, "The account's rotations, by name.")
async def rotations(info: Info, first: First = 50, after: After = None) -> Connection[Rotation]:
    rows = rotations_room.rotations(info.context.signed_in)
    return await info.context.read.page(Rotation, rows, page_size(first), after)


@query(Scope.LINKS_READ, "One rotation of the account; null if there is none of this id.")
async def rotation(info: Info, id: Id) -> Rotation | None:
    return await info.context.read.one(Rotation, rotations_room.rotation(info.context.signed_in, numbered("rot", id)))
