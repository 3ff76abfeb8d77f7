"""The rules of availability once more, written slowly: every minute is asked, nothing is merged, nothing is kept.

It takes the engine's `Page` and `Member` as bare data and shares no line of reckoning with it. Zones whose offset is
not a whole number of minutes are beyond it."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from server.availability import Member, Page

ONE_DAY = timedelta(days=1)


@lru_cache(maxsize=400_000)
def clock_reads(tz: str, instant: int) -> tuple[date, int]:
    """The date and the second of the day on a wall clock."""
    reading = datetime.fromtimestamp(instant, ZoneInfo(tz))
    return reading.date(), reading.hour * 3600 + reading.minute * 60 + reading.second


def listed(
    page: Page, members: Sequence[Member], *, now: int, start: date, end: date, duration: int, viewer_tz: str
) -> list[tuple[int, tuple[int | str, ...]]]:
    """Each start on offer with its hosts."""
    first = int(datetime(start.year, start.month, start.day, tzinfo=UTC).timestamp()) - 2 * 86_400
    last = int(datetime(end.year, end.month, end.day, tzinfo=UTC).timestamp()) + 3 * 86_400
    offers = []
    for instant in range(first, last, 60):
        if start <= clock_reads(viewer_tz, instant)[0] <= end:
            hosts = hosts_at(page, members, now=now, start=instant, duration=duration)
            if hosts:
                offers.append((instant, hosts))
    return offers


def hosts_at(page: Page, members: Sequence[Member], *, now: int, start: int, duration: int) -> tuple[int | str, ...]:
    """Who would host the slot; nobody when it is not bookable."""
    if page_objections(page, now=now, start=start, duration=duration):
        return ()
    free = tuple(member.id for member in members if not member_objections(page, member, start, duration * 60))
    if page.kind == "ROUND_ROBIN":
        return free
    return free if len(free) == len(members) else ()


def page_objections(page: Page, *, now: int, start: int, duration: int) -> set[str]:
    found = set()
    if not page.is_active:
        found.add("LINK_INACTIVE")
    if duration <= 0 or duration not in page.durations:
        found.add("DURATION_NOT_OFFERED")
    day, second = clock_reads(page.tz, start)
    if second % 60 != 0 or (second // 60 - page.grid_anchor) % page.increment != 0:
        found.add("OFF_GRID")
    if start - now < page.min_notice * 60:
        found.add("NOTICE")
    if not is_in_window(page, day, clock_reads(page.tz, now)[0]):
        found.add("WINDOW")
    on_that_day = [booked for booked in page.booked if clock_reads(page.tz, booked)[0] == day]
    if page.daily_limit is not None and len(on_that_day) >= page.daily_limit:
        found.add("DAILY_LIMIT")
    return found


def is_in_window(page: Page, day: date, today: date) -> bool:
    window = page.window
    if window is None:
        return True
    if window.kind == "DATE_RANGE":
        return (window.start is None or window.start <= day) and (window.end is None or day <= window.end)
    if day < today:
        return False
    if window.kind == "ROLLING_CALENDAR":
        return (day - today).days <= window.days
    last, business_days = today, 0
    while business_days < window.days:
        last += ONE_DAY
        if last.isoweekday() <= 5:
            business_days += 1
    return day <= last


def member_objections(page: Page, member: Member, start: int, seconds: int) -> set[str]:
    found = set()
    if not member.is_active:
        found.add("MEMBER_INACTIVE")
    if member.calendar_unreachable:
        found.add("CALENDAR_UNREACHABLE")
    if is_at_limit(member, start):
        found.add("DAILY_LIMIT")
    if seconds <= 0:
        return found
    end, before, after = start + seconds, page.buffer_before * 60, page.buffer_after * 60
    if not all(is_in_hours(member, instant) for instant in minutes_of(start, end)):
        found.add("HOURS")
    meetings = any(is_too_near(one, start, end, before, after) for one in member.meetings)
    calendar = any(
        busy_start < busy_end and busy_start < end + after and busy_end > start - before
        for busy_start, busy_end in member.busy
    )
    if meetings or calendar or any(is_all_day(member, instant) for instant in minutes_of(start - before, end + after)):
        found.add("BUSY")
    if any(is_too_near(one, start, end, before, after) for one in member.held):
        found.add("HELD")
    return found


def minutes_of(start: int, end: int) -> Iterator[int]:
    yield from range(start, end, 60)
    yield end - 1


def is_in_hours(member: Member, instant: int) -> bool:
    day, second = clock_reads(member.tz, instant)
    return any(begin * 60 <= second < finish * 60 for begin, finish in hours_of_date(member, day))


def hours_of_date(member: Member, day: date) -> list[tuple[int, int]]:
    found = []
    for begin, finish in planned(member, day):
        if finish > begin:
            found.append((begin, finish))
        elif finish < begin:
            found.append((begin, 24 * 60))
    if day not in member.overrides:
        found += [(0, finish) for begin, finish in planned(member, day - ONE_DAY) if finish < begin]
    return found


def planned(member: Member, day: date) -> Sequence[tuple[int, int]]:
    return member.overrides[day] if day in member.overrides else member.weekly.get(day.weekday(), ())


def is_all_day(member: Member, instant: int) -> bool:
    day, _ = clock_reads(member.tz, instant)
    return any(first <= day < after or first == after == day for first, after in member.all_day)


def is_too_near(meeting: tuple[int, int, int, int], start: int, end: int, before: int, after: int) -> bool:
    """Rule 15, word for word."""
    other_start, other_end, other_before, other_after = meeting
    if other_end <= other_start:
        return False
    if other_end <= start:
        return start - other_end < max(other_after, before)
    if other_start >= end:
        return other_start - end < max(after, other_before)
    return True


def is_at_limit(member: Member, start: int) -> bool:
    day, _ = clock_reads(member.tz, start)
    on_that_day = [one for one in member.meetings if clock_reads(member.tz, one[0])[0] == day]
    return member.daily_limit is not None and len(on_that_day) >= member.daily_limit
