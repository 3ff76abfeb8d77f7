"""A page swept once for many questions: what stays true while time passes and viewers come and go."""

from bisect import bisect_left
from collections.abc import Sequence
from datetime import date

from server.availability.member import Member
from server.availability.offered import Offer, asked_spans, offers_within
from server.availability.page import Page
from server.availability.window import open_spans
from server.availability.zones import DAY, day_number

_ANY_ZONE = 2 * DAY


class Timetable:
    """Who is free at which start of the grid, for one duration and the dates from `start` to `end` of any zone. It is
    as true as the page and the members it was made of: whoever keeps it drops it when they get a new version."""

    def __init__(self, page: Page, members: Sequence[Member], *, start: date, end: date, duration: int) -> None:
        self.page = page
        self.first_day, self.last_day = day_number(start), day_number(end)
        whole = (self.first_day * DAY - _ANY_ZONE, (self.last_day + 1) * DAY + _ANY_ZONE)
        self._offers = offers_within(page, members, [whole], duration=duration)
        self._starts = [offer.start for offer in self._offers]

    def offered(self, *, now: int, start: date, end: date, viewer_tz: str) -> list[Offer]:
        """What `offered` would answer at `now`: only notice, window, daily limit of the page and the viewer's dates are
        left to apply. ValueError for dates that the timetable does not cover."""
        if day_number(start) < self.first_day or day_number(end) > self.last_day:
            raise ValueError("the timetable does not reach that far")
        found: list[Offer] = []
        for begins, ends in open_spans(self.page, asked_spans(viewer_tz, start, end), now=now):
            found += self._offers[bisect_left(self._starts, begins) : bisect_left(self._starts, ends)]
        return found
