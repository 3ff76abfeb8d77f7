"""What calendar programs make of an invitation: four libraries and a CalDAV server, none of them ours."""

from __future__ import annotations

import asyncio
import contextlib
import json
import shutil
import socket
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import icalendar
import ics
import vobject

from tests.clients.installing import installed_packages

Told = dict[str, Any]

_QUERY = """<?xml version="1.0"?>
<c:calendar-query xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav">
<d:prop><c:calendar-data/></d:prop>
<c:filter><c:comp-filter name="VCALENDAR"><c:comp-filter name="VEVENT">
<c:time-range start="{start}" end="{end}"/></c:comp-filter></c:comp-filter></c:filter>
</c:calendar-query>"""


def by_icalendar(content: bytes) -> Told:
    """As Python's icalendar reads it."""
    calendar = icalendar.Calendar.from_ical(content)
    (event,) = calendar.walk("VEVENT")
    return {
        "method": str(calendar["METHOD"]),
        "uid": str(event["UID"]),
        "sequence": int(event["SEQUENCE"]),
        "status": str(event["STATUS"]),
        "starts": int(event["DTSTART"].dt.timestamp()),
        "ends": int(event["DTEND"].dt.timestamp()),
        "title": str(event["SUMMARY"]),
        "organizer": str(event["ORGANIZER"]).lower(),
        "attendees": sorted([str(one).lower(), str(one.params["PARTSTAT"])] for one in event["ATTENDEE"]),
    }


def by_vobject(content: bytes) -> Told:
    """As vobject reads it."""
    calendar: Any = vobject.readOne(content.decode())
    event = calendar.vevent
    return {
        "method": calendar.method.value,
        "uid": event.uid.value,
        "sequence": int(event.sequence.value),
        "status": event.status.value,
        "starts": int(event.dtstart.value.timestamp()),
        "ends": int(event.dtend.value.timestamp()),
        "title": event.summary.value,
        "organizer": event.organizer.value.lower(),
        "attendees": sorted([one.value.lower(), one.partstat_param] for one in event.contents["attendee"]),
    }


def by_ics(content: bytes) -> Told:
    """As the library ics reads it, which knows less."""
    (event,) = ics.Calendar(content.decode()).events
    return {
        "uid": event.uid,
        "status": event.status,
        "starts": int(event.begin.timestamp()),
        "ends": int(event.end.timestamp()),
        "title": event.name,
    }


def by_ical_js(contents: Sequence[bytes]) -> list[Told]:
    """As ical.js reads them, all in one go."""
    node = shutil.which("node")
    assert node, "ical.js needs node 20"
    given = json.dumps([content.decode() for content in contents])
    done = subprocess.run(
        [node, "calendars.mjs"],
        cwd=installed_packages(),
        input=given,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    found: list[Told] = json.loads(done.stdout)
    return found


class Radicale:
    """A CalDAV server of its own process, with one calendar."""

    def __init__(self, url: str) -> None:
        self._client = httpx.Client(base_url=f"{url}/ines/meetings/", auth=("ines", "ines"), timeout=10)

    def make(self) -> None:
        assert self._client.request("MKCALENDAR", "").status_code == 201

    def put(self, content: bytes) -> None:
        """What a program stores that was given an invitation: the same without METHOD (RFC 4791, 4.1)."""
        told = by_icalendar(content)
        stored = content.replace(f"METHOD:{told['method']}\r\n".encode(), b"")
        answer = self._client.put(f"{told['uid']}.ics", content=stored, headers={"content-type": "text/calendar"})
        assert answer.status_code in (201, 204), answer.text

    def found(self, uid: str, instant: datetime) -> list[str]:
        """The entries of that UID that the server finds in the minute after the instant, as it keeps them."""
        start, end = (f"{one.astimezone(UTC):%Y%m%dT%H%M%SZ}" for one in (instant, instant + timedelta(minutes=1)))
        headers = {"content-type": "application/xml", "depth": "1"}
        answer = self._client.request("REPORT", "", content=_QUERY.format(start=start, end=end), headers=headers)
        assert answer.status_code == 207, answer.text
        kept = ElementTree.fromstring(answer.text).iter("{urn:ietf:params:xml:ns:caldav}calendar-data")
        return [one.text or "" for one in kept if uid in (one.text or "")]

    def close(self) -> None:
        self._client.close()


@contextlib.contextmanager
def radicale(folder: Path) -> Iterator[Radicale]:
    """The server, for as long as the block runs."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = ["--hosts", f"127.0.0.1:{port}", "--auth-type", "none", "--storage-filesystem-folder", str(folder)]
    with (folder / "log.txt").open("wb") as log:
        process = subprocess.Popen([sys.executable, "-m", "radicale", "--config", "", *words], stdout=log, stderr=log)
    server = Radicale(f"http://127.0.0.1:{port}")
    try:
        asyncio.run(_answering(port))
        server.make()
        yield server
    finally:
        server.close()
        process.terminate()
        process.wait(10)


async def _answering(port: int) -> None:
    async with asyncio.timeout(30):
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.05)
            else:
                writer.close()
                return
