"""Which meetings: as rows, for whoever reads them. Deleted ones are in no list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import MAXYEAR, MINYEAR, UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from server import clock
from server.accounts.viewer import Viewer
from server.database.placeholders import placeholders
from server.database.rows import Rows
from server.errors import ErrorCode, refusal
from server.models import Attachment, InternalNote, Meeting
from server.models.enums import MeetingSource

LONGEST = timedelta(days=7)
"""No meeting lasts longer; so whoever looks for one that is under way need not look further back."""

_THERE = "t.account_id = $1 AND t.deleted_at IS NULL"
# Each of the three is a short stretch of an index that holds all it asks for. The plus keeps the planners from
# beginning with all that the account has in those days, which they take for less than it is.
_IN_TIME = "{0}.starts_at >= $3 AND {0}.starts_at < $4 AND {0}.ends_at > $5"
_MINE = (
    "+t.account_id = $1 AND t.deleted_at IS NULL AND t.canceled_at IS NULL AND t.id IN ("
    f"SELECT m.id FROM meeting m WHERE m.host_id = $2 AND {_IN_TIME.format('m')}"
    f" UNION SELECT m.id FROM meeting m WHERE m.organizer_id = $2 AND {_IN_TIME.format('m')}"
    f" UNION SELECT a.meeting_id FROM attendee a WHERE a.user_id = $2 AND {_IN_TIME.format('a')})"
)


@dataclass(frozen=True, slots=True)
class MeetingFilter:
    """Which meetings are wanted; what is None is not asked about. `starts_from` and `starts_before` bound the start."""

    host: int | None = None
    organizer: int | None = None
    contact: int | None = None
    link: int | None = None
    outcomes: Sequence[str] | None = None
    sources: Sequence[MeetingSource] | None = None
    starts_from: datetime | None = None
    starts_before: datetime | None = None
    is_canceled: bool | None = None


def today(viewer: Viewer, date: date | None = None, tz: str | None = None) -> Rows:
    """The meetings that the viewer hosts, organized or attends on that local day, by start; canceled ones are left out.

    A meeting is of the day on which it starts; one that began before midnight and is still under way is of the new day
    too. At most 200. Day and zone are the viewer's unless given. `TIME_RANGE_INVALID` where the calendar ends."""
    zone = ZoneInfo(tz or viewer.time_zone)
    day = date or clock.now().astimezone(zone).date()
    if not MINYEAR < day.year < MAXYEAR:
        raise refusal(ErrorCode.TIME_RANGE_INVALID, "There is nothing on that day; ask for another one.", "date")
    starts, ends = _midnight(day, zone), _midnight(day + timedelta(days=1), zone)
    return _mine(viewer, starts, ends)


def between(viewer: Viewer, after: datetime, before: datetime, *, limit: int) -> Rows:
    """The meetings that the viewer hosts, organized or attends, that end after the one instant and start before the
    other, by start; no canceled ones. At most `limit`."""
    return replace(_mine(viewer, int(after.timestamp()), int(before.timestamp())), limit=limit)


def upcoming(viewer: Viewer) -> Rows:
    """The meetings that the viewer hosts, organized or attends and that have not ended, by start; no canceled ones."""
    return _mine(viewer, clock.now_epoch(), 2**62)


def meeting(viewer: Viewer, id: int) -> Rows:
    """The one meeting of that number, if it is the account's and not deleted."""
    return Rows(Meeting, f"{_THERE} AND t.id = $2", (viewer.account_id, id), limit=1, is_brief=True)


def meetings_among(viewer: Viewer, numbers: Sequence[int]) -> Rows:
    """Those of these meetings that are the account's and not deleted, by start; at most 500."""
    condition = f"{_THERE} AND t.id IN ({placeholders(numbers, after=1)})"
    return Rows(Meeting, condition, (viewer.account_id, *numbers), ("starts_at", "id"), limit=500)


def internal_note(viewer: Viewer, id: int) -> Rows:
    """The one note of that number, what is left of a deleted one included."""
    return Rows(InternalNote, "t.account_id = $1 AND t.id = $2", (viewer.account_id, id), limit=1)


def attachment(viewer: Viewer, id: int) -> Rows:
    """The one file of that number, one whose bytes are still to come included."""
    return Rows(Attachment, "t.account_id = $1 AND t.id = $2", (viewer.account_id, id), limit=1)


def meetings(viewer: Viewer, wanted: MeetingFilter | None = None, *, latest_first: bool = False) -> Rows:
    """The account's meetings that fit, by start (`latest_first`: the other way round); canceled ones unless refused."""
    order = ("-starts_at", "-id") if latest_first else ("starts_at", "id")
    rows = Rows(Meeting, _THERE, (viewer.account_id,), order)
    wanted = wanted or MeetingFilter()
    for column in ("host", "organizer", "contact", "link"):
        if (number := getattr(wanted, column)) is not None:
            rows = rows.also(f"t.{column}_id = $1", number)
    if wanted.starts_from is not None:
        rows = rows.also("t.starts_at >= $1", int(wanted.starts_from.timestamp()))
    if wanted.starts_before is not None:
        rows = rows.also("t.starts_at < $1", int(wanted.starts_before.timestamp()))
    if wanted.is_canceled is not None:
        rows = rows.also(f"t.canceled_at IS {'NOT ' if wanted.is_canceled else ''}NULL")
    if wanted.sources is not None:
        rows = rows.also(f"t.source IN ({placeholders(wanted.sources)})", *(one.value for one in wanted.sources))
    if wanted.outcomes is not None:
        named = f"o.account_id = $1 AND o.key IN ({placeholders(wanted.outcomes, after=1)})"
        keys = f"SELECT o.id FROM outcome o WHERE {named}"
        rows = rows.also(f"t.outcome_id IN ({keys})", viewer.account_id, *wanted.outcomes)
    return rows


def _mine(viewer: Viewer, after: int, before: int) -> Rows:
    """What the viewer has to do with that ends after the one instant and starts before the other."""
    earliest = after - int(LONGEST.total_seconds())
    found = (viewer.account_id, viewer.user_id or 0, earliest, before, after)
    return Rows(Meeting, _MINE, found, ("starts_at", "id"), is_brief=True)


# A phone asks for the same few days all day.
@lru_cache(maxsize=4_096)
def _midnight(day: date, zone: ZoneInfo) -> int:
    """The first instant at which the zone's calendar shows `day` (where midnight is skipped, what follows it)."""
    return int(datetime.combine(day, time(), zone).astimezone(UTC).timestamp())
