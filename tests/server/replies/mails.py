"""Replies as mail programs send them."""

from __future__ import annotations

from datetime import UTC, datetime
from email.message import EmailMessage
from typing import Any

from server.models import Attendee, Meeting

LATER = datetime(2027, 2, 10, 9, 0, tzinfo=UTC)


def a_reply(meeting: Meeting, attendee: Attendee, partstat: str = "ACCEPTED", **said: Any) -> bytes:
    """The mail that a calendar program sends for `attendee`. `said` is what the test is about: method, sender,
    attendee_email, uid, stamp, sequence, starts_at, ends_at, comment, or whole lines of the event as `more`."""
    calendar = a_calendar(meeting, attendee, partstat, **said)
    message = EmailMessage()
    message["From"] = said.get("sender", f"{attendee.name or 'Somebody'} <{attendee.email}>")
    message["To"] = "replies@meet.example.com"
    message["Subject"] = f"{partstat.title()}: {meeting.title}"
    message.set_content("Sent by a calendar.\n")
    method = said.get("method", "REPLY")
    message.add_alternative(calendar, maintype="text", subtype="calendar", params={"method": method}, cte="base64")
    return bytes(message)


def a_calendar(meeting: Meeting, attendee: Attendee, partstat: str, **said: Any) -> bytes:
    """The calendar message in it, lines folded as RFC 5545 has it."""
    email = said.get("attendee_email", attendee.email)
    lines = [
        "BEGIN:VCALENDAR",
        "PRODID:-//Example//Calendar//EN",
        "VERSION:2.0",
        f"METHOD:{said.get('method', 'REPLY')}",
        "BEGIN:VEVENT",
        f"UID:{said.get('uid', meeting.ical_uid)}",
        f"DTSTAMP:{_utc(said.get('stamp', LATER))}",
        f"SEQUENCE:{said.get('sequence', meeting.ical_sequence)}",
        f"DTSTART:{_utc(said.get('starts_at', meeting.starts_at))}",
        f"DTEND:{_utc(said.get('ends_at', meeting.ends_at))}",
        f'ATTENDEE;CUTYPE=INDIVIDUAL;PARTSTAT={partstat};CN="{attendee.name}":mailto:{email}',
        *([f"COMMENT:{said['comment']}"] if "comment" in said else []),
        *said.get("more", []),
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "".join(f"{_folded(line)}\r\n" for line in lines).encode()


def _utc(instant: datetime) -> str:
    return f"{instant.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _folded(line: str) -> str:
    return "\r\n ".join(line[place : place + 60] for place in range(0, len(line), 60))
