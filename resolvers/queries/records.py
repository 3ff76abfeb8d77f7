"""Contacts and records: listed, looked for, and what happened around them."""

from typing import Annotated, TypeVar

import strawberry

from resolvers.door import query
from schema.context import Info
from schema.enums import RecordKind
from schema.numbers import numbered, numbered_if
from schema.paging import After, Connection, Edge, First, PageInfo, page_size
from schema.types.contact import Contact, ObjectType, Record
from schema.types.meeting import Meeting, previous_start, public_actor, recorded_outcome
from schema.types.timeline import TimelineChange, TimelineEntry
from server import database
from server.accounts.scopes import Scope
from server.contacts import queries as contacts_room
from server.contacts import records as records_room
from server.contacts.search import search as look_for
from server.database.rows import Rows
from server.records.timeline import Happened
from server.records.timeline import timeline as timeline_of

T = TypeVar("T")

Id = Annotated[strawberry.ID, strawberry.argument(description="The id; unknown and foreign ones answer null alike.")]
SEARCH = (
    "The best first: those with words that begin so, then those with this inside a word, then those spelt almost so. "
    "Any case, with or without accents; at most 8 words and 200 characters."
)
Search = Annotated[str | None, strawberry.argument(description=SEARCH)]


@query(Scope.CONTACTS_READ, "The account's contacts, by e-mail address; with `search`, the best first.")
async def contacts(
    info: Info,
    owner: Annotated[strawberry.ID | None, strawberry.argument(description="This user's only.")] = None,
    company: Annotated[strawberry.ID | None, strawberry.argument(description="Those of this company only.")] = None,
    search: Search = None,
    first: First = 50,
    after: After = None,
) -> Connection[Contact]:
    owner_id, company_id = numbered_if("usr", owner), numbered_if("rec", company)
    rows = contacts_room.contacts(info.context.signed_in, owner=owner_id, company=company_id)
    return await _found(info, Contact, rows, search, page_size(first), after)


@query(Scope.CONTACTS_READ, "One contact of the account; null if there is none of this id.")
async def contact(info: Info, id: Id) -> Contact | None:
    return await info.context.read.one(Contact, contacts_room.contact(info.context.signed_in, numbered("con", id)))


@query(
    Scope.CONTACTS_READ, "The account's companies, deals, tickets and others, by name; with `search`, the best first."
)
async def records(
    info: Info,
    kind: Annotated[RecordKind | None, strawberry.argument(description="Of this kind only.")] = None,
    object_type: Annotated[
        str | None, strawberry.argument(description="Custom objects of this object type only, by its key.")
    ] = None,
    search: Search = None,
    first: First = 50,
    after: After = None,
) -> Connection[Record]:
    rows = records_room.records(info.context.signed_in, kind=kind, object_type=object_type)
    return await _found(info, Record, rows, search, page_size(first), after)


@query(Scope.CONTACTS_READ, "One record of the account; null if there is none of this id.")
async def record(info: Info, id: Id) -> Record | None:
    return await info.context.read.one(Record, records_room.record(info.context.signed_in, numbered("rec", id)))


@query(Scope.CONTACTS_READ, "The account's own kinds of records, by key. At most 200.")
async def object_types(info: Info) -> list[ObjectType]:
    return await info.context.read.many(ObjectType, records_room.object_types(info.context.signed_in))


@query(
    Scope.MEETINGS_READ,
    "What happened around a contact or record, the latest first: its meetings at their start, and what happened to "
    "them, as far as the log reaches. A company's are also those of its contacts. Empty for an unknown id.",
)
async def timeline(
    info: Info,
    of: Annotated[strawberry.ID, strawberry.argument(description="A contact or a record.")],
    first: First = 50,
    after: After = None,
) -> Connection[TimelineEntry]:
    contact_id = numbered("con", of) if of.startswith("con_") else None
    page = await timeline_of(
        info.context.signed_in,
        contact_id=contact_id,
        record_id=numbered("rec", of),
        first=page_size(first),
        after=after,
    )
    meetings = await _by_number(info, Meeting, page.meetings, page.meeting_ids)
    edges = [
        Edge(
            node=TimelineEntry(at=one.at, change=_shown(one.change), meeting=meetings[one.meeting_id]),
            cursor=one.cursor,
        )
        for one in page.entries
    ]
    return _connection(edges, has_next_page=page.has_next_page)


async def _found(
    info: Info, type_: type[T], rows: Rows, text: str | None, first: int, after: str | None
) -> Connection[T]:
    """A page of all the rows, or of those that the text may mean, in the order of how well they fit."""
    account_id = info.context.signed_in.account_id
    hits = await look_for(rows, account_id, text, first=first, after=after) if text else None
    if hits is None:
        return await info.context.read.page(type_, rows, first, after)
    nodes = await _by_number(info, type_, hits.named, sorted(hits.numbers))
    edges = [Edge(node=nodes[n], cursor=cursor) for n, cursor in zip(hits.numbers, hits.cursors, strict=True)]
    return _connection(edges, has_next_page=hits.has_next_page)


async def _by_number(info: Info, type_: type[T], rows: Rows, numbers: list[int] | tuple[int, ...]) -> dict[int, T]:
    """What is read of the rows, by their numbers, which come in order."""
    if not numbers:
        return {}
    nodes = await info.context.read.many(type_, rows)
    if len(nodes) != len(numbers):
        raise database.TryAgain("something was taken away between finding it and reading it")
    return dict(zip(numbers, nodes, strict=True))


def _connection(edges: list[Edge[T]], *, has_next_page: bool) -> Connection[T]:
    end = edges[-1].cursor if edges else None
    return Connection(edges=edges, page_info=PageInfo(has_next_page=has_next_page, end_cursor=end))


def _shown(change: Happened | None) -> TimelineChange | None:
    if change is None:
        return None
    return TimelineChange(
        kind=change.kind,
        actor=public_actor(change.actor),
        outcome=recorded_outcome(change.data),
        previous_starts_at=previous_start(change.data),
    )
