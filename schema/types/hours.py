"""When somebody may be booked, as a rule: blocks of the day under weekdays and dates."""

import datetime
from collections.abc import Mapping, Sequence
from enum import IntEnum

import strawberry

from schema.enums import dressed


class Weekday(IntEnum):
    MONDAY = 0
    TUESDAY = 1
    WEDNESDAY = 2
    THURSDAY = 3
    FRIDAY = 4
    SATURDAY = 5
    SUNDAY = 6


dressed(Weekday, "A day of the week.", **{day.name: f"{day.name.capitalize()}." for day in Weekday})

Kept = Mapping[str, Sequence[Sequence[int]]]


@strawberry.type(description="A block of the day.")
class HoursBlock:
    starts_at_minute: int = strawberry.field(description="Minute of the day, from 0 to 1440.")
    ends_at_minute: int = strawberry.field(description="Minute of the day; before the start means past midnight.")


@strawberry.type(description="The hours of one day of the week.")
class WeekdayHours:
    weekday: Weekday = strawberry.field(description="The day.")
    blocks: list[HoursBlock] = strawberry.field(description="Its blocks; none is a day off. At most 20.")


@strawberry.type(description="The hours of one date, in place of those of its weekday.")
class DateHours:
    date: datetime.date = strawberry.field(description="The date.")
    blocks: list[HoursBlock] = strawberry.field(description="Its blocks; none is a day off. At most 20.")


def weekly_from(kept: Kept | None) -> list[WeekdayHours] | None:
    """Weekly hours as a table keeps them, as clients see them, Monday first."""
    if kept is None:
        return None
    return [WeekdayHours(weekday=Weekday(int(day)), blocks=_blocks(kept[day])) for day in sorted(kept)]


def dates_from(kept: Kept | None) -> list[DateHours]:
    """Overrides of dates as a table keeps them, as clients see them, by date."""
    return [
        DateHours(date=datetime.date.fromisoformat(day), blocks=_blocks(blocks))
        for day, blocks in sorted((kept or {}).items())
    ]


def _blocks(blocks: Sequence[Sequence[int]]) -> list[HoursBlock]:
    return [HoursBlock(starts_at_minute=start, ends_at_minute=end) for start, end in blocks]
