"""A booked meeting in words, for whoever holds its manage link."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from server import clock
from server.booking.manage_link import ManagedBooking
from server.models import Change
from server.models.enums import ChangeKind
from server.web.pages.about import first_name, place_of, web_address
from server.wording import when

_JOIN_BEFORE = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class BookingWords:
    """What the page says of the meeting, in the visitor's zone and language."""

    title: str
    day: str
    span: str
    zone: str
    moment: str
    place: str | None
    place_icon: str
    host: str
    host_first: str
    join_url: str | None
    is_canceled: bool


def words_of(booking: ManagedBooking, tz: str, locale: str) -> BookingWords:
    """The meeting as it stands; the way into the call is shown from fifteen minutes before until the end."""
    meeting = booking.meeting
    place, icon = place_of(meeting.location_kind, meeting.location_text, locale)
    is_near = meeting.starts_at - _JOIN_BEFORE <= clock.now() <= meeting.ends_at and not booking.is_canceled
    return BookingWords(
        title=meeting.title,
        day=when.date_in_full(meeting.starts_at.astimezone(ZoneInfo(tz)), locale),
        span=when.span(meeting.starts_at, meeting.ends_at, tz, locale),
        zone=when.zone_name(tz, meeting.starts_at, locale),
        moment=when.long_span(meeting.starts_at, meeting.ends_at, tz, locale),
        place=place,
        place_icon=icon,
        host=booking.host.name,
        host_first=first_name(booking.host.name),
        join_url=web_address(meeting.location_join_url or "") or None if is_near else None,
        is_canceled=booking.is_canceled,
    )


async def time_before(booking: ManagedBooking, tz: str, locale: str) -> str | None:
    """When the meeting was before it was last moved, in words; None if it never was."""
    moved = (
        await Change.filter(meeting_id=booking.meeting.id, kind=ChangeKind.MEETING_MOVED).order_by("-number").first()
    )
    before = _instant(moved.data.get("previous_starts_at")) if moved else None
    if before is None or before == booking.meeting.starts_at:
        return None
    return when.long(before, tz, locale)


def _instant(text: object) -> datetime | None:
    try:
        return datetime.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None
