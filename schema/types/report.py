"""Meetings counted."""

import strawberry

from schema.enums import dressed
from schema.scalars import TimeZone
from server.reports.meetings import MOST_ROWS, GroupBy

dressed(
    GroupBy,
    "What the rows of a report are.",
    HOST="Who held them: the users they are assigned to.",
    ORGANIZER="Who arranged them: the users they were created by.",
    ORGANIZER_AND_HOST="Who arranged them for whom; the key is both ids with a comma between them.",
    OUTCOME="How they went; the key is that of the outcome.",
    MEETING_TYPE="What sort of meetings they are; the key is that of the type, or NONE.",
    LINK="The link through which they were booked, or NONE.",
    SOURCE="How they came to be.",
    WEEK="The week in which they begin, from Monday to Sunday, such as 2026-W53.",
)


@strawberry.type(description="How many meetings, and how they went.")
class MeetingCounts:
    count: int = strawberry.field(description="All of them, canceled ones too.")
    completed: int = strawberry.field(description="Those that took place.")
    no_show: int = strawberry.field(description="Those to which nobody came.")
    canceled: int = strawberry.field(description="Those that were called off.")
    completion_rate: float | None = strawberry.field(
        description="Completed ones by all that were not canceled, from 0 to 1; null if there were none of these."
    )
    no_show_rate: float | None = strawberry.field(description="The same of those to which nobody came.")
    minutes: int = strawberry.field(description="How long they are together, canceled ones left out.")
    organized_by_host: int = strawberry.field(
        description="Those that the host arranged; the others were arranged by a colleague."
    )


@strawberry.type(description="One group of meetings, counted.")
class MeetingReportRow(MeetingCounts):
    key: str = strawberry.field(description="What the group is known by: an id, a key, a choice or a week.")
    label: str = strawberry.field(description="What the group is called.")


@strawberry.type(description="Meetings of some days, counted by group.")
class MeetingReport:
    time_zone: TimeZone = strawberry.field(description="The account's zone, in which the days are meant.")
    group_by: GroupBy = strawberry.field(description="What the rows are.")
    rows: list[MeetingReportRow] = strawberry.field(
        description=f"The groups, the largest first; weeks in their order. At most {MOST_ROWS}."
    )
    totals: MeetingCounts = strawberry.field(description="All groups together.")
