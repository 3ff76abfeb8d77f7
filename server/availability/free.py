"""When a single member could begin a slot: the half of the predicate that belongs to a host."""

from bisect import bisect_right

from server.availability.hours import hours
from server.availability.intervals import Edges, Span, clipped, edges
from server.availability.member import BufferedSpan, Member
from server.availability.page import Page
from server.availability.window import without_days
from server.availability.zones import DAY


def free_starts(page: Page, member: Member, *, seconds: int, first: int, last: int) -> list[Span]:
    """Every start from `first` to `last` at which the member is free for that many seconds, as half-open spans. What is
    found is kept with the member, for whole days, so that the next question about them costs next to nothing."""
    if not member.takes_part:
        return []
    before, after = page.buffer_before * 60, page.buffer_after * 60
    first_day, day_after = first // DAY, -((last + seconds) // -DAY)
    question = (first_day, day_after, seconds, before, after)
    if question not in member.kept:
        open_spans = hours(member, first_day * DAY, day_after * DAY)
        starts = _clear_starts(open_spans, _busy_around(member, before, after), seconds, before, after)
        member.keep(question, without_days(starts, member.full_days, member.tz))
    return clipped(member.kept[question], first, last + 1)


def _clear_starts(hours_open: list[Span], busy: Edges, seconds: int, before: int, after: int) -> list[Span]:
    """The starts in whose [start, start + seconds) it is open, and in whose [start - before, start + seconds + after)
    nothing is busy."""
    found: list[Span] = []
    begins, ends = busy
    after += seconds - 1
    index = 0
    for start, closes in hours_open:
        end = closes - seconds + 1
        index = bisect_right(ends, start - before, index)
        while index < len(ends) and (free_until := begins[index] - after) < end:
            if free_until > start:
                found.append((start, free_until))
            start = ends[index] + before
            index += 1
        if start < end:
            found.append((start, end))
        index -= index > 0  # what ended these hours may last into the next ones
    return found


def _busy_around(member: Member, before: int, after: int) -> Edges:
    """All that takes the member, merged, to be kept clear by the given buffers. A meeting or hold that was promised a
    larger buffer is longer by what is lacking, so that the larger of the two counts (rule 15)."""
    if not member.meetings and not member.held:
        return member.taken
    own = [grown(span, before, after) for span in (*member.meetings, *member.held)]
    return edges([*zip(*member.taken, strict=True), *own])


def grown(span: BufferedSpan, before: int, after: int) -> Span:
    """The span with as much of its own buffers as the given ones, in seconds, do not already ask for."""
    start, end, own_before, own_after = span
    if end <= start:
        return start, start
    return start - max(0, own_before - after), end + max(0, own_after - before)
