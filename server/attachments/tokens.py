"""The signed addresses at which one file is brought or fetched, for a while."""

from __future__ import annotations

import hmac
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from server import clock, ids, settings
from server.errors import ErrorCode, refusal
from server.models import Attachment

BRING_WITHIN = timedelta(hours=1)
"""How long somebody has to begin the upload that they announced."""

_LENGTH = 32
_STEP_SECONDS = 1800
_GONE = "This address has ended. Open the meeting again for a new one."
_WRONG = "There is no file at this address."


class Act(StrEnum):
    BRING = "b"
    FETCH = "f"


def upload_url(attachment: Attachment) -> str:
    """Where the bytes of the file are to be PUT; ends an hour after it was announced."""
    return _url(Act.BRING, attachment.id, _mark(Act.BRING, attachment), upload_ends_at(attachment))


def upload_ends_at(attachment: Attachment) -> datetime:
    """When its upload address ends."""
    return attachment.created_at + BRING_WITHIN


def download_url(attachment_id: int, storage_key: str) -> str:
    """Where the file can be fetched, for half an hour at least and an hour at most; the same address for half an hour,
    so that answers which hold it can be kept."""
    step = clock.now_epoch() // _STEP_SECONDS + 2
    return _url(Act.FETCH, attachment_id, storage_key, datetime.fromtimestamp(step * _STEP_SECONDS, UTC))


async def attachment_of(token: str, act: Act) -> Attachment:
    """The file, with its meeting, that the token was made for. `NOT_FOUND` for a token that was not made here or not
    for this, for a file that is gone and for a meeting that was deleted; `TOKEN_EXPIRED` after its time."""
    made_for, _, rest = token.partition("-")
    until, _, signature = rest.partition("-")
    number, ends = made_for[1:], until
    if made_for[:1] != act.value or not _is_number(number) or not _is_number(ends):
        raise refusal(ErrorCode.NOT_FOUND, _WRONG)
    found = await Attachment.get_or_none(id=int(number)).select_related("meeting")
    expected = _signature(act, int(number), _mark(act, found), int(ends)) if found is not None else ""
    if found is None or not hmac.compare_digest(expected.encode(), signature.encode()):
        raise refusal(ErrorCode.NOT_FOUND, _WRONG)
    if int(ends) <= clock.now_epoch():
        raise refusal(ErrorCode.TOKEN_EXPIRED, _GONE)
    if found.meeting.deleted_at is not None:
        raise refusal(ErrorCode.NOT_FOUND, _WRONG)
    return found


def _mark(act: Act, attachment: Attachment) -> str:
    """What tells the file from another one that had its number before. Whoever brings it a second time, because no
    answer came, is to hear that it is there."""
    return attachment.storage_key if act is Act.FETCH else str(int(attachment.created_at.timestamp()))


def _url(act: Act, number: int, mark: str, ends_at: datetime) -> str:
    ends = int(ends_at.timestamp())
    token = f"{act.value}{number}-{ends}-{_signature(act, number, mark, ends)}"
    return settings.current().address(f"/files/{token}")


def _signature(act: Act, number: int, mark: str, ends: int) -> str:
    seed = f"{act.value}:{number}:{mark}:{ends}"
    return ids.secret_from(seed, key=settings.current().secret_key, purpose="files")[:_LENGTH]


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 18
