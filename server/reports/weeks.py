"""The weeks of a stretch of days as the calendar has them: from Monday to Sunday, numbered by ISO 8601. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Week:
    """A week, or the part of it that is asked about: its key, such as `2026-W53`, and its instants as epoch seconds."""

    key: str
    starts: int
    ends: int


def weeks(first: date, last: date, zone: ZoneInfo) -> list[Week]:
    """The weeks that have a day from `first` to `last`, cut to these; a week in which clocks change has an hour more or
    less."""
    found, monday = [], first - timedelta(days=first.weekday())
    while monday <= last:
        year, number, _ = monday.isocalendar()
        begin, end = max(monday, first), min(monday + timedelta(days=7), last + timedelta(days=1))
        found.append(Week(f"{year}-W{number:02}", midnight(begin, zone), midnight(end, zone)))
        monday += timedelta(days=7)
    return found


def midnight(day: date, zone: ZoneInfo) -> int:
    """The first instant at which the zone's calendar shows `day`, as epoch seconds."""
    return int(datetime.combine(day, time(), zone).astimezone(UTC).timestamp())
