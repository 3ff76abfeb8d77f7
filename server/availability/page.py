"""What a scheduling page asks for: the rules that are the same for every host on it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import TypeVar

from server.availability.zones import day_at

_Kind = TypeVar("_Kind", bound=StrEnum)


class PageKind(StrEnum):
    """Who has to be free. Taken as text in any case too, and in the words of rule 12."""

    PERSONAL = "PERSONAL"
    GROUP = "GROUP"
    ROUND_ROBIN = "ROUND_ROBIN"

    @classmethod
    def _missing_(cls, value: object) -> "PageKind | None":
        return _named(cls, value, INDIVIDUAL="PERSONAL")


class WindowKind(StrEnum):
    """How it is said how far ahead a page may be booked. Taken as text in any case too, and in the words of rule 9."""

    ROLLING_CALENDAR = "ROLLING_CALENDAR"
    ROLLING_BUSINESS = "ROLLING_BUSINESS"
    DATE_RANGE = "DATE_RANGE"

    @classmethod
    def _missing_(cls, value: object) -> "WindowKind | None":
        return _named(cls, value, RANGE="DATE_RANGE")


def _named(kinds: type[_Kind], value: object, **other_words: str) -> _Kind | None:
    name = str(getattr(value, "value", value)).upper().replace(" ", "_")
    return kinds.__members__.get(other_words.get(name, name))


@dataclass(frozen=True)
class Window:
    """The dates of the page zone on which a slot may start (rule 9). `days` counts from today for the rolling kinds;
    `start` and `end`, both included, are a range's, and either may be left open."""

    kind: WindowKind | str = WindowKind.ROLLING_CALENDAR
    days: int = 60
    start: date | None = None
    end: date | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "kind", WindowKind(self.kind))

    @classmethod
    def calendar_days(cls, days: int) -> "Window":
        """Today and the `days` dates after it."""
        return cls(WindowKind.ROLLING_CALENDAR, days)

    @classmethod
    def business_days(cls, days: int) -> "Window":
        """Today up to the `days`-th Monday-to-Friday date after it, the weekends in between included."""
        return cls(WindowKind.ROLLING_BUSINESS, days)

    @classmethod
    def dates(cls, start: date | None, end: date | None) -> "Window":
        """The dates from `start` to `end`, both included."""
        return cls(WindowKind.DATE_RANGE, 0, start, end)


@dataclass(frozen=True)
class Page:
    """The rules of one scheduling page; whatever is left out is as rule 21 says.

    `increment`, `durations`, buffers and `min_notice` are minutes, `grid_anchor` a minute of the day. `window=None`
    means no end. `booked` are the starts (epoch seconds) of the page's meetings that are neither canceled nor deleted;
    `daily_limit` counts them by the date in `tz` (rule 16).
    """

    kind: PageKind | str = PageKind.PERSONAL
    tz: str = "UTC"
    durations: Sequence[int] = (30,)
    increment: int = 15
    buffer_before: int = 0
    buffer_after: int = 0
    min_notice: int = 240
    window: Window | None = Window()
    grid_anchor: int = 0
    daily_limit: int | None = None
    is_active: bool = True
    booked: Sequence[int] = ()
    full_days: frozenset[int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "kind", PageKind(self.kind))
        object.__setattr__(self, "tz", str(self.tz))
        object.__setattr__(self, "durations", tuple(self.durations))
        object.__setattr__(self, "booked", tuple(self.booked))
        object.__setattr__(self, "full_days", days_with(self.booked, self.daily_limit, self.tz))

    @property
    def takes_bookings(self) -> bool:
        """Whether anything can be booked at all, whatever the time."""
        return self.is_active and (self.daily_limit is None or self.daily_limit > 0)


def days_with(starts: Sequence[int], limit: int | None, tz: str) -> frozenset[int]:
    """The days, as day numbers in `tz`, that have reached the limit. A limit below one is reached by every day, which
    whoever asks must see for himself."""
    if not limit or not starts:
        return frozenset()
    counts = Counter(day_at(tz, start) for start in starts)
    return frozenset(day for day, count in counts.items() if count >= limit)
