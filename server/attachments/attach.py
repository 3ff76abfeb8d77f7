"""A colleague announces a file, and gets the address to bring it to."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

from server import database, ids, settings
from server.accounts import policy
from server.accounts.policy import Around
from server.accounts.viewer import Viewer
from server.attachments.kinds import is_kept, media_type
from server.checks import required_text, short
from server.complaints import Complaints
from server.errors import ErrorCode, refusal
from server.meetings.locked import locked_meeting
from server.models import Account, Attachment
from server.repeats import kept_or

AT_MOST = 50
FOLDER = "attachments"
_NOT_IN_NAMES = str.maketrans(dict.fromkeys('/\\:*?"<>|\u202a\u202b\u202d\u202e\u2066\u2067\u2068\u2069', "_"))


@dataclass(frozen=True, slots=True)
class NewAttachment:
    """A file as its bringer describes it."""

    meeting_id: int
    name: str
    content_type: str
    size_bytes: int
    idempotency_key: str | None = None


async def attach_file(viewer: Viewer, new: NewAttachment) -> Attachment:
    """The file is promised to the meeting, and is there once its bytes have been PUT to its upload address; until then
    nobody sees it, and what is not brought is forgotten after a day.

    `NOT_FOUND`, `FORBIDDEN`, `NAME_REQUIRED`, `TEXT_TOO_LONG`; `FILE_REFUSED` for too many bytes (or none), for a kind
    that is not kept, and above 50 files; `STORAGE_FULL` where the account's files would be too large together."""
    sent = asdict(new)
    result = await kept_or(
        "attachFile",
        account_id=viewer.account_id,
        scope=viewer.actor,
        key=sent.pop("idempotency_key"),
        input=sent,
        run=partial(_attach, viewer, new),
    )
    found = await Attachment.get_or_none(id=result["attachment_id"], account_id=viewer.account_id)
    if found is None:
        raise refusal(ErrorCode.NOT_FOUND, "This file has been deleted since. Attach it again.", "meeting")
    return found


async def _attach(viewer: Viewer, new: NewAttachment) -> dict[str, Any]:
    meeting = await locked_meeting(viewer, new.meeting_id, may=_may_attach)
    found = Complaints()
    name = found.ask(required_text, new.name.translate(_NOT_IN_NAMES), 255, "name") or ""
    kind = _checked_kind(new.content_type, found)
    _check_size(new.size_bytes, found)
    found.refuse_if_any()
    if await Attachment.filter(meeting_id=meeting.id).count() >= AT_MOST:
        raise refusal(ErrorCode.FILE_REFUSED, f"A meeting has at most {AT_MOST} files. Delete one first.", "meeting")
    await _require_room(meeting.account_id, new.size_bytes)
    made = await Attachment.create(
        account_id=meeting.account_id,
        meeting_id=meeting.id,
        uploader_id=viewer.user_id,
        name=name,
        content_type=kind,
        size_bytes=new.size_bytes,
        storage_key=f"{FOLDER}/{meeting.account_id}/{ids.new_secret()}",
    )
    return {"attachment_id": made.id}


def _checked_kind(declared: str, found: Complaints) -> str:
    kind = media_type(declared)
    kept = settings.current().file_types
    if kind is None or not is_kept(kind, kept):
        message = f"Files of the kind {short(declared)!r} are not kept; these are: {', '.join(kept)}."
        found.add(ErrorCode.FILE_REFUSED, message, "contentType")
        return ""
    return kind


def _check_size(size_bytes: int, found: Complaints) -> None:
    most = settings.current().limit_file_bytes
    if not 0 < size_bytes <= most:
        found.add(ErrorCode.FILE_REFUSED, f"A file has 1 to {most} bytes; this one has {size_bytes}.", "sizeBytes")


async def _require_room(account_id: int, size_bytes: int) -> None:
    """Until the transaction ends nobody else takes the room that there is. What was announced counts as brought."""
    await Account.filter(id=account_id).select_for_update(no_key=True).only("id").get()
    row = await database.fetch_one(
        "SELECT COALESCE(SUM(size_bytes), 0) FROM attachment WHERE account_id = $1", account_id
    )
    taken, most = int(row[0]) if row is not None else 0, settings.current().limit_account_files_bytes
    if taken + size_bytes > most:
        message = (
            f"All files of the account may have {most} bytes together; there are {taken}, and this one has "
            f"{size_bytes}. Delete files that nobody needs, or have PARLEY_LIMIT_ACCOUNT_FILES_BYTES raised."
        )
        raise refusal(ErrorCode.STORAGE_FULL, message, "sizeBytes")


def _may_attach(viewer: Viewer, around: Around) -> bool:
    return policy.may_write_note(viewer, around.account_id)
