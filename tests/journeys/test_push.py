"""From a booking to the phone, and from the phone back: Apple over HTTP/2, buttons without a session."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.conftest import Company, a_link
from tests.journeys.processes import GraphQL, MailReceiver, Parley
from tests.journeys.test_booked_meeting import booked, free_slots, operation
from tests.server.gateways.push.apple import Apple, Delivered, apple
from tests.server.gateways.push.serving import new_certificate

PHONE = "5f" * 32
OUTCOME = "query ($id: ID!) { meeting(id: $id) { outcome { key } } }"
SCHEDULE = """mutation ($input: ScheduleMeetingInput!) {
  scheduleMeeting(input: $input) { meeting { id } userErrors { code message } } }"""
SIGN_OUT = "mutation { signOut(input: {everywhere: true}) { signedOut } }"


@pytest.fixture
async def phones(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Apple]:
    """Apple on this machine, with a certificate that the server process trusts."""
    certificate = new_certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    async with apple(certificate, now=time.time) as service:
        yield service


@pytest.fixture
async def server(company: Company, mail: MailReceiver, phones: Apple) -> AsyncIterator[Parley]:
    """`parley serve` with the worker in it, and the keys for Apple."""
    settings = phones.settings | {"apns_key": phones.pem.replace("\n", "\\n")}
    process = Parley(
        "serve", database_url=company.database_url, smtp_port=mail.port, worker_in_process="true", **settings
    )
    async with process:
        yield process


async def delivered(phones: Apple, count: int) -> list[Delivered]:
    """The notices that arrived, once there are so many."""
    async with asyncio.timeout(25):
        while len(phones.delivered) < count:  # noqa: ASYNC110  what arrives is a plain list
            await asyncio.sleep(0.05)
    assert phones.refused == []
    return phones.delivered


def button(notice: Delivered, kind: str) -> str:
    """The token of that button."""
    (token,) = [one["token"] for one in notice.payload["actions"] if one["kind"] == kind]
    return str(token)


async def pressed(server: Parley, token: str, **input: Any) -> dict[str, Any]:
    """What the notice is answered, where nobody is signed in."""
    answer = await GraphQL(server.url).ask(operation("perform_notification_action"), input={"token": token, **input})
    return dict(answer["performNotificationAction"])


async def test_a_booking_wakes_the_phone_and_its_buttons_work_on_the_lock_screen(
    company: Company, server: Parley, ines: GraphQL, mail: MailReceiver, phones: Apple
) -> None:
    slug = await a_link(ines)
    given = {"platform": "IOS", "pushToken": PHONE, "name": "Ines's phone"}
    assert (await ines.ask(operation("register_device"), input=given))["registerDevice"]["userErrors"] == []

    slot = (await free_slots(GraphQL(server.url), slug, "Europe/Warsaw"))[0]
    await booked(GraphQL(server.url), slug, slot["startsAt"], 1, "Europe/Warsaw")
    notice = (await delivered(phones, 1))[0]
    assert (notice.device, notice.payload["kind"], notice.payload["startsAt"]) == (
        PHONE,
        "MEETING_BOOKED",
        slot["startsAt"],
    )
    assert "Marek Nowicki 1" in notice.payload["aps"]["alert"]["body"]

    ended = await a_meeting_that_just_ends(ines)
    asked = next(one for one in await delivered(phones, 2) if one.payload["kind"] == "MEETING_ENDED")
    assert (asked.payload["meetingId"], asked.headers["apns-collapse-id"]) == (ended, ended)
    assert "NO_SHOW" in [one["key"] for one in asked.payload["outcomes"]]

    assert (await ines.ask(SIGN_OUT))["signOut"] == {"signedOut": True}
    late = await pressed(server, button(notice, "RUNNING_LATE"), minutesLate=15)
    assert late["performed"]["message"] == "The others will hear that you are 15 minutes late."
    (told,) = [one for one in await mail.receive(4) if str(one["Subject"]).startswith("Running late: ")]
    assert told["X-Envelope-To"] == "marek1@client.example"

    done = await pressed(server, button(asked, "SET_OUTCOME"), outcome="NO_SHOW")
    assert (done["performed"]["message"], done["userErrors"]) == ("Saved: No show", [])
    again = await pressed(server, button(asked, "SET_OUTCOME"), outcome="COMPLETED")
    assert [one["code"] for one in again["userErrors"]] == ["TOKEN_EXPIRED"]
    ines_again = await company.sign_in(server.url)
    assert (await ines_again.ask(OUTCOME, id=ended))["meeting"]["outcome"]["key"] == "NO_SHOW"


async def a_meeting_that_just_ends(ines: GraphQL) -> str:
    """The id of a meeting of hers that is over in some seconds; she scheduled it herself, so that is no news."""
    ends_at = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=4)
    starts_at = ends_at - timedelta(minutes=15)
    when = {"startsAt": starts_at.isoformat(), "endsAt": ends_at.isoformat(), "allowOverlap": True}
    answer = (await ines.ask(SCHEDULE, input={"title": "Stand-up", **when}))["scheduleMeeting"]
    assert answer["userErrors"] == []
    return str(answer["meeting"]["id"])


async def test_guessing_tokens_is_slowed_down(server: Parley) -> None:
    statuses = []
    for number in range(12):
        given = {"token": f"guess-{number}"}
        statuses.append(
            (await GraphQL(server.url).send(operation("perform_notification_action"), input=given)).status_code
        )
    assert (set(statuses[:10]), set(statuses[10:])) == ({200}, {429})
