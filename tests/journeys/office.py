"""An office whose people have the app on their phones: its server, its mails, and a phone that knows the contract."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import httpx
import icalendar

from server import settings
from server.accounts.passwords import hash_password
from server.app import build_app
from server.models import Account, Contact, MeetingType, Record, Snippet, User
from server.models.enums import RecordKind, Role
from server.worker import work_once
from tests.factories import a_contact, a_user, an_account
from tests.resolvers.documents import operation
from tests.server.gateways.mail.receiving import Receiver, receiving
from tests.server.web.graphql.serving import serving

PASSWORD = "amber-heron-fern-linden-42"


@dataclass
class Phone:
    """An app that is signed in, and knows no document but those of the contract."""

    client: httpx.AsyncClient
    token: str = ""

    async def tap(self, name: str, **variables: Any) -> Any:
        """The data of the answer; of a mutation its payload, in which nothing was refused."""
        payload = await self.press(name, **variables)
        assert payload.get("userErrors", []) == [], payload
        return payload

    async def press(self, name: str, **variables: Any) -> Any:
        """The same, refused or not."""
        answer = (await self.ask(name, **variables)).json()
        assert "errors" not in answer, answer
        is_mutation = operation(name).startswith("mutation")
        return next(iter(answer["data"].values())) if is_mutation else answer["data"]

    async def ask(self, name: str, **variables: Any) -> httpx.Response:
        """Whatever the server answers."""
        headers = {"authorization": f"Bearer {self.token}"} if self.token else {}
        return await self.client.post(
            "/graphql", json={"query": operation(name), "variables": variables}, headers=headers
        )


@dataclass
class Office:
    """Linden & Co: Ines and Piotr have seats, Ada administers; Tomasz is their contact at Roofs Ltd."""

    account: Account
    ines: User
    piotr: User
    ada: User
    contact: Contact
    company: Record
    deal: Record
    post: Receiver
    client: httpx.AsyncClient

    async def phone_of(self, user: User) -> Phone:
        """The user has signed in on it."""
        phone = self.phone_of_a_stranger()
        given = {"email": user.email, "password": PASSWORD, "deviceName": "Phone"}
        phone.token = (await phone.tap("sign_in", input=given))["session"]["accessToken"]
        return phone

    def phone_of_a_stranger(self) -> Phone:
        """Nobody has signed in on it."""
        return Phone(self.client)

    async def mails(self) -> list[EmailMessage]:
        """What has been sent since the last look."""
        self.post.mails.clear()
        while await work_once():
            pass
        return list(self.post.mails)


@asynccontextmanager
async def an_office(in_use: settings.Settings, tmp_path: Path) -> AsyncIterator[Office]:
    """The office, its server, and a mail server that receives what it sends."""
    async with receiving() as post, a_site(in_use, tmp_path, post) as client:
        account = await an_account(meeting_types_enabled=True)
        known = {"password_hash": await hash_password(PASSWORD)}
        ines, piotr = [await a_user(account, name, **known) for name in ("Ines Marek", "Piotr Zima")]
        ada = await a_user(account, "Ada Nowak", role=Role.ADMIN, **known)
        company = await Record.create(account=account, kind=RecordKind.COMPANY, name="Roofs Ltd")
        deal = await Record.create(account=account, kind=RecordKind.DEAL, name="New roof")
        contact = await a_contact(account, company=company, time_zone="Asia/Taipei")
        await MeetingType.create(account=account, key="DEMO", label="Demo")
        await Snippet.create(account=account, shortcut="hi", name="Hello", body="<p>Hello {{contact.firstName}}</p>")
        yield Office(account, ines, piotr, ada, contact, company, deal, post, client)
    settings.use(in_use)


@asynccontextmanager
async def a_site(in_use: settings.Settings, tmp_path: Path, post: Receiver) -> AsyncIterator[httpx.AsyncClient]:
    """The whole app, which mails through `post` and keeps its files in a folder, and a client that talks to it."""
    files = {"files_url": (tmp_path / "files").as_uri()}
    own = in_use.model_copy(update=files | {"smtp_url": post.url, "private_hosts": ("127.0.0.1",)})
    settings.use(own)
    async with (
        serving(build_app(own), own, lifespan="on") as (place, _),
        httpx.AsyncClient(base_url=f"http://{place}") as client,
    ):
        yield client


def a_day_ahead(hour: int) -> datetime:
    return (datetime.now(UTC) + timedelta(days=3)).replace(hour=hour, minute=0, second=0, microsecond=0)


def to(mails: list[EmailMessage]) -> list[str]:
    return sorted(str(mail["To"]).rpartition("<")[2].rstrip(">") for mail in mails)


def event_in(mail: EmailMessage) -> icalendar.Event:
    (part,) = [one for one in mail.walk() if one.get_content_type() == "text/calendar" and not one.get_filename()]
    return icalendar.Calendar.from_ical(part.get_payload(decode=True)).walk("VEVENT")[0]


async def scheduled(phone: Phone, office: Office, **fields: Any) -> Any:
    """A meeting with the contact in three days."""
    given = {
        "title": "Roof plans",
        "startsAt": a_day_ahead(10).isoformat(),
        "endsAt": a_day_ahead(11).isoformat(),
        "attendees": [{"contact": f"con_{office.contact.id}"}],
    }
    return (await phone.tap("schedule_meeting", input=given | fields))["meeting"]
