"""Meetings counted."""

from dataclasses import asdict
from typing import Annotated, Any

import strawberry

from resolvers.door import query
from resolvers.queries.meetings import wanted
from schema.context import Info
from schema.inputs.filters import MeetingFilter
from schema.inputs.reports import ReportRange
from schema.scalars import TimeZone
from schema.types.report import MeetingCounts, MeetingReport, MeetingReportRow
from server.accounts.scopes import Scope
from server.reports import meetings
from server.reports.meetings import Counts, GroupBy


@query(
    Scope.MEETINGS_READ,
    "The account's meetings of some days, counted by group; deleted ones excepted. Two reports beside each other tell "
    "who created meetings (ORGANIZER) from whom they are assigned to (HOST).",
)
async def meeting_report(
    info: Info,
    range: Annotated[ReportRange, strawberry.argument(description="The days on which they begin.")],
    group_by: Annotated[GroupBy, strawberry.argument(description="What the rows are.")],
    filter: Annotated[MeetingFilter | None, strawberry.argument(description="Which ones; all if left out.")] = None,
) -> MeetingReport:
    found = await meetings.meeting_report(info.context.signed_in, range.from_, range.to, group_by, wanted(filter))
    return MeetingReport(
        time_zone=TimeZone(found.time_zone),
        group_by=group_by,
        rows=[MeetingReportRow(key=one.key, label=one.label, **_counted(one.counts)) for one in found.rows],
        totals=MeetingCounts(**_counted(found.totals)),
    )


def _counted(counts: Counts) -> dict[str, Any]:
    return asdict(counts) | {"completion_rate": counts.completion_rate, "no_show_rate": counts.no_show_rate}
