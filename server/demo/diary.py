"""Who meets whom, and when: four weeks around a given instant, from one seed always the same."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from server.demo.cast import COLLEAGUES, TOPICS, Colleague
from server.demo.pages import FIRST, PAGES

DAYS_BACK = 14
DAYS_AHEAD = 14
# Ninety minutes apart, so that an hour, its buffers and a quarter of shift never reach the next.
STARTS = (time(9, 0), time(10, 30), time(13, 0), time(14, 30), time(16, 0))
TOGETHER = time(12, 15)
SCHEDULED, COMPLETED, NO_SHOW, RESCHEDULED, CANCELED = (
    "SCHEDULED", "COMPLETED", "NO_SHOW", "RESCHEDULED", "CANCELED",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entry:
    """One meeting of the story. `page` is the slug it was booked through, None if a colleague scheduled it; `contact`
    counts through all contacts; `hosts` are keys of colleagues, the host first."""

    hosts: tuple[str, ...]
    organizer: str
    starts_at: datetime
    minutes: int
    contact: int
    page: str | None
    topic: str
    agreed_at: datetime
    outcome: str
    moved_from: datetime | None = None
    canceled_at: datetime | None = None

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + timedelta(minutes=self.minutes)


def diary(dice: Random, now: datetime, *, contacts: int) -> list[Entry]:
    """Every meeting from two weeks before `now` to two weeks after, by start. No host has two at once."""
    entries = [
        entry
        for colleague in COLLEAGUES
        if colleague.has_seat
        for day in _days(now.astimezone(ZoneInfo(colleague.time_zone)).date())
        for entry in _day(dice, now, colleague, day, contacts)
    ]
    entries += [entry for day in _days(now.date()) for entry in _together(dice, now, day, contacts)]
    return sorted(entries, key=lambda entry: (entry.starts_at, entry.hosts))


def _days(today: date) -> Iterator[date]:
    """The days of the story; weekends only when the story begins on one."""
    for offset in range(-DAYS_BACK, DAYS_AHEAD + 1):
        day = today + timedelta(days=offset)
        if day.weekday() < 5 or offset == 0:
            yield day


def _day(dice: Random, now: datetime, host: Colleague, day: date, contacts: int) -> Iterator[Entry]:
    zone = ZoneInfo(host.time_zone)
    is_busy_day = host is COLLEAGUES[0] and day == now.astimezone(zone).date()
    for start in sorted(dice.sample(STARTS, 4 if is_busy_day else dice.choice((1, 2, 2, 3)))):
        starts_at = _at(day, start, zone) + timedelta(minutes=dice.choice((0, 0, 15)))
        pages = [page.slug for page in PAGES if page.owner == host.key and not page.members and not page.is_paid_for]
        page = dice.choice((None, *pages, *pages[:1]))
        yield _entry(dice, now, (host.key,), starts_at, page, dice.randrange(contacts))


def _together(dice: Random, now: datetime, day: date, contacts: int) -> Iterator[Entry]:
    """A kick-off on Thursdays, and on Tuesdays a product tour whose host takes turns."""
    if day.weekday() == 3:
        starts_at = _at(day, TOGETHER, ZoneInfo(COLLEAGUES[0].time_zone))
        yield _entry(dice, now, _members("fernhill-kick-off"), starts_at, "fernhill-kick-off", dice.randrange(contacts))
    if day.weekday() == 1:
        members = _members("fernhill-demo")
        host = next(one for one in COLLEAGUES if one.key == members[day.isocalendar().week % len(members)])
        starts_at = _at(day, TOGETHER, ZoneInfo(host.time_zone))
        yield _entry(dice, now, (host.key,), starts_at, "fernhill-demo", dice.randrange(contacts))


def _entry(
    dice: Random, now: datetime, hosts: tuple[str, ...], starts_at: datetime, page: str | None, contact: int
) -> Entry:
    talked_at = starts_at - timedelta(minutes=dice.randrange(600, 9 * 24 * 60))
    agreed_at = min(talked_at, now - timedelta(minutes=dice.randrange(30, 3 * 24 * 60)))
    # Colleagues sometimes put a meeting in for somebody else; the page of a host is always the host's own doing.
    organizer = hosts[0] if page or dice.random() < 0.8 else COLLEAGUES[0].key
    minutes = 30 if page and page.startswith("fernhill") else dice.choice(_lengths(page))
    outcome = _outcome(dice, now, starts_at + timedelta(minutes=minutes))
    is_canceled = outcome == CANCELED
    is_moved = not is_canceled and dice.random() < 0.08
    return Entry(
        hosts=hosts,
        organizer=organizer,
        starts_at=starts_at,
        minutes=minutes,
        contact=contact,
        page=page,
        topic=dice.choice(TOPICS),
        agreed_at=agreed_at,
        outcome=outcome,
        moved_from=starts_at - timedelta(days=1) if is_moved else None,
        canceled_at=agreed_at + timedelta(minutes=dice.randrange(3, 29)) if is_canceled else None,
    )


def _outcome(dice: Random, now: datetime, ends_at: datetime) -> str:
    """Most of what is over is recorded; of the last day nothing is, so that there is something to do."""
    if ends_at > now:
        return CANCELED if ends_at > now + timedelta(days=1) and dice.random() < 0.06 else SCHEDULED
    if ends_at > now - timedelta(days=1):
        return SCHEDULED
    return dice.choices((COMPLETED, NO_SHOW, RESCHEDULED, CANCELED, SCHEDULED), (78, 7, 5, 7, 3))[0]


def _lengths(page: str | None) -> Sequence[int]:
    if page is None:
        return (30, 30, 45, 60)
    lengths = next(one for one in PAGES if one.slug == page).more["durations_minutes"]
    return (30, 15, 60) if page == FIRST else tuple(lengths)


def _members(slug: str) -> tuple[str, ...]:
    return next(page for page in PAGES if page.slug == slug).members


def _at(day: date, wall: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, wall, zone).astimezone(UTC)
