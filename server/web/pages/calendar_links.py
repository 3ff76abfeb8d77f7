"""Ways to put a meeting into a calendar by hand, for those whose mail client does not do it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlencode

from server.deliveries.invitation import invitation_of
from server.gateways.mail.ics import Method, icalendar_bytes
from server.meetings.facts import MeetingFacts
from server.models import Meeting
from server.rich_text import plain_text

_GOOGLE = "https://calendar.google.com/calendar/render"
_OUTLOOK = "https://outlook.live.com/calendar/0/deeplink/compose"


@dataclass(frozen=True, slots=True)
class CalendarLinks:
    """Addresses that open a filled-in entry."""

    google: str
    outlook: str


def calendar_links(meeting: Meeting, *, place: str, address: str) -> CalendarLinks:
    """The meeting as addresses of Google's and Microsoft's calendars; `address` is where it can be managed."""
    details = "\n\n".join(text for text in (plain_text(meeting.invited_description), address) if text)
    google = {
        "action": "TEMPLATE",
        "text": meeting.title,
        "dates": f"{_compact(meeting.starts_at)}/{_compact(meeting.ends_at)}",
        "details": details,
        "location": place,
    }
    outlook = {
        "path": "/calendar/action/compose",
        "rru": "addevent",
        "subject": meeting.title,
        "startdt": meeting.starts_at.astimezone(UTC).isoformat(),
        "enddt": meeting.ends_at.astimezone(UTC).isoformat(),
        "body": details,
        "location": place,
    }
    return CalendarLinks(f"{_GOOGLE}?{urlencode(google)}", f"{_OUTLOOK}?{urlencode(outlook)}")


def calendar_file(facts: MeetingFacts, *, stamp: datetime, locale: str) -> bytes:
    """The meeting as a file for any calendar program: published, so that opening it answers nobody (RFC 5546, 3.2.1).
    The same UID and SEQUENCE as in the invitation by mail, so that both are one entry."""
    sequence = facts.meeting.ical_sequence
    return icalendar_bytes(invitation_of(facts, Method.PUBLISH, sequence=sequence, stamp=stamp, locale=locale))


def _compact(instant: datetime) -> str:
    return instant.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
