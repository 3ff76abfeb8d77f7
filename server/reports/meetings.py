"""Meetings counted: by who held or arranged them, by how they went, by where they came from, by week (S2-52)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from server import database, ids
from server.accounts import policy
from server.accounts.viewer import Viewer
from server.errors import ErrorCode, refusal
from server.meetings.queries import MeetingFilter, meetings
from server.reports.weeks import midnight, weeks
from server.wording import regional_locale, say

MOST_DAYS = 400
MOST_ROWS = 1000
NONE = "NONE"
"""The key of the meetings that have nothing of what is grouped by: no type, no link."""


class GroupBy(StrEnum):
    """What the rows of a report are."""

    HOST = "HOST"
    ORGANIZER = "ORGANIZER"
    ORGANIZER_AND_HOST = "ORGANIZER_AND_HOST"
    OUTCOME = "OUTCOME"
    MEETING_TYPE = "MEETING_TYPE"
    LINK = "LINK"
    SOURCE = "SOURCE"
    WEEK = "WEEK"


@dataclass(frozen=True, slots=True)
class Counts:
    """How many meetings, and how they went. Rates are of those that were not called off; None where there were none.
    `minutes` are theirs too. `organized_by_host` are those whose host arranged them."""

    count: int = 0
    completed: int = 0
    no_show: int = 0
    canceled: int = 0
    minutes: int = 0
    organized_by_host: int = 0

    @property
    def completion_rate(self) -> float | None:
        return self._rate(self.completed)

    @property
    def no_show_rate(self) -> float | None:
        return self._rate(self.no_show)

    def _rate(self, part: int) -> float | None:
        stood = self.count - self.canceled
        return round(part / stood, 4) if stood else None


@dataclass(frozen=True, slots=True)
class ReportRow:
    """One group: what a program knows it by, what a person does, in their language, and its counts."""

    key: str
    label: str
    counts: Counts


@dataclass(frozen=True, slots=True)
class Report:
    """The rows, the largest first (weeks in their order), at most `MOST_ROWS` of them; the totals are of all."""

    time_zone: str
    rows: tuple[ReportRow, ...]
    totals: Counts


_HAS_OUTCOME = "t.outcome_id = (SELECT id FROM outcome WHERE account_id = $1 AND key = '{key}')"
_CANCELED = f"(t.canceled_at IS NOT NULL OR {_HAS_OUTCOME.format(key='CANCELED')})"
_STOOD = f"COUNT(*) FILTER (WHERE t.canceled_at IS NULL AND {_HAS_OUTCOME})"
_MINUTES = f"SUM((t.ends_at - t.starts_at) / 60) FILTER (WHERE NOT {_CANCELED})"
_COUNTS = ", ".join(
    (
        "COUNT(*) AS n",
        f"{_STOOD.format(key='COMPLETED')} AS completed",
        f"{_STOOD.format(key='NO_SHOW')} AS no_show",
        f"COUNT(*) FILTER (WHERE {_CANCELED}) AS canceled",
        f"CAST(COALESCE({_MINUTES}, 0) AS BIGINT) AS minutes",
        "COUNT(*) FILTER (WHERE t.organizer_id = t.host_id) AS organized_by_host",
    )
)
# For each way of grouping: the columns, the joins that name a group, its key and its label.
_GROUPS: dict[GroupBy, tuple[str, str, str, str]] = {
    GroupBy.HOST: ("host_id", "JOIN app_user u ON u.id = g.host_id", "u.id", "u.name"),
    GroupBy.ORGANIZER: ("organizer_id", "JOIN app_user u ON u.id = g.organizer_id", "u.id", "u.name"),
    GroupBy.ORGANIZER_AND_HOST: (
        "organizer_id, t.host_id",
        "JOIN app_user o ON o.id = g.organizer_id JOIN app_user u ON u.id = g.host_id",
        "o.id, u.id",
        "o.name, u.name",
    ),
    GroupBy.OUTCOME: ("outcome_id", "JOIN outcome o ON o.id = g.outcome_id", "o.key", "o.label"),
    GroupBy.MEETING_TYPE: (
        "meeting_type_id",
        "LEFT JOIN meeting_type y ON y.id = g.meeting_type_id",
        "y.key",
        "y.label",
    ),
    GroupBy.LINK: ("link_id", "LEFT JOIN meeting_link l ON l.id = g.link_id", "l.id", "l.name"),
    GroupBy.SOURCE: ("source", "", "g.source", "g.source"),
}
_PREFIXES = {GroupBy.HOST: "usr", GroupBy.ORGANIZER: "usr", GroupBy.ORGANIZER_AND_HOST: "usr", GroupBy.LINK: "lnk"}


async def meeting_report(
    viewer: Viewer, first: date, last: date, by: GroupBy, wanted: MeetingFilter | None = None
) -> Report:
    """The account's meetings that begin on the days from `first` to `last` of its zone, deleted ones excepted, counted
    by group. `FORBIDDEN`; `TIME_RANGE_INVALID` for no days, or more than `MOST_DAYS`."""
    if not policy.may_see_report(viewer, viewer.account_id):
        raise refusal(ErrorCode.FORBIDDEN, "This token may not see reports.", "range")
    if not 0 <= (last - first).days < MOST_DAYS:
        message = f"A report covers 1 to {MOST_DAYS} days, and its last day is not before its first."
        raise refusal(ErrorCode.TIME_RANGE_INVALID, message, "range", "to")
    tz = await _zone(viewer.account_id)
    sql, parameters = _statement(viewer, first, last, by, wanted, ZoneInfo(tz))
    locale = regional_locale(viewer.locale)
    rows = [_row(by, row, locale) for row in await database.fetch(sql, *parameters)]
    return Report(tz, tuple(rows[:MOST_ROWS]), _total(rows))


def _statement(
    viewer: Viewer, first: date, last: date, by: GroupBy, wanted: MeetingFilter | None, zone: ZoneInfo
) -> tuple[str, tuple[Any, ...]]:
    those = meetings(viewer, wanted)
    if by is GroupBy.WEEK:
        of_weeks = (
            f"SELECT '{week.key}', '{week.key}', {_COUNTS} FROM meeting t WHERE {those.condition}"
            f" AND t.starts_at >= {week.starts} AND t.starts_at < {week.ends}"
            for week in weeks(first, last, zone)
        )
        return " UNION ALL ".join(of_weeks), those.parameters
    starts, ends = midnight(first, zone), midnight(last.fromordinal(last.toordinal() + 1), zone)
    those = those.also("t.starts_at >= $1 AND t.starts_at < $2", starts, ends)
    columns, joins, key, label = _GROUPS[by]
    grouped = f"SELECT t.{columns}, {_COUNTS} FROM meeting t WHERE {those.condition} GROUP BY t.{columns}"
    counts = "g.n, g.completed, g.no_show, g.canceled, g.minutes, g.organized_by_host"
    sql = f"SELECT {key}, {label}, {counts} FROM ({grouped}) g {joins} ORDER BY g.n DESC, {key}"
    return sql, those.parameters


async def _zone(account_id: int) -> str:
    row = await database.fetch_one("SELECT time_zone FROM account WHERE id = $1", account_id)
    return str(row[0]) if row is not None else "UTC"


def _row(by: GroupBy, row: Sequence[Any], locale: str) -> ReportRow:
    counts = Counts(*(int(value) for value in row[-6:]))
    names = row[:-6]
    if by is GroupBy.ORGANIZER_AND_HOST:
        organizer, host, organizer_name, host_name = names
        key = ",".join(ids.public_id("usr", int(number)) for number in (organizer, host))
        return ReportRow(key, say(locale, "report.for", organizer=organizer_name, host=host_name), counts)
    key, label = names
    if key is None:
        return ReportRow(NONE, say(locale, "report.none"), counts)
    if by is GroupBy.SOURCE:
        return ReportRow(key, say(locale, f"report.source.{key}"), counts)
    prefix = _PREFIXES.get(by)
    return ReportRow(ids.public_id(prefix, int(key)) if prefix else str(key), str(label), counts)


def _total(rows: Sequence[ReportRow]) -> Counts:
    columns = ("count", "completed", "no_show", "canceled", "minutes", "organized_by_host")
    return Counts(*(sum(getattr(row.counts, name) for row in rows) for name in columns))
