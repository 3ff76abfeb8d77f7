"""What a mail says as a reply to an invitation (RFC 5546, 3.2.3 and 3.2.7; RFC 6047). Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email import policy
from email.errors import MessageError
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import getaddresses
from itertools import islice
from typing import Any

from icalendar import Calendar, Event

from server.checks import printable_line
from server.models.enums import Reply

LARGEST_CALENDAR = 64 * 1024
LONGEST_COMMENT = 1000

_MOST_PARTS = 50
_CALENDAR_TYPES = ("text/calendar", "application/ics")
_BROKEN = (ValueError, KeyError, IndexError, TypeError, AttributeError, LookupError, MessageError)


@dataclass(frozen=True, slots=True)
class InboundReply:
    """A reply, or with `is_proposal` a counter-proposal, to the meeting of `uid`. `senders` are the addresses that the
    mail says it is from, `attendee` the one that the reply is for, both in lower case. `answer` is None for one that
    says nothing yet. `stamp` is when it was said, of which revision (`sequence`) and time (`starts_at`, `ends_at`)."""

    senders: tuple[str, ...]
    attendee: str
    uid: str
    answer: Reply | None
    stamp: datetime | None
    sequence: int
    starts_at: datetime | None
    ends_at: datetime | None
    comment: str
    is_proposal: bool


class NoReply(Exception):
    """The mail is not a reply to one meeting; the text says why not."""


def reply_in(raw: bytes) -> InboundReply:
    """The reply in a mail as it came over the wire; `NoReply` for every other mail, however broken."""
    try:
        message = BytesParser(policy=policy.default).parsebytes(raw)
        calendar = next(_calendars(message), None)
        if calendar is None:
            raise NoReply("it carries no calendar message")
        return _reply(message, calendar)
    except _BROKEN as error:
        raise NoReply(f"it cannot be read: {type(error).__name__}") from error


def _calendars(message: Any) -> Iterator[Calendar]:
    """What is inside as text/calendar first, then what is attached."""
    parts = list(islice(message.walk(), _MOST_PARTS))
    for kind in _CALENDAR_TYPES:
        for part in parts:
            if part.get_content_type() == kind:
                content: Any = part.get_payload(decode=True)
                if isinstance(content, bytes) and len(content) <= LARGEST_CALENDAR:
                    yield Calendar.from_ical(content)


def _reply(message: EmailMessage | Any, calendar: Calendar) -> InboundReply:
    method = str(calendar.get("method", "")).upper()
    if method not in ("REPLY", "COUNTER"):
        raise NoReply("its calendar message is no reply")
    events = [one for one in calendar.walk("VEVENT") if isinstance(one, Event)]
    if len(events) != 1 or "recurrence-id" in events[0]:
        raise NoReply("it is not about one whole meeting")
    event = events[0]
    attendee = _attendee(event)
    stated = str(attendee.params.get("partstat", "NEEDS-ACTION")).upper().replace("-", "_")
    return InboundReply(
        senders=tuple(
            address.lower() for _, address in getaddresses([str(one) for one in message.get_all("from", [])])
        ),
        attendee=_mailbox(attendee),
        uid=str(event["uid"]).strip(),
        answer=Reply(stated) if stated in ("ACCEPTED", "DECLINED", "TENTATIVE") else None,
        stamp=_instant(event, "dtstamp"),
        sequence=int(event.get("sequence", 0)),
        starts_at=_instant(event, "dtstart"),
        ends_at=_instant(event, "dtend"),
        comment=_comment(event),
        is_proposal=method == "COUNTER",
    )


def _attendee(event: Event) -> Any:
    """A reply is one attendee's (RFC 5546, 3.2.3)."""
    named = event.get("attendee")
    attendees = named if isinstance(named, list) else [named]
    if len(attendees) != 1 or attendees[0] is None:
        raise NoReply("it is not one attendee's")
    return attendees[0]


def _mailbox(address: object) -> str:
    scheme, _, mailbox = str(address).partition(":")
    if scheme.lower() != "mailto":
        raise NoReply("its attendee has no address")
    return mailbox.strip().lower()


def _instant(event: Event, name: str) -> datetime | None:
    """A moment with a zone; a time without one says nothing that could be compared."""
    found = event.get(name)
    value = found.dt if found is not None else None
    return value.astimezone(UTC) if isinstance(value, datetime) and value.tzinfo is not None else None


def _comment(event: Event) -> str:
    named = event.get("comment", "")
    said = " ".join(str(one) for one in named) if isinstance(named, list) else str(named)
    return printable_line(said, LONGEST_COMMENT)
