"""The whole way: sign in, today, links, slots, book, both mails, the subscriber, the outcome, today again."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import pytest
import vobject

from tests.journeys.conftest import Company, a_link
from tests.journeys.processes import GraphQL, MailReceiver, Parley, subscription

OPERATIONS = Path(__file__).parents[2] / "mobile_contract" / "operations"
ZONES = ("Europe/Warsaw", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe")
WITH_OFFSET = re.compile(r"UTC([+-]\d{1,2}(:\d\d)?)?")


def operation(name: str) -> str:
    return (OPERATIONS / f"{name}.graphql").read_text()


async def free_slots(client: GraphQL, slug: str, zone: str) -> list[dict[str, Any]]:
    today = datetime.now(UTC).date()
    page = await client.ask(
        operation("scheduling_page"),
        slug=slug,
        **{"from": str(today), "to": str(today + timedelta(days=3)), "timeZone": zone},
    )
    return [slot for day in page["schedulingPage"]["slots"] for slot in day["slots"]]


async def booked(client: GraphQL, slug: str, starts_at: str, number: int, zone: str) -> dict[str, Any]:
    given = {
        "slug": slug,
        "startsAt": starts_at,
        "durationMinutes": 30,
        "email": f"marek{number}@client.example",
        "firstName": "Marek",
        "lastName": f"Nowicki {number}",
        "timeZone": zone,
        "locale": "en",
    }
    answer = (await client.ask(operation("book_meeting"), input=given))["bookMeeting"]
    assert answer["userErrors"] == []
    return dict(answer["booking"])


def calendar_parts(message: EmailMessage) -> list[bytes]:
    """The invitation in the body and the file beside it."""
    return [
        part.get_payload(decode=True)
        for part in message.walk()
        if part.get_content_type() == "text/calendar" or (part.get_filename() or "").endswith(".ics")
    ]


def read_by_both(ics: bytes) -> tuple[datetime, datetime]:
    """When the invitation begins, as each of two parsers that know nothing of each other reads it."""
    one = icalendar.Calendar.from_ical(ics).walk("VEVENT")[0].decoded("dtstart")
    other = vobject.readOne(ics.decode()).vevent.dtstart.value
    return one, other


@pytest.mark.capability("S1-03", "S1-17", "S1-19", "S1-22", "S1-24")
@pytest.mark.capability("S1-32", "S1-34", "S1-40", "S1-41", "S2-27", "S2-54")
async def test_a_booking_reaches_mails_subscriber_and_today(server: Parley, ines: GraphQL, mail: MailReceiver) -> None:
    slug = await a_link(ines)
    menu = await ines.ask(operation("meeting_links_menu"))
    assert [edge["node"]["url"] for edge in menu["meetingLinks"]["edges"]] == [f"{server.url}/m/{slug}"]
    visitor = GraphQL(server.url)
    token = ines.headers["Authorization"].removeprefix("Bearer ")

    async with subscription(server.url, token, operation("meeting_booked")) as subscriber:
        for number, zone in enumerate(ZONES):
            slot = (await free_slots(visitor, slug, zone))[2]
            booking = await booked(visitor, slug, slot["startsAt"], number, zone)
            assert booking["startsAt"] == slot["startsAt"]

            heard = (await subscriber.next())["meetingBooked"]
            assert (heard["kind"], heard["meeting"]["startsAt"]) == ("MEETING_BOOKED", slot["startsAt"])
            assert heard["meeting"]["contact"]["email"] == f"marek{number}@client.example"

            messages = (await mail.receive(2 * number + 2))[2 * number :]
            assert sorted(one["X-Envelope-To"] for one in messages) == [
                "ines@fernhill.example",
                f"marek{number}@client.example",
            ]
            starts_at = datetime.fromisoformat(slot["startsAt"])
            for message in messages:
                parts = calendar_parts(message)
                assert len(parts) == 2
                assert parts[0] == parts[1]
                assert read_by_both(parts[0]) == (starts_at, starts_at)
                assert WITH_OFFSET.search(message.get_body(("plain",)).get_content())  # type: ignore[union-attr]  # asserted to be there
        assert await subscriber.silent(1.5)

    await today_shows_the_outcome(ines, heard["meeting"])


async def today_shows_the_outcome(ines: GraphQL, meeting: dict[str, Any]) -> None:
    given = {"meeting": meeting["id"], "outcome": "COMPLETED", "expectedVersion": meeting["version"]}
    recorded = (await ines.ask(operation("record_outcome"), input=given))["recordOutcome"]
    assert (recorded["userErrors"], recorded["meeting"]["outcome"]["label"]) == ([], "Completed")

    local_day = datetime.fromisoformat(meeting["startsAt"]).astimezone(ZoneInfo("Europe/Warsaw")).date()
    today = await ines.ask(operation("today_tab"), date=str(local_day), timeZone="Europe/Warsaw")
    shown = {one["id"]: one for one in today["todayMeetings"]}
    assert shown[meeting["id"]]["outcome"]["key"] == "COMPLETED"
    assert [one["startsAt"] for one in today["todayMeetings"]] == sorted(one["startsAt"] for one in shown.values())


async def test_a_booking_survives_a_kill_right_after_its_answer(company: Company, mail: MailReceiver) -> None:
    """kill -9 after the answer; after a new start the meeting is there, both mails go out, the cursor resumes."""
    first = Parley("serve", database_url=company.database_url, smtp_port=mail.port, worker_in_process="false")
    await first.start()
    ines = await company.sign_in(first.url)
    slug = await a_link(ines)
    token = ines.headers["Authorization"].removeprefix("Bearer ")
    visitor = GraphQL(first.url)
    slots = await free_slots(visitor, slug, "Europe/Warsaw")
    async with subscription(first.url, token, operation("meeting_booked")) as subscriber:
        await booked(visitor, slug, slots[1]["startsAt"], 1, "Europe/Warsaw")
        cursor = (await subscriber.next())["meetingBooked"]["cursor"]
    await booked(visitor, slug, slots[3]["startsAt"], 2, "Europe/Warsaw")
    await first.kill()
    assert mail.messages == []

    # The address stays the same, as behind a proxy: tokens are made for it.
    again = Parley(
        "serve", database_url=company.database_url, smtp_port=mail.port, port=first.port, worker_in_process="true"
    )
    async with again:
        async with subscription(again.url, token, operation("meeting_booked"), after=cursor) as subscriber:
            resumed = (await subscriber.next())["meetingBooked"]
            assert resumed["meeting"]["startsAt"] == slots[3]["startsAt"]
            assert await subscriber.silent(1.5)
        messages = await mail.receive(4)
        assert len({one["Message-ID"] for one in messages}) == 4
        taken = {slots[1]["startsAt"], slots[3]["startsAt"]}
        assert taken.isdisjoint({slot["startsAt"] for slot in await free_slots(visitor, slug, "Europe/Warsaw")})
