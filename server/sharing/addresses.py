"""Addresses of a page that carry something along: where a booking comes from, a language, a zone, a chosen time."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import urlencode

from server import settings
from server.booking.tracking import Tracking


def page_address(slug: str, **carried: object) -> str:
    """The page of that slug, with whatever is said in its query, in that order."""
    query = urlencode([(name, str(value)) for name, value in carried.items() if value])
    address = settings.current().address(f"/m/{slug}")
    return f"{address}?{query}" if query else address


def slot_address(slug: str, starts_at: datetime, *, duration_minutes: int, **carried: object) -> str:
    """The details of one time on that page: `?start=2026-11-24T09:30Z&duration=30`. Whoever opens it fills them in, or
    is shown what is free near it if somebody was quicker."""
    start = starts_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%MZ")
    return page_address(slug, start=start, duration=duration_minutes, **carried)


def tracking_query(tracking: Tracking) -> dict[str, str]:
    """Tracking as an address carries it: `utm_campaign`, `utm_source`, `utm_medium` (S1-13)."""
    parts = {"campaign": tracking.campaign, "source": tracking.source, "medium": tracking.medium}
    return {f"utm_{name}": text for name, text in parts.items() if text}
