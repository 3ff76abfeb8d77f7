"""The time that a meeting takes of its hosts."""

from __future__ import annotations

from collections.abc import Iterable

from server.models import BusySpan, Meeting
from server.models.enums import BusySource


async def occupy(
    meeting: Meeting,
    host_ids: Iterable[int],
    *,
    minutes_before: int = 0,
    minutes_after: int = 0,
    is_overlap_allowed: bool = False,
) -> None:
    """Every one of these hosts is busy for as long as the meeting lasts, with the buffers that were promised around it.

    The database raises `database.Overlap` if one of them has a meeting in that time, unless overlap is allowed."""
    for host_id in sorted(set(host_ids)):
        await BusySpan.create(
            account_id=meeting.account_id,
            host_id=host_id,
            source=BusySource.MEETING,
            starts=int(meeting.starts_at.timestamp()),
            ends=int(meeting.ends_at.timestamp()),
            buffer_before=minutes_before * 60,
            buffer_after=minutes_after * 60,
            is_overlap_allowed=is_overlap_allowed,
            meeting_id=meeting.id,
        )


async def vacate(meeting: Meeting) -> list[BusySpan]:
    """The meeting takes nobody's time any more. The spans it had, for whoever is about to move it."""
    spans = await BusySpan.filter(meeting_id=meeting.id)
    await BusySpan.filter(meeting_id=meeting.id).delete()
    return spans


async def hosts_of(meeting: Meeting) -> list[int]:
    """The users whose time the meeting takes: the host, and for a group all of them."""
    spans = await BusySpan.filter(meeting_id=meeting.id, source=BusySource.MEETING)
    return sorted({span.host_id for span in spans} | {meeting.host_id})
