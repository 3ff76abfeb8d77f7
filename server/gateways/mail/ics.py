"""A meeting as an iCalendar message that calendars act on (RFC 5545, RFC 5546, RFC 6047). Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from icalendar import Calendar, Event, vCalAddress, vDuration, vText, vUri

PRODUCT = "-//Parley//Meetings//EN"

_CONTROLS = re.compile(r"[\x00-\x09\x0b-\x1f\x7f]")


class Method(StrEnum):
    """What the receiving calendar is asked to do."""

    REQUEST = "REQUEST"
    CANCEL = "CANCEL"
    PUBLISH = "PUBLISH"


@dataclass(frozen=True, slots=True)
class Person:
    """Who organizes or attends. `reply` is the PARTSTAT: NEEDS-ACTION, ACCEPTED, DECLINED or TENTATIVE."""

    name: str
    email: str
    reply: str = "NEEDS-ACTION"


@dataclass(frozen=True, slots=True)
class Invitation:
    """What a calendar is told about one meeting. `uid` never changes, `sequence` rises with each change of it, and
    `stamp` is when this was said: a calendar keeps the highest. `only_these` is true of a CANCEL that takes out these
    attendees alone, while the meeting stands for the others."""

    method: Method
    uid: str
    sequence: int
    stamp: datetime
    starts_at: datetime
    ends_at: datetime
    title: str
    organizer: Person
    attendees: tuple[Person, ...]
    description: str = ""
    location: str = ""
    url: str = ""
    only_these: bool = False


def icalendar_bytes(invitation: Invitation) -> bytes:
    """The message as it is sent. Times are in UTC: the time zones that calendars compute from a VTIMEZONE disagree."""
    calendar = _calendar()
    calendar.add("method", invitation.method.value)
    calendar.add_component(_event(invitation))
    return bytes(calendar.to_ical())


def feed_bytes(name: str, entries: Iterable[Invitation], *, refresh: timedelta) -> bytes:
    """A whole calendar to subscribe to, called `name` and worth another look after `refresh` (RFC 7986, 5.1 and 5.7).
    It has no METHOD, since it asks nobody for anything; so each `stamp` is when that entry was last revised (RFC 5545,
    3.8.7.2)."""
    calendar = _calendar()
    for key in ("name", "x-wr-calname"):
        calendar.add(key, vText(_one_line(name)))
    calendar.add("refresh-interval", refresh, parameters={"value": "DURATION"})
    calendar.add("x-published-ttl", vDuration(refresh))
    for entry in entries:
        event = _event(entry)
        event.add("last-modified", entry.stamp.astimezone(UTC))
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _calendar() -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    return calendar


def _event(invitation: Invitation) -> Event:
    is_canceled = invitation.method is Method.CANCEL
    event = Event()
    event.add("uid", invitation.uid)
    event.add("sequence", invitation.sequence)
    event.add("dtstamp", invitation.stamp.astimezone(UTC))
    event.add("dtstart", invitation.starts_at.astimezone(UTC))
    event.add("dtend", invitation.ends_at.astimezone(UTC))
    event.add("summary", _clean(invitation.title))
    if not invitation.only_these:  # RFC 5546, 3.2.5: a CANCEL for some attendees has no STATUS
        event.add("status", "CANCELLED" if is_canceled else "CONFIRMED")
    event.add("transp", "TRANSPARENT" if is_canceled else "OPAQUE")
    for name, text in (("description", invitation.description), ("location", invitation.location)):
        if text:
            event.add(name, _clean(text))
    if invitation.url:
        event["url"] = vUri(invitation.url)
    event["organizer"] = _address(invitation.organizer)
    for person in invitation.attendees:
        event.add("attendee", _attendee(person, asks=invitation.method is Method.REQUEST))
    return event


def _attendee(person: Person, *, asks: bool) -> vCalAddress:
    address = _address(person)
    address.params["cutype"] = vText("INDIVIDUAL")
    address.params["role"] = vText("REQ-PARTICIPANT")
    address.params["partstat"] = vText(person.reply)
    address.params["rsvp"] = vText("TRUE" if asks and person.reply == "NEEDS-ACTION" else "FALSE")
    return address


def _address(person: Person) -> vCalAddress:
    address = vCalAddress(f"mailto:{_clean(person.email)}")
    if person.name:
        address.params["cn"] = vText(_one_line(person.name).replace('"', "'"))
    return address


def _one_line(text: str) -> str:
    return _clean(text).replace("\n", " ")


def _clean(text: str) -> str:
    """Without what may not stand in iCalendar: control characters other than a line feed (RFC 5545, 3.1)."""
    return _CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
