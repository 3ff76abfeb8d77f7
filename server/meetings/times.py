"""From when to when a meeting may last."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from server import clock
from server.complaints import Complaints
from server.errors import ErrorCode
from server.meetings.queries import LONGEST

_LATEST_YEAR = 2200
_END_OF_TIME = datetime.max.replace(tzinfo=UTC)


def end_after(starts_at: datetime, lasting: timedelta) -> datetime:
    """When a meeting ends that lasts so long; where the calendar ends first, there."""
    return starts_at + lasting if starts_at <= _END_OF_TIME - lasting else _END_OF_TIME


def check_times(starts_at: datetime, ends_at: datetime, found: Complaints) -> None:
    """`TIME_RANGE_INVALID` unless the end comes after the start, at most seven days later and before the year 2201;
    `TIME_IN_PAST` for what has ended already. A meeting may cross midnight (S2-33)."""
    if ends_at <= starts_at:
        found.add(
            ErrorCode.TIME_RANGE_INVALID, "The end has to come after the start. Please change one of them.", "endsAt"
        )
    elif ends_at.year > _LATEST_YEAR:
        message = f"Calendars reach to the year {_LATEST_YEAR}. Please choose an earlier time."
        found.add(ErrorCode.TIME_RANGE_INVALID, message, "endsAt")
    elif ends_at - starts_at > LONGEST:
        message = f"A meeting lasts at most {LONGEST.days} days. Please choose an earlier end."
        found.add(ErrorCode.TIME_RANGE_INVALID, message, "endsAt")
    elif ends_at <= clock.now():
        found.add(ErrorCode.TIME_IN_PAST, "This meeting would be over already. Please choose a later time.", "startsAt")
