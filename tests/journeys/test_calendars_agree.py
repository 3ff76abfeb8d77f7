"""A meeting is booked, moved over a change of the clocks, and canceled, in 14 zones and two seasons: mail, API and
every calendar that reads the invitation say the same (E-3, S1-34, S1-35, S1-36). A few in each run, all in the full."""

from __future__ import annotations

import calendar
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from server import clock
from server.booking.book import Booking, book
from server.booking.cancel import cancel
from server.booking.reschedule import reschedule
from server.models import Meeting
from server.worker import work_once
from tests.factories import a_link, a_user, an_account
from tests.journeys.calendars import Radicale, Told, by_ical_js, by_icalendar, by_ics, by_vobject, radicale
from tests.resolvers.asking import answer, viewer_for
from tests.server.deliveries.conftest import receiver
from tests.server.gateways.mail.receiving import Receiver, part, words

__all__ = ["receiver"]

IS_FULL = os.environ.get("PARLEY_TEST_FULL") == "1"
ZONES = (
    "Europe/Warsaw",
    "America/New_York",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "Europe/Lisbon",
    "Africa/Casablanca",
    "America/St_Johns",
    "America/Sao_Paulo",
    "America/Los_Angeles",
    "Pacific/Honolulu",
    "Asia/Taipei",
    "Asia/Kolkata",
    "Pacific/Chatham",
    "Pacific/Auckland",
)
SEASONS = {"spring": datetime(2027, 3, 26), "autumn": datetime(2027, 10, 29)}  # noqa: DTZ001  a day as every zone has it
CASES = [(visitor, season) for season in SEASONS for visitor in ZONES]
FEW = [CASES[0], CASES[1 + len(ZONES)], CASES[2]]
_MONTHS = calendar.month_name
_SPELLED = re.compile(r"(\d{1,2}) ([A-Z][a-z]+) (\d{4}), (\d{1,2}):(\d\d) .*?UTC([+-])(\d{1,2})(?::(\d\d))?\)")
_API = "query ($id: ID!) { meeting(id: $id) { startsAt endsAt canceledAt } }"


@dataclass(frozen=True)
class Said:
    """One mail about the meeting, and when the meeting was by then."""

    to: str
    text: str
    invitation: bytes
    starts_at: datetime
    step: int


@pytest.fixture(scope="module")
def caldav(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Radicale]:
    with radicale(tmp_path_factory.mktemp("radicale")) as server:
        yield server


def spelled_start(text: str) -> datetime:
    """The instant that the first time in a text names, from its words alone."""
    found: Any = _SPELLED.search(text)
    day, month, year, hour, minute = (
        int(found[1]),
        list(_MONTHS).index(found[2]),
        int(found[3]),
        int(found[4]),
        int(found[5]),
    )
    offset = timedelta(hours=int(found[7]), minutes=int(found[8] or 0)) * (-1 if found[6] == "-" else 1)
    return datetime(year, month, day, hour, minute, tzinfo=UTC) - offset


async def live(receiver: Receiver, visitor_zone: str, day: datetime) -> tuple[list[Said], Meeting, Any]:
    """The whole life of one meeting, and every mail about it. The host lives seven places down the list."""
    host_zone = ZONES[(ZONES.index(visitor_zone) + 7) % len(ZONES)]
    account = await an_account()
    host = await a_user(account, "Ines Marek", time_zone=host_zone)
    link = await a_link(host)
    times = [
        (day + timedelta(days=days, hours=10)).replace(tzinfo=ZoneInfo(host_zone)).astimezone(UTC) for days in (0, 3)
    ]
    said: list[Said] = []

    async def heard(step: int) -> None:
        while await work_once():
            pass
        for mail in receiver.mails[len(said) :]:
            raw: Any = part(mail, "text/calendar").get_payload(decode=True)
            said.append(Said(str(mail["To"]), words(mail), bytes(raw), times[min(step, 1)], step))

    with clock.travel(times[0] - timedelta(days=4)):
        booking = Booking(
            slug=link.slug,
            starts_at=times[0],
            email="tomasz@client.example",
            first_name="Tomasz",
            last_name="Lis",
            time_zone=visitor_zone,
        )
        booked = await book(booking)
        await heard(0)
        await reschedule(booked.manage_token, starts_at=times[1])
        await heard(1)
        api = await answer(_API, viewer_for(host), id=f"mtg_{booked.meeting_id}")
        assert api["meeting"] == {
            "startsAt": f"{times[1]:%Y-%m-%dT%H:%M:%SZ}",
            "endsAt": f"{times[1] + timedelta(minutes=30):%Y-%m-%dT%H:%M:%SZ}",
            "canceledAt": None,
        }
        await cancel(booked.manage_token)
        await heard(2)
    return said, await Meeting.get(id=booked.meeting_id), host


@pytest.mark.capability("S1-34")
@pytest.mark.capability("S1-35")
@pytest.mark.capability("S1-36")
@pytest.mark.capability("S2-27")
@pytest.mark.capability("S2-50")
@pytest.mark.parametrize(("visitor", "season"), CASES if IS_FULL else FEW)
async def test_everybody_who_reads_the_invitation_reads_the_same(
    receiver: Receiver, caldav: Radicale, visitor: str, season: str
) -> None:
    said, meeting, host = await live(receiver, visitor, SEASONS[season])
    assert len(said) == 6
    wanted = [expected(one, meeting, host.email) for one in said]
    calendars = [one.invitation for one in said]
    assert [by_icalendar(one) for one in calendars] == wanted
    assert [by_vobject(one) for one in calendars] == wanted
    assert by_ical_js(calendars) == wanted
    some = [{key: one[key] for key in ("uid", "status", "starts", "ends", "title")} for one in wanted]
    assert [by_ics(one) for one in calendars] == some
    assert [spelled_start(one.text) for one in said] == [one.starts_at for one in said]
    kept_in(caldav, said, meeting.ical_uid)


def expected(said: Said, meeting: Meeting, host: str) -> Told:
    """What the invitation of a mail has to say: one UID and ORGANIZER, a rising SEQUENCE, nobody but the host has
    replied."""
    is_canceled = said.step == 2
    starts = int(said.starts_at.timestamp())
    return {
        "method": "CANCEL" if is_canceled else "REQUEST",
        "uid": meeting.ical_uid,
        "sequence": said.step,
        "status": "CANCELLED" if is_canceled else "CONFIRMED",
        "starts": starts,
        "ends": starts + 30 * 60,
        "title": meeting.title,
        "organizer": f"mailto:{host}",
        "attendees": sorted([[f"mailto:{host}", "ACCEPTED"], ["mailto:tomasz@client.example", "NEEDS-ACTION"]]),
    }


def kept_in(caldav: Radicale, said: list[Said], uid: str) -> None:
    """The server keeps one entry through the whole life, and finds it at its time and at no other."""
    before: datetime | None = None
    for one in (one for one in said if "tomasz" in one.to):
        caldav.put(one.invitation)
        (found,) = caldav.found(uid, one.starts_at)
        assert f"DTSTART:{one.starts_at:%Y%m%dT%H%M%SZ}" in found
        assert caldav.found(uid, one.starts_at - timedelta(minutes=1)) == []
        if before is not None and before != one.starts_at:
            assert caldav.found(uid, before) == []
        before = one.starts_at
