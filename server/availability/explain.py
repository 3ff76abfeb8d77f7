"""Every reason why one start is not offered: the rules of the list, asked one by one instead of all at once."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from server.availability.free import grown
from server.availability.grid import starts_on_grid
from server.availability.hours import hours
from server.availability.intervals import Span, common, merged, without
from server.availability.member import Member
from server.availability.page import Page, PageKind
from server.availability.reasons import Reason, ReasonCode
from server.availability.window import notice_ends, window_days
from server.availability.zones import day_at, day_number, readings

# Of a length that the page does not offer anyway, no more than this is looked at; somebody may ask for centuries.
_MOST_SECONDS_NOT_OFFERED = 7 * 24 * 3600


def explain(page: Page, members: Sequence[Member], *, now: int, start: int, duration: int) -> list[Reason]:
    """All that keeps `start` (epoch seconds) from being offered for `duration` minutes; empty exactly when `check` is
    true. The page's reasons come first, then each member's in their order. On a round-robin page members have no say
    as long as one of them is free."""
    reasons = list(_page_reasons(page, now, start, duration))
    if not members:
        return [*reasons, Reason(ReasonCode.MEMBER_INACTIVE)]
    seconds = duration * 60 if duration in page.durations else min(duration * 60, _MOST_SECONDS_NOT_OFFERED)
    each = [list(_member_reasons(page, member, start, seconds)) for member in members]
    if page.kind == PageKind.ROUND_ROBIN and not all(each):
        return reasons
    return reasons + [reason for one in each for reason in one]


def _page_reasons(page: Page, now: int, start: int, duration: int) -> Iterable[Reason]:
    if not page.is_active:
        yield Reason(ReasonCode.LINK_INACTIVE)
    if duration not in page.durations or duration <= 0:
        yield Reason(ReasonCode.DURATION_NOT_OFFERED)
    if not starts_on_grid(page, [(start, start + 1)]):
        yield Reason(ReasonCode.OFF_GRID)
    if start < notice_ends(page, now):
        yield Reason(ReasonCode.NOTICE, notice_ends(page, now))
    day = day_at(page.tz, start)
    first, last = window_days(page, now)
    if not first <= day <= last:
        yield Reason(ReasonCode.WINDOW, _day_begins(page.tz, first) if day < first else _day_ends(page.tz, last))
    if day in page.full_days or _is_never(page.daily_limit):
        yield Reason(ReasonCode.DAILY_LIMIT, _day_ends(page.tz, day))


def _member_reasons(page: Page, member: Member, start: int, seconds: int) -> Iterable[Reason]:
    if not member.is_active:
        yield Reason(ReasonCode.MEMBER_INACTIVE, member=member.id)
    if member.calendar_unreachable:
        yield Reason(ReasonCode.CALENDAR_UNREACHABLE, member=member.id)
    day = day_at(member.tz, start)
    if day in member.full_days or _is_never(member.daily_limit):
        yield Reason(ReasonCode.DAILY_LIMIT, _day_ends(member.tz, day), member.id)
    if seconds <= 0:
        return
    slot = (start, start + seconds)
    for code in dict.fromkeys(_why_closed(member, span) for span in without([slot], hours(member, *slot))):
        yield Reason(code, member=member.id)
    yield from _busy_reasons(page, member, slot)


def _why_closed(member: Member, span: Span) -> ReasonCode:
    """DAY_OVERRIDDEN where the date has hours of its own, or had some before an override took them away."""
    overridden = {day_number(day) for day in member.overrides}
    dates = range(day_at(member.tz, span[0]), day_at(member.tz, span[1] - 1) + 1)
    if overridden.intersection(dates) or (overridden and hours(replace(member, overrides={}), *span)):
        return ReasonCode.DAY_OVERRIDDEN
    return ReasonCode.OUTSIDE_HOURS


def _busy_reasons(page: Page, member: Member, slot: Span) -> Iterable[Reason]:
    before, after = page.buffer_before * 60, page.buffer_after * 60
    guarded = (slot[0] - before, slot[1] + after)
    calendar = list(zip(*member.taken, strict=True))
    meetings = [(start, end) for start, end, *_ in member.meetings]
    taken = [span for span in merged([*calendar, *meetings]) if common([slot], [span])]
    if taken:
        yield Reason(ReasonCode.BUSY, taken[-1][1], member.id)
    kept_clear = merged([*calendar, *(grown(span, before, after) for span in member.meetings)])
    near = [end + before for end in _ends_of_buffers(kept_clear, guarded, taken)]
    if near:
        yield Reason(ReasonCode.BUFFER, max(near), member.id)
    held = common([guarded], merged(grown(span, before, after) for span in member.held))
    if held:
        yield Reason(ReasonCode.HELD, held[-1][1], member.id)


def _ends_of_buffers(kept_clear: list[Span], guarded: Span, taken: list[Span]) -> list[int]:
    """When the spans end that come too near without overlapping the slot itself."""
    return [span[1] for span in kept_clear if common([guarded], [span]) and not common([span], taken)]


def _is_never(limit: int | None) -> bool:
    return limit is not None and limit <= 0


def _day_begins(tz: str, day: int) -> int | None:
    spans = readings(tz, day, day)
    return spans[0][0] if spans else None


def _day_ends(tz: str, day: int) -> int | None:
    spans = readings(tz, day, day)
    return spans[-1][1] if spans else None
