from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import pytest
import vobject
from hypothesis import given
from hypothesis import strategies as st

from server.gateways.mail.ics import Invitation, Method, Person, icalendar_bytes

STAMP = datetime(2026, 11, 20, 8, tzinfo=UTC)
STARTS_AT = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
INVITATION = Invitation(
    method=Method.REQUEST,
    uid="3f1c",
    sequence=2,
    stamp=STAMP,
    starts_at=STARTS_AT,
    ends_at=STARTS_AT + timedelta(minutes=30),
    title="Product walkthrough",
    organizer=Person("Ines Almeida", "ines@linden.example"),
    attendees=(
        Person("Ines Almeida", "ines@linden.example", "ACCEPTED"),
        Person("Marek Nowicki", "marek@client.example"),
    ),
    description="Bring a photo.\n\nMove or cancel: https://meet.example.com/b/1",
    location="Długa 5, Warszawa; second floor",
    url="https://meet.example.com/b/1",
)


def _event(invitation: Invitation) -> Any:
    return next(iter(icalendar.Calendar.from_ical(icalendar_bytes(invitation)).walk("VEVENT")))


def test_invitation_says_everything_a_calendar_needs() -> None:
    text = icalendar_bytes(INVITATION).decode().replace("\r\n ", "")
    assert text.splitlines() == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Parley//Meetings//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:REQUEST",
        "BEGIN:VEVENT",
        "SUMMARY:Product walkthrough",
        "DTSTART:20261124T093000Z",
        "DTEND:20261124T100000Z",
        "DTSTAMP:20261120T080000Z",
        "UID:3f1c",
        "SEQUENCE:2",
        'ATTENDEE;CN="Ines Almeida";CUTYPE=INDIVIDUAL;PARTSTAT=ACCEPTED;ROLE=REQ-PARTICIPANT;RSVP=FALSE'
        ":mailto:ines@linden.example",
        'ATTENDEE;CN="Marek Nowicki";CUTYPE=INDIVIDUAL;PARTSTAT=NEEDS-ACTION;ROLE=REQ-PARTICIPANT;RSVP=TRUE'
        ":mailto:marek@client.example",
        "DESCRIPTION:Bring a photo.\\n\\nMove or cancel: https://meet.example.com/b/1",
        "LOCATION:Długa 5\\, Warszawa\\; second floor",
        'ORGANIZER;CN="Ines Almeida":mailto:ines@linden.example',
        "STATUS:CONFIRMED",
        "TRANSP:OPAQUE",
        "URL:https://meet.example.com/b/1",
        "END:VEVENT",
        "END:VCALENDAR",
    ]


def test_cancellation_frees_the_time_and_asks_nobody() -> None:
    event = _event(dataclasses.replace(INVITATION, method=Method.CANCEL, sequence=3))
    assert (event["STATUS"], event["TRANSP"], event["SEQUENCE"]) == ("CANCELLED", "TRANSPARENT", 3)
    assert [one.params["RSVP"] for one in event["ATTENDEE"]] == ["FALSE", "FALSE"]


@pytest.mark.parametrize("tz", ["Europe/Warsaw", "America/New_York", "Asia/Taipei", "Australia/Lord_Howe"])
@pytest.mark.parametrize("local", [(2026, 3, 29, 4, 0), (2026, 7, 1, 9, 30), (2026, 11, 1, 1, 30)])
def test_two_independent_readers_agree_on_the_instant(tz: str, local: tuple[int, int, int, int, int]) -> None:
    starts_at = datetime(*local, tzinfo=ZoneInfo(tz))
    ends_at = (starts_at.astimezone(UTC) + timedelta(minutes=45)).astimezone(ZoneInfo(tz))
    raw = icalendar_bytes(dataclasses.replace(INVITATION, starts_at=starts_at, ends_at=ends_at))
    by_icalendar = next(iter(icalendar.Calendar.from_ical(raw).walk("VEVENT")))
    by_vobject = vobject.readOne(raw.decode()).vevent
    wanted = [starts_at.astimezone(UTC), ends_at.astimezone(UTC)]
    assert [by_icalendar["DTSTART"].dt, by_icalendar["DTEND"].dt] == wanted
    assert [by_vobject.dtstart.value, by_vobject.dtend.value] == wanted


@given(st.text(max_size=300), st.text(max_size=300), st.text(max_size=60))
def test_no_text_can_begin_another_property(title: str, description: str, name: str) -> None:
    poison = '\r\nATTENDEE:mailto:x@x.example\r\nEND:VEVENT"'
    raw = icalendar_bytes(
        dataclasses.replace(
            INVITATION,
            title=title + poison,
            description=description + poison,
            attendees=(Person(name + poison, "marek@client.example"),),
        )
    )
    calendar = icalendar.Calendar.from_ical(raw)
    (event,) = calendar.walk("VEVENT")
    assert str(event["ATTENDEE"]) == "mailto:marek@client.example"
    assert set(event) == set(_event(INVITATION))
    assert all(len(line) <= 75 for line in raw.split(b"\r\n"))
    # readComponents is lenient about text, not about structure: it must see one calendar with one event.
    assert [len(one.contents["vevent"]) for one in vobject.readComponents(raw.decode())] == [1]
