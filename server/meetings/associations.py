"""The ties between a meeting and the records it is about."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

from server.accounts.viewer import Viewer
from server.changes.log import record_change
from server.complaints import Complaints
from server.errors import ErrorCode
from server.meetings.locked import locked_meeting
from server.models import Association, Contact, Meeting, Record
from server.models.enums import ChangeKind
from server.repeats import kept_or

AT_MOST = 100


@dataclass(frozen=True, slots=True)
class Tie:
    """What a meeting is associated with: exactly one of a contact's number or a record's."""

    contact_id: int | None = None
    record_id: int | None = None


async def check_ties(account_id: int, ties: Sequence[Tie], found: Complaints) -> None:
    """`NOT_FOUND` for every contact or record that is foreign or unknown."""
    if len(ties) > AT_MOST:
        found.add(ErrorCode.GUEST_LIMIT, f"A meeting has at most {AT_MOST} associations.", "associations")
        return
    contacts = [tie.contact_id for tie in ties if tie.contact_id is not None]
    records = [tie.record_id for tie in ties if tie.record_id is not None]
    known_contacts = {one.id for one in await Contact.filter(id__in=contacts, account_id=account_id)}
    known_records = {one.id for one in await Record.filter(id__in=records, account_id=account_id)}
    for index, tie in enumerate(ties):
        if tie.contact_id not in known_contacts and tie.record_id not in known_records:
            message = "There is no such record. Please choose one from the list."
            found.add(ErrorCode.NOT_FOUND, message, "associations", str(index))


async def tie(meeting: Meeting, ties: Iterable[Tie]) -> None:
    """The meeting stands on the timeline of each of these (S2-24, S2-30); those it stood on already are left alone."""
    there = {Tie(one.contact_id, one.record_id) for one in await Association.filter(meeting_id=meeting.id)}
    fresh = [one for one in dict.fromkeys(ties) if one not in there]
    await Association.bulk_create(
        Association(
            account_id=meeting.account_id, meeting_id=meeting.id, contact_id=one.contact_id, record_id=one.record_id
        )
        for one in fresh
    )


async def associate(
    viewer: Viewer, meeting_id: int, ties: Sequence[Tie], *, idempotency_key: str | None = None
) -> None:
    """The meeting stands on these timelines too. `NOT_FOUND`, `FORBIDDEN`."""
    await kept_or(
        "associateRecords",
        account_id=viewer.account_id,
        scope=viewer.actor,
        key=idempotency_key,
        input=_input(meeting_id, ties),
        run=partial(_associate, viewer, meeting_id, ties),
    )


async def dissociate(
    viewer: Viewer, meeting_id: int, ties: Sequence[Tie], *, idempotency_key: str | None = None
) -> None:
    """The meeting stands on these timelines no more, if it stood there at all. `NOT_FOUND`, `FORBIDDEN`."""
    await kept_or(
        "dissociateRecords",
        account_id=viewer.account_id,
        scope=viewer.actor,
        key=idempotency_key,
        input=_input(meeting_id, ties),
        run=partial(_dissociate, viewer, meeting_id, ties),
    )


async def _associate(viewer: Viewer, meeting_id: int, ties: Sequence[Tie]) -> dict[str, Any]:
    meeting = await locked_meeting(viewer, meeting_id)
    found = Complaints()
    await check_ties(viewer.account_id, ties, found)
    found.refuse_if_any()
    await tie(meeting, ties)
    await _record(viewer, meeting)
    return {"meeting_id": meeting.id}


async def _dissociate(viewer: Viewer, meeting_id: int, ties: Sequence[Tie]) -> dict[str, Any]:
    meeting = await locked_meeting(viewer, meeting_id)
    wanted = set(ties)
    there = await Association.filter(meeting_id=meeting.id)
    gone = [one.id for one in there if Tie(one.contact_id, one.record_id) in wanted]
    await Association.filter(id__in=gone).delete()
    await _record(viewer, meeting)
    return {"meeting_id": meeting.id}


def _input(meeting_id: int, ties: Sequence[Tie]) -> dict[str, Any]:
    return {"meeting": meeting_id, "ties": [asdict(one) for one in ties]}


async def _record(viewer: Viewer, meeting: Meeting) -> None:
    meeting.version += 1
    await meeting.save(update_fields=["version"])
    await record_change(
        ChangeKind.MEETING_EDITED,
        account_id=meeting.account_id,
        meeting_id=meeting.id,
        actor=viewer.actor,
        data={"fields": ["associations"]},
    )
