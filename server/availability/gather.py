"""Reads what the slot engine reckons with: one statement for each kind of data, however many hosts there are.

The entries of calendars are by far the most; they come as one list of integers a host, for a row costs more than what
is in it, and are kept from one list of slots to the next (`kept_calendars.py`)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

import orjson

from server import clock, database
from server.availability.intervals import Edges, edges_in_step
from server.availability.kept_calendars import Kept, kept_calendars
from server.availability.member import BufferedSpan, Member
from server.availability.page import Page, Window
from server.availability.silence import silent_hosts
from server.database.placeholders import placeholders
from server.models import MeetingLink, RotationMember, User
from server.models.enums import BusySource, WindowKind

LONGEST_BUSY = timedelta(days=62)
"""No busy span is longer; whoever stores a longer one cuts it into pieces that touch."""

_AROUND = timedelta(days=4)
"""More than a zone's distance from UTC, a buffer and a duration together."""

_FIRST_DAY, _LAST_DAY = date(1971, 1, 1), date(9990, 1, 1)

_CALENDARS = {
    "sqlite": """
    SELECT host_id, json_group_array(starts), json_group_array(ends) FROM busy_span
    WHERE host_id IN ({hosts}) AND source = 'CALENDAR' AND starts >= $1 AND starts < $2 AND ends > $3
    GROUP BY host_id
""",
    "postgresql": """
    SELECT h.id, s.starts, s.ends FROM unnest(ARRAY[{hosts}]::bigint[]) h(id), LATERAL (
      SELECT array_agg(b.starts) AS starts, array_agg(b.ends) AS ends FROM busy_span b
      WHERE b.host_id = h.id AND b.source = 'CALENDAR' AND b.starts >= $1 AND b.starts < $2 AND b.ends > $3
    ) s WHERE s.starts IS NOT NULL
""",
}
"""Both read nothing but the index `busy_span_by_source`, host by host, and so in the order of the starts."""
_TAKEN_HERE = """
    SELECT b.host_id, b.source, b.starts, b.ends, b.buffer_before, b.buffer_after, b.meeting_id, b.hold_id
    FROM busy_span b LEFT JOIN hold h ON h.id = b.hold_id
    WHERE b.host_id IN ({hosts}) AND b.source IN ('MEETING', 'HOLD')
      AND b.starts >= $1 AND b.starts < $2 AND b.ends > $3
      AND (b.hold_id IS NULL OR (h.released_at IS NULL AND h.expires_at > $4))
"""
_BOOKED = """
    SELECT starts_at FROM meeting
    WHERE link_id = $1 AND starts_at >= $2 AND starts_at < $3 AND id <> $4
      AND canceled_at IS NULL AND deleted_at IS NULL
"""


@dataclass(frozen=True, slots=True)
class Except:
    """What is not busy for whoever asks: the meeting they are about to move, and the hold they have."""

    meeting_id: int | None = None
    hold_id: int | None = None


@dataclass(slots=True)
class Taken:
    """What takes one host: entries of calendars, merged, as starts and, in step, ends; meetings with their buffers, and
    holds with theirs."""

    calendar: Edges = field(default_factory=lambda: ([], []))
    meetings: list[BufferedSpan] = field(default_factory=list)
    held: list[BufferedSpan] = field(default_factory=list)


async def gather(
    link: MeetingLink,
    hosts: Sequence[User],
    *,
    places: Sequence[RotationMember] = (),
    tz: str,
    start: date,
    end: date,
    exempt: Except | None = None,
    version: int | None = None,
) -> tuple[Page, list[Member]]:
    """The link's page and its members as the engine takes them, for slots that start on the dates `start` to `end` in
    whichever zone. Holds that have expired are not there. `version` is that of the account's data, read beforehand, for
    whom calendars will do as they were then; a booking does without."""
    exempt = exempt or Except()
    first, last = _instant(start) - _AROUND, _instant(end) + _AROUND
    ids = [host.id for host in hosts]
    taken = await taken_of(ids, first, last, exempt=exempt, version=version)
    silent = await silent_hosts(ids)
    booked = await _booked(link, first, last, exempt) if link.daily_limit is not None else []
    turns = {place.user_id: place for place in places}
    members = [_member(link, host, turns.get(host.id), taken[host.id], host.id in silent) for host in hosts]
    return _page(link, tz, booked), members


