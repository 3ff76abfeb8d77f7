"""Whether a host is taken, for whoever schedules without a scheduling page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from server.availability.gather import Except, taken_of

_WIDEST_BUFFER = timedelta(days=1)


async def busy_hosts(
    host_ids: Sequence[int], starts_at: datetime, ends_at: datetime, *, ignoring_meeting: int | None = None
) -> set[int]:
    """Those of the hosts who have something else in that time: a meeting with what was promised around it (rule 15), a
    hold, an entry of a calendar. Hours are not asked: a user may schedule outside them."""
    start, end = int(starts_at.timestamp()), int(ends_at.timestamp())
    taken = await taken_of(
        host_ids, starts_at - _WIDEST_BUFFER, ends_at + _WIDEST_BUFFER, exempt=Except(meeting_id=ignoring_meeting)
    )
    return {
        host
        for host, what in taken.items()
        if any(busy_start < end and busy_end > start for busy_start, busy_end in zip(*what.calendar, strict=True))
        or any(
            busy_start - before < end and busy_end + after > start
            for busy_start, busy_end, before, after in (*what.meetings, *what.held)
        )
    }
