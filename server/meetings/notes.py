"""What the team writes about a meeting for itself; contacts never see it (S2-23)."""

from __future__ import annotations

from functools import partial
from typing import Any

from server import clock, database
from server.accounts import policy
from server.accounts.policy import Around
from server.accounts.viewer import Viewer
from server.changes.log import record_change
from server.complaints import Complaints
from server.errors import ErrorCode, refusal
from server.meetings.draft import LONGEST_TEXT
from server.meetings.locked import locked_meeting
from server.meetings.mentions import checked_note, tell_mentioned
from server.models import InternalNote, Meeting
from server.models.enums import ChangeKind
from server.repeats import kept_or
from server.rich_text import plain_text

MOST_NOTES = 500


async def add_internal_note(viewer: Viewer, meeting_id: int, body: str, *, idempotency_key: str | None = None) -> int:
    """The note stands with the meeting, whoever it names will be told, and the log says that there is one. The number
    of the note. Any colleague may write one: the meeting keeps its version.

    `NOT_FOUND` for a foreign, unknown or deleted meeting or a stranger named with @, `FORBIDDEN`, `NAME_REQUIRED` for
    an empty note, `TEXT_TOO_LONG`."""
    result = await kept_or(
        "addInternalNote",
        account_id=viewer.account_id,
        scope=viewer.actor,
        key=idempotency_key,
        input={"meeting": meeting_id, "body": body},
        run=partial(_add, viewer, meeting_id, body),
    )
    return int(result["note_id"])


async def edit_internal_note(viewer: Viewer, note_id: int, body: str) -> int:
    """The note has this text, and whoever is newly named will be told. Its number. Only its author may.

    `NOT_FOUND` (deleted ones too), `FORBIDDEN`, `NAME_REQUIRED`, `TEXT_TOO_LONG`."""
    async with database.transaction():
        note, meeting = await _locked(viewer, note_id)
        _require(policy.may_edit_note(viewer, note.account_id, author_id=note.author_id), "change")
        note.body, before = await _checked(viewer, body), note.body
        if note.body != before:
            note.edited_at = clock.now()
            await note.save(update_fields=["body", "edited_at"])
            await tell_mentioned(viewer, meeting, note.body, note=note)
            await _record_edit(viewer, meeting)
        return note.id


async def delete_internal_note(viewer: Viewer, note_id: int) -> int:
    """Nobody can read the note any more; that there was one, by whom and when, stays. Its number. Its author may, and
    whoever is over all. `NOT_FOUND`, `FORBIDDEN`."""
    async with database.transaction():
        note, meeting = await _locked(viewer, note_id)
        _require(policy.may_delete_note(viewer, note.account_id, author_id=note.author_id), "delete")
        note.body, note.deleted_at = "", clock.now()
        await note.save(update_fields=["body", "deleted_at"])
        await tell_mentioned(viewer, meeting, "", note=note)
        await _record_edit(viewer, meeting)
        return note.id


async def _add(viewer: Viewer, meeting_id: int, body: str) -> dict[str, Any]:
    meeting = await locked_meeting(viewer, meeting_id, may=_may_write)
    text = await _checked(viewer, body)
    if await InternalNote.filter(meeting_id=meeting.id).count() >= MOST_NOTES:
        raise refusal(ErrorCode.GUEST_LIMIT, f"A meeting has at most {MOST_NOTES} notes.", "meeting")
    note = await InternalNote.create(
        account_id=meeting.account_id, meeting_id=meeting.id, author_id=viewer.user_id, body=text
    )
    await tell_mentioned(viewer, meeting, text, note=note)
    await record_change(
        ChangeKind.NOTE_ADDED,
        account_id=meeting.account_id,
        meeting_id=meeting.id,
        actor=viewer.actor,
        data={"note_id": note.id},
    )
    return {"note_id": note.id}


async def _checked(viewer: Viewer, body: str) -> str:
    found = Complaints()
    text = await checked_note(viewer.account_id, body, LONGEST_TEXT, found, "body")
    found.refuse_if_any()
    if not plain_text(text):
        raise refusal(ErrorCode.NAME_REQUIRED, "Please write something here; it was empty.", "body")
    return text


async def _locked(viewer: Viewer, note_id: int) -> tuple[InternalNote, Meeting]:
    """The note and its meeting, both as they are once nobody else changes them."""
    note = await InternalNote.get_or_none(id=note_id, account_id=viewer.account_id, deleted_at=None)
    if note is None:
        raise refusal(ErrorCode.NOT_FOUND, "There is no such note, or it has been deleted.", "note")
    meeting = await locked_meeting(viewer, note.meeting_id, may=_may_write)
    again = await InternalNote.get_or_none(id=note_id, deleted_at=None)
    if again is None:
        raise refusal(ErrorCode.NOT_FOUND, "There is no such note, or it has been deleted.", "note")
    return again, meeting


def _may_write(viewer: Viewer, around: Around) -> bool:
    return policy.may_write_note(viewer, around.account_id)


def _require(is_allowed: bool, verb: str) -> None:
    if not is_allowed:
        message = f"You may not {verb} this note. Please ask whoever wrote it."
        raise refusal(ErrorCode.FORBIDDEN, message, "note")


async def _record_edit(viewer: Viewer, meeting: Meeting) -> None:
    await record_change(
        ChangeKind.MEETING_EDITED,
        account_id=meeting.account_id,
        meeting_id=meeting.id,
        actor=viewer.actor,
        data={"fields": ["notes"]},
    )
