"""Calendars that cannot be reached: for a while what they said last still holds, then their hosts offer nothing."""

from __future__ import annotations

from collections.abc import Sequence

from server import clock, database, settings
from server.database.placeholders import placeholders

_SILENT = (
    "SELECT DISTINCT user_id FROM calendar_account WHERE user_id IN ({hosts}) AND syncs AND unreachable_since < $1"
)


async def silent_hosts(host_ids: Sequence[int]) -> set[int]:
    """The hosts of whom a calendar has been out of reach for longer than its last known busy spans hold (rule 20), as
    the settings say."""
    longest = settings.current().limit_calendar_silence_hours * 3600
    return await _out_of_reach_before(clock.now_epoch() - longest, host_ids)


async def are_in_reach(host_ids: Sequence[int]) -> bool:
    """Whether every calendar of these hosts answered when it was last asked; else the page says so."""
    return not await _out_of_reach_before(clock.now_epoch() + 1, host_ids)


async def _out_of_reach_before(instant: int, host_ids: Sequence[int]) -> set[int]:
    if not host_ids:
        return set()
    rows = await database.fetch(_SILENT.format(hosts=placeholders(host_ids, after=1)), instant, *host_ids)
    return {int(row[0]) for row in rows}
