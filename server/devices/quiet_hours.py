"""When no device of a user rings: pure arithmetic on their local day."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

_DAY = 24 * 60


def quiet_until(now: datetime, *, tz: str, from_minute: int | None, until_minute: int | None) -> datetime | None:
    """The instant at which the quiet time that holds `now` ends; None if it is not quiet now. The minutes are those of
    the local day of `tz`; an end before the start lies on the next day, and equal ones are no quiet time."""
    if from_minute is None or until_minute is None or from_minute == until_minute:
        return None
    local = now.astimezone(ZoneInfo(tz))
    minute = local.hour * 60 + local.minute
    # Both are counted from the start of the quiet time, so that midnight is a minute like any other.
    if (minute - from_minute) % _DAY >= (until_minute - from_minute) % _DAY:
        return None
    day = local.date() + timedelta(days=minute >= until_minute)
    ends = datetime.combine(day, time(*divmod(until_minute, 60)), ZoneInfo(tz))
    # Where clocks go back, the same wall time comes twice, and the first may be over.
    later = ends.replace(fold=1).astimezone(UTC)
    first = ends.astimezone(UTC)
    return first if first > now else later
