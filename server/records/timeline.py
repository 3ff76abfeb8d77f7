"""What happened around a contact or record, the latest first: its meetings, and whatever happened to these (S2-30)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from server import database
from server.accounts.viewer import Viewer
from server.database.placeholders import placeholders
from server.database.rows import BadCursor, Rows, cursor_of, cursor_values
from server.models import Meeting
from server.models.enums import ChangeKind

_OF_CONTACT = """
SELECT meeting_id AS id FROM association WHERE contact_id = $2
UNION SELECT meeting_id FROM attendee WHERE contact_id = $2
UNION SELECT id FROM meeting WHERE contact_id = $2
"""
# What its people were invited to is on the timeline of a company too.
_OF_RECORD = """
SELECT meeting_id AS id FROM association WHERE record_id = $2
UNION SELECT m.id FROM contact c JOIN meeting m ON m.contact_id = c.id WHERE c.company_id = $2
"""
_ENTRIES = """
WITH theirs AS ({theirs}), standing AS (
    SELECT m.id, m.starts_at FROM meeting m
    WHERE m.id IN (SELECT id FROM theirs) AND +m.account_id = $1 AND m.deleted_at IS NULL
), entry AS (
    SELECT starts_at AS at, 1 AS rank, id AS number, id AS meeting_id,
        CAST('' AS TEXT) AS kind, CAST('' AS TEXT) AS actor, CAST('' AS TEXT) AS data FROM standing
    UNION ALL
    SELECT c.occurred_at, 0, c.id, c.meeting_id, CAST(c.kind AS TEXT), CAST(c.actor AS TEXT), CAST(c.data AS TEXT)
    FROM change c WHERE c.meeting_id IN (SELECT id FROM standing)
)
SELECT at, rank, number, meeting_id, kind, actor, data FROM entry
WHERE (at, rank, number) < ($3, $4, $5) ORDER BY at DESC, rank DESC, number DESC LIMIT {limit}
"""
_BEFORE_ALL = (2**62, 2, 0)


@dataclass(frozen=True, slots=True)
class Happened:
    """What a change of the log says."""

    kind: ChangeKind
    actor: str
    data: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Entry:
    """A meeting, at its start; or something that happened to one, when it happened."""

    at: datetime
    meeting_id: int
    change: Happened | None
    cursor: str


@dataclass(frozen=True, slots=True)
class Timeline:
    """One page. `meetings` are those of its entries, each once, by number."""

    entries: tuple[Entry, ...]
    meeting_ids: tuple[int, ...]
    meetings: Rows
    has_next_page: bool


async def timeline(
    viewer: Viewer, *, contact_id: int | None = None, record_id: int | None = None, first: int, after: str | None
) -> Timeline:
    """What stands on the timeline of the account's contact or record: `first` entries behind the cursor. Empty for one
    that is unknown, foreign or has met nobody. What the log has forgotten is gone; meetings stay. `BadCursor`."""
    theirs, subject = (_OF_CONTACT, contact_id) if contact_id is not None else (_OF_RECORD, record_id)
    begin = _BEFORE_ALL if after is None else _place(after)
    sql = _ENTRIES.format(theirs=theirs, limit=first + 1)
    found = await database.fetch(sql, viewer.account_id, subject or 0, *begin)
    entries = tuple(_entry(row) for row in found[:first])
    numbers = tuple(sorted({entry.meeting_id for entry in entries}))
    return Timeline(entries, numbers, _named(viewer, numbers), len(found) > first)


def _named(viewer: Viewer, numbers: Sequence[int]) -> Rows:
    condition = f"t.account_id = $1 AND t.id IN ({placeholders(numbers, after=1)})"
    return Rows(Meeting, condition, (viewer.account_id, *numbers), limit=len(numbers) or 1)


def _entry(row: Sequence[Any]) -> Entry:
    at, rank, number, meeting_id, kind, actor, data = row
    change = None if rank else Happened(ChangeKind(kind), actor, json.loads(data))
    return Entry(datetime.fromtimestamp(at, UTC), int(meeting_id), change, cursor_of((at, rank, number)))


def _place(cursor: str) -> tuple[int, int, int]:
    at, rank, number = cursor_values(cursor, 3)
    if not (isinstance(at, int) and isinstance(rank, int) and isinstance(number, int)):
        raise BadCursor("This cursor belongs to another list; start again without `after`.")
    return at, rank, number
