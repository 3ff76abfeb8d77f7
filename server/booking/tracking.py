"""What a link that was shared with tracking parameters says about where a booking came from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from server.checks import printable_line

_LONGEST = 255


@dataclass(frozen=True, slots=True)
class Tracking:
    """Campaign, source and medium; empty where the link said nothing (S1-13)."""

    campaign: str = ""
    source: str = ""
    medium: str = ""


def tracking_from(query: Mapping[str, str]) -> Tracking:
    """The tracking that an address carries as `utm_campaign`, `utm_source` and `utm_medium`."""
    return kept(Tracking(query.get("utm_campaign", ""), query.get("utm_source", ""), query.get("utm_medium", "")))


def kept(tracking: Tracking) -> Tracking:
    """The tracking as it is stored: on one line each and cut to 255 characters, because nobody typed it who could be
    asked to shorten it."""
    parts = (tracking.campaign, tracking.source, tracking.medium)
    return Tracking(*(printable_line(text, _LONGEST) for text in parts))


def as_stored(tracking: Tracking) -> dict[str, str]:
    """What a meeting keeps of it: only the parts that say something."""
    parts = {"campaign": tracking.campaign, "source": tracking.source, "medium": tracking.medium}
    return {name: text for name, text in parts.items() if text}
