"""Short ways to say when, for tests that spell out a day."""

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from server.availability import Member, Page, offered

NINE_TO_FIVE = dict.fromkeys(range(7), [(540, 1020)])
ROUND_THE_CLOCK = dict.fromkeys(range(7), [(0, 1440)])


def at(tz: str, wall: str, fold: int = 0) -> int:
    """The instant at which a clock in `tz` reads "2026-03-29 02:30"; `fold=1` is the second time it does."""
    return int(datetime.fromisoformat(wall).replace(tzinfo=ZoneInfo(tz), fold=fold).timestamp())


def walls(
    page: Page, members: Sequence[Member], day: date, *, duration: int = 30, until: date | None = None
) -> list[str]:
    """The wall clock and offset of every slot that starts on the dates, read in the page zone, asked long before."""
    offers = offered(page, members, now=0, start=day, end=until or day, duration=duration, viewer_tz=page.tz)
    return [datetime.fromtimestamp(offer.start, ZoneInfo(page.tz)).strftime("%H:%M%z") for offer in offers]


def times(page: Page, members: Sequence[Member], day: date, *, duration: int = 30) -> list[str]:
    """The same without the offset."""
    return [wall[:5] for wall in walls(page, members, day, duration=duration)]
