"""Times to choose from, written down as a mail."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import escape

from server.links.pages import SchedulingPage
from server.sharing import snippets
from server.sharing.addresses import page_address, slot_address
from server.sharing.open_page import who_invites
from server.wording import say, say_html, when


@dataclass(frozen=True, slots=True)
class ProposedTime:
    """One time, in words, and where it is booked."""

    starts_at: datetime
    ends_at: datetime
    label: str
    url: str


@dataclass(frozen=True, slots=True)
class ProposedTimes:
    """The times in order, each once, and a mail about them as text and as HTML."""

    times: tuple[ProposedTime, ...]
    text: str
    html: str


@dataclass(frozen=True, slots=True)
class Writing:
    """How times of a page are written: of which length, in which zone and language, and what every address carries."""

    page: SchedulingPage
    duration_minutes: int
    tz: str
    locale: str
    carried: Mapping[str, str]


def proposed_times(starts: Sequence[datetime], writing: Writing) -> ProposedTimes:
    """The mail: what it is about, a line for each time, their zone, and where all others are."""
    times = tuple(_proposed(start, writing) for start in starts)
    locale = writing.locale
    said = {
        "title": writing.page.title,
        "name": who_invites(writing.page, locale),
        "length": say(locale, "page.minutes", count=writing.duration_minutes),
    }
    zone, others = when.zone_name(writing.tz, starts[0], locale), say(locale, "share.other_times")
    all_times = page_address(writing.page.slug, duration=writing.duration_minutes, **writing.carried)
    lines = [f"- {one.label}: {one.url}" for one in times]
    return ProposedTimes(
        times=times,
        text="\n".join([say(locale, "share.proposal", **said), "", *lines, "", zone, f"{others}: {all_times}"]),
        html=snippets.mail(
            locale,
            say_html(locale, "share.proposal", **said),
            snippets.listed(*(snippets.text_link(one.url, one.label) for one in times)),
            escape(zone),
            snippets.text_link(all_times, others),
        ),
    )


def _proposed(start: datetime, writing: Writing) -> ProposedTime:
    end = start + timedelta(minutes=writing.duration_minutes)
    url = slot_address(writing.page.slug, start, duration_minutes=writing.duration_minutes, **writing.carried)
    return ProposedTime(start, end, when.long_span(start, end, writing.tz, writing.locale), url)
