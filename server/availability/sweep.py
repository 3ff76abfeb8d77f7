"""Who is free at which of many starts, found in one pass over all of them."""

from collections.abc import Sequence
from itertools import accumulate, compress
from math import gcd
from operator import xor

from server.availability.free import free_starts
from server.availability.grid import starts_on_grid
from server.availability.intervals import Span, common
from server.availability.member import Member, MemberId
from server.availability.page import Page, PageKind
from server.availability.zones import DAY, segments

Swept = tuple[list[int], list[int]]

_DIGITS_AS_NUMBERS = bytes.maketrans(b"01", b"\0\1")


def sweep(page: Page, members: Sequence[Member], spans: list[Span], *, duration: int) -> Swept:
    """The starts of the grid within the spans at which the page can be booked, in order, and beside each the members
    who are free: one bit a member, the first member's lowest. Durations are minutes."""
    if not members or not spans or duration not in page.durations or duration <= 0:
        return [], []
    if page.kind == PageKind.ROUND_ROBIN:
        return _anybody(page, members, starts_on_grid(page, spans), duration * 60)
    return _everybody(page, members, spans, duration * 60)


def members_in(ids: Sequence[MemberId], mask: int) -> tuple[MemberId, ...]:
    """The ids whose bits are set, in their order."""
    return tuple(compress(ids, f"{mask:b}"[::-1].encode().translate(_DIGITS_AS_NUMBERS)))


def _everybody(page: Page, members: Sequence[Member], spans: list[Span], seconds: int) -> Swept:
    """The spans thinned out member by member (rule 12)."""
    for member in members:
        if not spans:
            break
        free = free_starts(page, member, seconds=seconds, first=spans[0][0], last=spans[-1][1] - 1)
        spans = common(spans, free)
    starts = starts_on_grid(page, spans)
    return starts, [(1 << len(members)) - 1] * len(starts)


def _anybody(page: Page, members: Sequence[Member], starts: list[int], seconds: int) -> Swept:
    """Each member's bit is toggled where they become free and where they cease to be; the running XOR says the rest.
    The places are those of an even lattice on which every start lies, because dividing is quicker than searching."""
    if not starts:
        return [], []
    first, last = starts[0], starts[-1]
    step = _lattice_step(page, first, last)
    toggles = [0] * ((last - first) // step + 2)
    round_up = step - 1 - first
    for number, member in enumerate(members):
        bit = 1 << number
        for free_from, free_until in free_starts(page, member, seconds=seconds, first=first, last=last):
            toggles[(free_from + round_up) // step] ^= bit
            toggles[(free_until + round_up) // step] ^= bit
    masks = list(accumulate(toggles, xor))
    if len(starts) < len(masks) - 1:
        masks = [masks[(start - first) // step] for start in starts]
    return list(compress(starts, masks)), list(filter(None, masks))


def _lattice_step(page: Page, first: int, last: int) -> int:
    """Seconds that divide the distance between any two starts of the grid, across midnights and clock changes."""
    offsets = [offset for _, _, offset in segments(page.tz, first, last + 1)]
    return gcd(page.increment * 60, DAY, *(offset - offsets[0] for offset in offsets))
