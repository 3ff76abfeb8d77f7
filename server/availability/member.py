"""One host as the engine sees them: hours, what takes them, and whether they take part at all."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, lru_cache

from server.availability.intervals import Edges, Span, clipped, edges, merged
from server.availability.page import days_with
from server.availability.zones import DAY, day_number, readings

MemberId = int | str
Blocks = Sequence[tuple[int, int]]
BufferedSpan = tuple[int, int, int, int]
_WEEKDAY_OF_DAY_ZERO = 3
_KEPT_AT_MOST = 16


@dataclass(frozen=True)
class Member:
    """A host's hours and busy time. It is copied and merged when made and never changes, so what is worked out from it
    may be kept with it.

    `weekly` maps a weekday (0 = Monday) and `overrides` a date to blocks (start, end) of minutes of the day; 1440 is
    the end of the day, an end before the start runs past midnight. `busy` are spans [start, end) in epoch seconds, in
    any order. `all_day` are pairs of dates as iCalendar writes them (RFC 5545, DTSTART and DTEND as dates): the second
    date is the first that is free again; a pair of equal dates is that one day, for an all-day entry has at least one.
    `calendar` are more spans, merged already (`edges`): where each begins, and in step where each ends.

    `meetings` (booked here) and `held` (kept for a form or a payment) are (start, end, buffer before, buffer after),
    all in seconds; theirs is the gap of rule 15. `daily_limit` counts the starts of `meetings` by the date in `tz`.
    `calendar_unreachable` says that the calendar has been silent for longer than the limit of rule 20.
    """

    id: MemberId
    tz: str = "UTC"
    weekly: Mapping[int, Blocks] = field(default_factory=dict)
    overrides: Mapping[date, Blocks] = field(default_factory=dict)
    busy: Sequence[Span] = ()
    all_day: Sequence[tuple[date, date]] = ()
    is_active: bool = True
    weight: int = 1
    meetings: Sequence[BufferedSpan] = ()
    held: Sequence[BufferedSpan] = ()
    daily_limit: int | None = None
    calendar_unreachable: bool = False
    calendar: Edges = ((), ())
    taken: Edges = field(init=False, repr=False, compare=False)
    kept: dict[Hashable, list[Span]] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        put = object.__setattr__
        put(self, "tz", str(self.tz))
        put(self, "weekly", {int(weekday): _copied(blocks) for weekday, blocks in self.weekly.items()})
        put(self, "overrides", {_date(day): _copied(blocks) for day, blocks in self.overrides.items()})
        put(self, "busy", tuple(self.busy))
        put(self, "all_day", tuple(self.all_day))
        put(self, "meetings", tuple(self.meetings))
        put(self, "held", tuple(self.held))
        put(self, "taken", self._taken())

    @property
    def takes_part(self) -> bool:
        """Whether the member can be booked at all, whatever the time (rules 19 and 20)."""
        return self.is_active and not self.calendar_unreachable and (self.daily_limit is None or self.daily_limit > 0)

    def keep(self, question: Hashable, answer: list[Span]) -> None:
        """The answer is in `kept` under the question, with at most as many others as fit."""
        if len(self.kept) >= _KEPT_AT_MOST:
            self.kept.clear()
        self.kept[question] = answer

    @cached_property
    def full_days(self) -> frozenset[int]:
        """The days, as day numbers in the member's zone, that have reached the member's daily limit."""
        return days_with([start for start, *_ in self.meetings], self.daily_limit, self.tz)

    @cached_property
    def week(self) -> tuple[tuple[Span, ...], ...]:
        """What a date has that no override touches, as spans in seconds of the day; seven lists, Thursday's first,
        because day number 0 was a Thursday."""
        blocks = [self.weekly.get(weekday_of(day), ()) for day in range(7)]
        return tuple(_seconds_of_day(blocks[day], blocks[day - 1]) for day in range(7))

    @cached_property
    def special_days(self) -> dict[int, tuple[Span, ...]]:
        """Day number to spans in seconds of the day, for overridden dates and for those that follow one (rule 4)."""
        overridden = {day_number(day): blocks for day, blocks in self.overrides.items()}
        special: dict[int, tuple[Span, ...]] = {}
        for day, blocks in overridden.items():
            special[day] = _seconds_of_day(blocks, ())
            if day + 1 not in overridden:
                special[day + 1] = _seconds_of_day(self.weekly.get(weekday_of(day + 1), ()), blocks)
        return special

    def _taken(self) -> Edges:
        if not self.busy and not self.all_day:
            return self.calendar
        return edges([*self.busy, *self._all_day_spans(), *zip(*self.calendar, strict=True)])

    def _all_day_spans(self) -> list[Span]:
        """The instants at which the member's wall clock reads a date of an all-day entry, however long that day is."""
        spans: list[Span] = []
        for start, end in self.all_day:
            first, after = day_number(start), day_number(end)
            spans += readings(self.tz, first, first if after == first else after - 1)
        return spans


def weekday_of(day: int) -> int:
    """The weekday of a day number, 0 = Monday."""
    return (day + _WEEKDAY_OF_DAY_ZERO) % 7


@lru_cache(maxsize=4096)
def _seconds_of_day(blocks: Blocks, night_before: Blocks) -> tuple[Span, ...]:
    """What a date's own blocks, and those of the date before it that run past midnight, cover of it (rule 3)."""
    own = [(start * 60, end * 60 if start <= end else DAY) for start, end in blocks]
    spilled = [(0, end * 60) for start, end in night_before if end < start]
    return tuple(clipped(merged([*own, *spilled]), 0, DAY))


def _copied(blocks: Blocks) -> tuple[tuple[int, int], ...]:
    return tuple((start, end) for start, end in blocks)


def _date(day: date | str) -> date:
    return date.fromisoformat(day) if isinstance(day, str) else day
