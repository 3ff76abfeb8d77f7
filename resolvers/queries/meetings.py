"""Meetings: today's, all, one."""

import datetime
from typing import Annotated

import strawberry

from resolvers.door import query
from schema.context import Info
from schema.errors import ProblemCode, problem
from schema.inputs.filters import MeetingFilter, MeetingOrder
from schema.numbers import numbered, numbered_if
from schema.paging import After, Connection, First, page_size
from schema.scalars import TimeZone
from schema.types.meeting import Meeting
from server.accounts.scopes import Scope
from server.checks import valid_time_zone
from server.meetings import queries

Day = Annotated[datetime.date | None, strawberry.argument(description="The day; the viewer's today if left out.")]
Zone = Annotated[
    TimeZone | None, strawberry.argument(description="The zone in which the day is meant; the viewer's if left out.")
]
Id = Annotated[strawberry.ID, strawberry.argument(description="The id; unknown and foreign ones answer null alike.")]


@query(
    Scope.MEETINGS_READ,
    "What the viewer hosts, organized or attends on one local day, by start; no canceled meetings. At most 200.",
)
async def today_meetings(info: Info, date: Day = None, time_zone: Zone = None) -> list[Meeting]:
    rows = queries.today(info.context.signed_in, date, time_zone and valid_time_zone(time_zone, "timeZone"))
    return await info.context.read.many(Meeting, rows)


@query(Scope.MEETINGS_READ, "The account's meetings that fit, deleted ones excepted.")
async def meetings(
    info: Info,
    first: First,
    filter: Annotated[MeetingFilter | None, strawberry.argument(description="Which ones; all if left out.")] = None,
    order_by: Annotated[MeetingOrder | None, strawberry.argument(description="By start if left out.")] = None,
    after: After = None,
) -> Connection[Meeting]:
    latest_first = order_by is MeetingOrder.LATEST_FIRST
    rows = queries.meetings(info.context.signed_in, wanted(filter), latest_first=latest_first)
    return await info.context.read.page(Meeting, rows, page_size(first), after)


@query(Scope.MEETINGS_READ, "One meeting of the account; null if there is none of this id.")
async def meeting(info: Info, id: Id) -> Meeting | None:
    return await info.context.read.one(Meeting, queries.meeting(info.context.signed_in, numbered("mtg", id)))


def wanted(filter: MeetingFilter | None) -> queries.MeetingFilter | None:
    """The filter as the room knows it."""
    if filter is None:
        return None
    for name, given, most in (("outcomes", filter.outcomes, 50), ("sources", filter.sources, 10)):
        if given is not None and len(given) > most:
            raise problem(ProblemCode.BAD_USER_INPUT, f"Name at most {most} {name}; these are {len(given)}.")
    return queries.MeetingFilter(
        host=numbered_if("usr", filter.host),
        organizer=numbered_if("usr", filter.organizer),
        contact=numbered_if("con", filter.contact),
        link=numbered_if("lnk", filter.link),
        outcomes=filter.outcomes,
        sources=filter.sources,
        starts_from=filter.starts_from,
        starts_before=filter.starts_before,
        is_canceled=filter.is_canceled,
    )
