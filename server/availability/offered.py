"""The list of slots."""

from collections.abc import Sequence
from datetime import date
from itertools import repeat
from typing import NamedTuple

from server.availability.intervals import Span
from server.availability.member import Member, MemberId
from server.availability.page import Page
from server.availability.sweep import members_in, sweep
from server.availability.window import open_spans
from server.availability.zones import day_number, readings


class Offer(NamedTuple):
    """A start (epoch seconds) that can be booked, with a bit for each of the `ids` that is free for it. Members are
    spelled out when they are asked for, because a list of slots seldom does."""

    start: int
    mask: int
    ids: tuple[MemberId, ...]

    @property
    def members(self) -> tuple[MemberId, ...]:
        """The ids of the members who are free, in the order of the page's members."""
        return members_in(self.ids, self.mask)


def offered(
    page: Page,
    members: Sequence[Member],
    *,
    now: int,
    start: date,
    end: date,
    duration: int,
    viewer_tz: str,
) -> list[Offer]:
    """Every slot of `duration` minutes that starts on a date from `start` to `end`, both included, of the viewer's
    wall clock, in order. `now` is epoch seconds. The viewer's zone decides nothing else (rule 10)."""
    asked = asked_spans(viewer_tz, start, end)
    return offers_within(page, members, open_spans(page, asked, now=now), duration=duration)


def asked_spans(viewer_tz: str, start: date, end: date) -> list[Span]:
    """The instants that the viewer's wall clock reads as one of the dates, both ends included."""
    return readings(str(viewer_tz), day_number(start), day_number(end))


def offers_within(page: Page, members: Sequence[Member], spans: list[Span], *, duration: int) -> list[Offer]:
    """The offers that start within the spans as far as grid, duration and members go."""
    rows = zip(*sweep(page, members, spans, duration=duration), repeat(tuple(member.id for member in members)))
    return list(map(tuple.__new__, repeat(Offer), rows))  # as `Offer._make` does, without a call in Python for each
