"""What a phone that has shown today's meetings before has to change about its list."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from server import clock, database
from server.accounts.viewer import Viewer
from server.changes import cursor
from server.changes.errors import ResyncRequired
from server.changes.feed import changes_after
from server.database.placeholders import placeholders
from server.database.rows import Rows
from server.meetings.queries import today

MOST_CHANGES = 500

_TOUCHED = """(t.id IN ({places}) OR EXISTS (
    SELECT 1 FROM attendee shown JOIN attendee changed ON changed.contact_id = shown.contact_id
    WHERE shown.meeting_id = t.id AND changed.meeting_id IN ({places}))
  OR EXISTS (
    SELECT 1 FROM association shown JOIN attendee changed ON changed.contact_id = shown.contact_id
    WHERE shown.meeting_id = t.id AND changed.meeting_id IN ({places}))
  OR t.link_id IN (SELECT link_id FROM meeting WHERE id IN ({places})))"""


@dataclass(frozen=True, slots=True)
class TodaysChanges:
    """`upserts` take the place of what the phone has of them; `removed` are numbers of meetings that are not, or no
    longer, of the viewer's day. `is_whole`: `upserts` is the whole list, and nothing else is of the day."""

    upserts: Rows
    removed: tuple[int, ...]
    cursor: str
    is_whole: bool


@dataclass(frozen=True, slots=True)
class _Standing:
    """Where a list of today's stands: the last change that is in it, how often the account's data had changed without
    one, and whose day it was."""

    number: int
    unlogged: int
    day: str

    def written(self) -> str:
        return cursor.write(self.number, f"{self.unlogged};{self.day}")


async def todays_changes(viewer: Viewer, since: str | None) -> TodaysChanges:
    """What happened to the viewer's present day since the cursor. The whole list without one, and for one that is too
    old, of another day or zone, or of something else than such an answer. Where something was renamed that many
    meetings show, all meetings of the day are among the upserts."""
    now = await _standing(viewer)
    then = None if since is None else _read(since)
    changed = None if then is None or then.day != now.day else await _changed(viewer, then.number)
    if changed is None:
        return TodaysChanges(today(viewer), (), now.written(), is_whole=True)
    numbers = [number for number in changed if number is not None]
    touched = _among(today(viewer), numbers)
    still = {int(row[0]) for row in await database.fetch(_ids(touched), *touched.parameters)}
    gone = tuple(number for number in numbers if number not in still)
    shows_more = None in changed or then is None or then.unlogged != now.unlogged
    return TodaysChanges(today(viewer) if shows_more else touched, gone, now.written(), is_whole=False)


async def _standing(viewer: Viewer) -> _Standing:
    found = await database.fetch_one(
        "SELECT last_change_number, data_version FROM account WHERE id = $1", viewer.account_id
    )
    number, version = found or (0, 0)
    day = clock.now().astimezone(ZoneInfo(viewer.time_zone)).date()
    return _Standing(number, version - number, f"{day};{viewer.time_zone}")


def _read(since: str) -> _Standing | None:
    unlogged, _, day = cursor.remark_of(since).partition(";")
    return _Standing(cursor.read(since), int(unlogged), day) if unlogged.isdigit() else None


async def _changed(viewer: Viewer, after: int) -> list[int | None] | None:
    """The meetings that changed after that number, each once, None among them for a change of something else; None
    instead of a list if the cursor cannot be followed."""
    try:
        found = await changes_after(viewer.account_id, after, limit=MOST_CHANGES + 1)
    except ResyncRequired:
        return None
    return None if len(found) > MOST_CHANGES else list(dict.fromkeys(one.meeting_id for one in found))


def _among(rows: Rows, numbers: list[int]) -> Rows:
    """Those meetings, and those that show a contact or link of theirs: a booking may have told more about the one, and
    counts for the other."""
    return rows.also(_TOUCHED.format(places=placeholders(numbers)), *numbers)


def _ids(rows: Rows) -> str:
    return f'SELECT t.id FROM "{rows.table}" t WHERE {rows.condition}'
