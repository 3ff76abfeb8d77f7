"""What people send about when they may be booked: blocks of the day under weekdays and dates."""

import datetime
from collections.abc import Iterable, Sequence

import strawberry

from schema.inputs.given import needed
from schema.types.hours import Weekday

Blocks = dict[str, list[list[int]]]


@strawberry.input(description="A block of the day.")
class HoursBlockInput:
    starts_at_minute: int = needed("Minute of the day, from 0 to 1440.")
    ends_at_minute: int = needed("Minute of the day; before the start means past midnight.")


@strawberry.input(description="The hours of one day of the week.")
class WeekdayHoursInput:
    weekday: Weekday = needed("The day.")
    blocks: list[HoursBlockInput] = needed("Its blocks; none is a day off. At most 20.")


@strawberry.input(description="The hours of one date, in place of those of its weekday.")
class DateHoursInput:
    date: datetime.date = needed("The date.")
    blocks: list[HoursBlockInput] = needed("Its blocks; none is a day off. At most 20.")


def weekly_from(days: Sequence[WeekdayHoursInput] | None) -> Blocks | None:
    """Weekly hours as the verbs take them; a day that stands there twice has the blocks of both."""
    return None if days is None else _kept((str(day.weekday.value), day.blocks) for day in days)


def dates_from(dates: Sequence[DateHoursInput] | None) -> Blocks | None:
    """Hours of dates as the verbs take them; a date that stands there twice has the blocks of both."""
    return None if dates is None else _kept((day.date.isoformat(), day.blocks) for day in dates)


def _kept(days: Iterable[tuple[str, Sequence[HoursBlockInput]]]) -> Blocks:
    kept: Blocks = {}
    for key, blocks in days:
        kept.setdefault(key, []).extend([block.starts_at_minute, block.ends_at_minute] for block in blocks)
    return kept
