"""Are these hours what they claim to be? Asked by links, which may have hours of their own, and by people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from server.checks import short
from server.complaints import Complaints
from server.errors import ErrorCode

Hours = Mapping[str, Sequence[Sequence[int]]]
"""Weekdays ("0" = Monday) or ISO dates, and the blocks of each as pairs of minutes of the day."""

DAY_MINUTES = 1440
MOST_DATES = 366
MOST_BLOCKS = 20


def checked_hours(hours: Hours, found: Complaints, path: str, *, by_date: bool = False) -> dict[str, list[list[int]]]:
    """The hours as they are stored, or a complaint for each block and key that cannot be. An end before the start runs
    past midnight; blocks may touch and overlap, and are one block then (slots rules 2 and 3)."""
    if len(hours) > MOST_DATES or any(len(blocks) > MOST_BLOCKS for blocks in hours.values()):
        message = f"Please give at most {MOST_DATES} dates, and at most {MOST_BLOCKS} blocks of a day."
        found.add(ErrorCode.TIME_RANGE_INVALID, message, path)
        return {}
    for key, blocks in hours.items():
        if not (_is_date(key) if by_date else _is_weekday(key)):
            message = f"{short(key)}: hours stand under a weekday (0 to 6) or under a date such as 2026-12-24."
            found.add(ErrorCode.TIME_RANGE_INVALID, message, path, short(key))
        for index, block in enumerate(blocks):
            if not _is_block(block):
                message = "Please give a block's start and end as minutes of the day, from 0 to 1440."
                found.add(ErrorCode.TIME_RANGE_INVALID, message, path, short(key), str(index))
    return {key: [list(block) for block in blocks] for key, blocks in hours.items()}


def _is_block(block: Sequence[int]) -> bool:
    return len(block) == 2 and all(type(minute) is int and 0 <= minute <= DAY_MINUTES for minute in block)


def _is_weekday(key: str) -> bool:
    return key in {"0", "1", "2", "3", "4", "5", "6"}


def _is_date(key: str) -> bool:
    try:
        return date.fromisoformat(key).isoformat() == key
    except ValueError:
        return False