async def taken_of(
    host_ids: Sequence[int], first: datetime, last: datetime, *, exempt: Except, version: int | None = None
) -> dict[int, Taken]:
    """What takes each host between two instants, read as bare integers; a host whom nothing takes has empty lists.
    With a `version`, the entries of calendars may be those that were read at it."""
    taken: dict[int, Taken] = defaultdict(Taken)
    if not host_ids:
        return taken
    bounds = int((first - LONGEST_BUSY).timestamp()), int(last.timestamp()), int(first.timestamp())
    for host, spans in (await _calendars(host_ids, bounds, version)).items():
        taken[host].calendar = spans
    sql = _TAKEN_HERE.format(hosts=placeholders(host_ids, after=4))
    for host, source, starts, ends, before, after, meeting, hold in await database.fetch(
        sql, *bounds, clock.now_epoch(), *host_ids
    ):
        if source == BusySource.MEETING and meeting != exempt.meeting_id:
            taken[host].meetings.append((starts, ends, before, after))
        elif source == BusySource.HOLD and hold != exempt.hold_id:
            taken[host].held.append((starts, ends, before, after))
    return taken


async def _calendars(host_ids: Sequence[int], bounds: tuple[int, int, int], version: int | None) -> dict[int, Edges]:
    """The entries of each host's calendars between the last and the second of the bounds."""
    if version is None or database.in_transaction():
        return await _read_calendars(host_ids, bounds)
    _, last, first = bounds
    kept = kept_calendars()
    known = kept.found(host_ids, version=version, first=first, last=last)
    missing = [host for host in host_ids if host not in known]
    read = await _read_calendars(missing, bounds) if missing else {}
    for host in missing:
        kept.keep(host, Kept(version, first, last, read.get(host, ([], []))))
    return known | read


async def _read_calendars(host_ids: Sequence[int], bounds: tuple[int, int, int]) -> dict[int, Edges]:
    sql = _CALENDARS[database.dialect()].format(hosts=placeholders(host_ids, after=3))
    rows = await database.fetch(sql, *bounds, *host_ids)
    return {int(host): edges_in_step(_integers(starts), _integers(ends)) for host, starts, ends in rows}


def hours_of(host: User) -> Member:
    """A host with nothing but the hours they gave, for whoever asks when they work."""
    return Member(
        id=host.id, tz=host.time_zone, weekly=_weekly(host.weekly_hours), overrides=_dates(host.date_overrides)
    )


async def _booked(link: MeetingLink, first: datetime, last: datetime, exempt: Except) -> list[int]:
    """The starts of the link's meetings that its daily limit counts."""
    bounds = int(first.timestamp()), int(last.timestamp())
    rows = await database.fetch(_BOOKED, link.id, *bounds, exempt.meeting_id or 0)
    return [int(row[0]) for row in rows]


def _page(link: MeetingLink, tz: str, booked: list[int]) -> Page:
    return Page(
        kind=link.kind.value,
        tz=tz,
        durations=link.durations_minutes,
        increment=link.increment_minutes,
        buffer_before=link.buffer_before_minutes,
        buffer_after=link.buffer_after_minutes,
        min_notice=link.notice_minutes,
        window=_window(link),
        grid_anchor=link.grid_anchor_minutes,
        daily_limit=link.daily_limit,
        is_active=link.is_active and link.retired_at is None,
        booked=booked,
    )


def _window(link: MeetingLink) -> Window:
    if link.window_kind is WindowKind.DATE_RANGE:
        return Window.dates(link.window_starts_on, link.window_ends_on)
    return Window(link.window_kind.value, link.window_days)


def _member(link: MeetingLink, host: User, place: RotationMember | None, taken: Taken, is_silent: bool) -> Member:
    """A host on a page. The link's own weekly hours replace the host's; its dates go before the host's dates, so that
    a day off stays one on every page."""
    weekly = host.weekly_hours if link.weekly_hours is None else link.weekly_hours
    return Member(
        id=host.id,
        tz=host.time_zone,
        weekly=_weekly(weekly),
        overrides=_dates({**host.date_overrides, **(link.date_overrides or {})}),
        calendar=taken.calendar,
        meetings=taken.meetings,
        held=taken.held,
        is_active=host.is_active and (place is None or (place.is_active and place.weight > 0)),
        weight=place.weight if place is not None else 1,
        daily_limit=host.daily_limit,
        calendar_unreachable=is_silent,
    )


def _integers(listed: list[int] | str) -> list[int]:
    """A list as PostgreSQL gives it, or as the JSON that SQLite has for one."""
    return listed if isinstance(listed, list) else orjson.loads(listed)


def _weekly(hours: dict[str, list[list[int]]]) -> dict[int, list[tuple[int, int]]]:
    return {int(weekday): [(start, end) for start, end in blocks] for weekday, blocks in hours.items()}


def _dates(overrides: dict[str, list[list[int]]]) -> dict[date, list[tuple[int, int]]]:
    return {date.fromisoformat(day): [(start, end) for start, end in blocks] for day, blocks in overrides.items()}


def _instant(day: date) -> datetime:
    """Midnight UTC of the day, or of the nearest day around which there is room in the calendar."""
    return datetime.combine(min(max(day, _FIRST_DAY), _LAST_DAY), time(), UTC)
