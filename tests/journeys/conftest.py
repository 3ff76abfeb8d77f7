"""A company on a database of its own, a server process on it, and a mail server that receives."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from server import settings
from tests.journeys.office import Office, an_office
from tests.journeys.processes import GraphQL, MailReceiver, Parley, parley

SIGN_IN = """mutation($input: SignInInput!) {
  signIn(input: $input) { session { accessToken refreshToken } userErrors { code } } }"""
NEW_LINK = """mutation($input: CreateMeetingLinkInput!) {
  createMeetingLink(input: $input) { meetingLink { id slug url } userErrors { code message path } } }"""
ALL_DAY = [
    {"weekday": day, "blocks": [{"startsAtMinute": 0, "endsAtMinute": 1440}]}
    for day in ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")
]


@dataclass
class Company:
    """Somebody who signed in, and the database they signed in to."""

    database_url: str
    email: str
    password: str

    async def sign_in(self, url: str) -> GraphQL:
        """A client of the server at `url`, signed in."""
        client = GraphQL(url)
        asked = {"email": self.email, "password": self.password, "deviceName": "Journey"}
        session = (await client.ask(SIGN_IN, input=asked))["signIn"]["session"]
        return GraphQL(url, session["accessToken"])


@pytest.fixture
async def office(in_use: settings.Settings, tmp_path: Path) -> AsyncIterator[Office]:
    async with an_office(in_use, tmp_path) as made:
        yield made


@pytest.fixture
async def company(database_url: str) -> Company:
    """An account and its admin, made on the command line as the README says."""
    await parley("create-account", "Fernhill Robotics", "--time-zone", "Europe/Warsaw", database_url=database_url)
    made = await parley(
        "create-user", "ines@fernhill.example", "--name", "Ines Almeida", "--admin", database_url=database_url
    )
    return Company(database_url, made["email"], made["password"])


@pytest.fixture
def mail() -> Any:
    with MailReceiver() as receiver:
        yield receiver


@pytest.fixture
async def server(company: Company, mail: MailReceiver) -> AsyncIterator[Parley]:
    """`parley serve` with the worker in it."""
    process = Parley("serve", database_url=company.database_url, smtp_port=mail.port, worker_in_process="true")
    async with process:
        yield process


@pytest.fixture
async def ines(company: Company, server: Parley) -> GraphQL:
    """Ines, signed in on the server."""
    return await company.sign_in(server.url)


async def a_link(client: GraphQL, **settings: Any) -> str:
    """The slug of a new personal link that can be booked around the clock from now on."""
    given = {
        "name": "Product walkthrough",
        "title": "Product walkthrough",
        "durationsMinutes": [30],
        "noticeMinutes": 0,
        "weeklyHours": ALL_DAY,
        "slug": f"walkthrough-{uuid.uuid4().hex[:8]}",
    }
    answer = await client.ask(NEW_LINK, input={"kind": "PERSONAL", "settings": given | settings})
    assert answer["createMeetingLink"]["userErrors"] == []
    return str(answer["createMeetingLink"]["meetingLink"]["slug"])
