"""What a phone that has shown today's meetings before has to change about its list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from server import clock, database
from server.accounts.viewer import Viewer
from server.changes import cursor
from server.changes.errors import ResyncRequired
from server.changes.feed import changes_after, latest_number
from server.database.rows import Rows
from server.meetings.queries import today
from server.models import Change

MOST_CHANGES = 500


@dataclass(frozen=True, slots=True)
class TodaysChanges:
    """`upserts` take the place of what the phone has of them; `removed` are numbers of meetings that are not, or no
    longer, of the viewer's day. `is_whole`: `upserts` is the whole list, and nothing else is of the day."""

    upserts: Rows
    removed: tuple[int, ...]
    cursor: str
    is_whole: bool


async def todays_changes(viewer: Viewer, since: str | None) -> TodaysChanges:
    """What happened to the viewer's present day since the cursor. The whole list without one, and also for one that is
    too old or may be of another day: then the meetings that the new day brought are in no change."""
    upto = await latest_number(viewer.account_id)
    changed = None if since is None else await _changed(viewer, cursor.read(since))
    if changed is None:
        return TodaysChanges(today(viewer), (), cursor.write(upto), is_whole=True)
    upserts = _among(today(viewer), changed)
    still = {int(row[0]) for row in await database.fetch(_ids(upserts), *upserts.parameters)}
    gone = tuple(number for number in changed if number not in still)
    return TodaysChanges(upserts, gone, cursor.write(upto), is_whole=False)


async def _changed(viewer: Viewer, after: int) -> list[int] | None:
    """The meetings that changed after that number, each once; None if the cursor cannot be followed."""
    try:
        found = await changes_after(viewer.account_id, after, limit=MOST_CHANGES + 1)
    except ResyncRequired:
        return None
    seen = await Change.get_or_none(account_id=viewer.account_id, number=after)
    zone = ZoneInfo(viewer.time_zone)
    if len(found) > MOST_CHANGES or seen is None or _day(seen.occurred_at, zone) != _day(clock.now(), zone):
        return None
    return list(dict.fromkeys(one.meeting_id for one in found if one.meeting_id is not None))


def _day(instant: datetime, zone: ZoneInfo) -> date:
    return instant.astimezone(zone).date()


def _among(rows: Rows, numbers: list[int]) -> Rows:
    places = ", ".join(f"${index + 1}" for index in range(len(numbers))) or "NULL"
    return rows.also(f"t.id IN ({places})", *numbers)


def _ids(rows: Rows) -> str:
    return f'SELECT t.id FROM "{rows.table}" t WHERE {rows.condition}'
