"""Weekly hours and overrides as instants, whatever the clocks do meanwhile."""

from server.availability.intervals import Span, clipped, joined
from server.availability.member import Member
from server.availability.zones import DAY, segments


def hours(member: Member, start: int, end: int) -> list[Span]:
    """The part of [start, end) in which the member's wall clock reads a time inside their hours (rules 2 to 4)."""
    found: list[Span] = []
    for piece_start, piece_end, offset in segments(member.tz, start, end):
        found += clipped(_hours_of_dates(member, piece_start, piece_end, offset), piece_start, piece_end)
    return joined(found)


def _hours_of_dates(member: Member, start: int, end: int, offset: int) -> list[Span]:
    """The hours, in order, of every date that a clock with that offset reads in [start, end), cut nowhere."""
    week, special = member.week, member.special_days
    return [
        (midnight + opens, midnight + closes)
        for day in range((start + offset) // DAY, (end + offset - 1) // DAY + 1)
        for midnight in (day * DAY - offset,)
        for opens, closes in (special[day] if day in special else week[day % 7])
    ]
