"""The tap paths of meeting links on a phone, walked through the registered operations and nothing else: Menu, Meeting
links, tap to copy, three dots to share and preview, a colleague's pages, a link's whole life, proposed times, Today."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from server import clock, settings
from server.accounts.passwords import hash_password
from server.app import PERSISTED, build_app
from server.models import Account, Contact, User
from tests.factories import a_link, a_user, an_account

PASSWORD = "amber-heron-fern-linden-42"
MONDAY = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
"""Seven in the morning in Warsaw; everybody there works from nine to five."""


class Phone:
    """The app on one phone: it knows the names of the contract's operations and their hashes."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        manifest = json.loads(PERSISTED.read_text())
        self._hashes = {one["name"]: one["id"] for one in manifest["operations"]}
        self._client = client
        self._headers: dict[str, str] = {}

    async def asks(self, name: str, /, **variables: Any) -> Any:
        """The data of one operation, in which nothing was refused."""
        asked = {"documentId": self._hashes[name], "variables": variables}
        told = (await self._client.post("/graphql", json=asked, headers=self._headers)).json()
        assert "errors" not in told, told
        return told["data"]

    async def does(self, name: str, /, **input: Any) -> Any:
        """The payload of one mutation, which has nothing to complain of."""
        (payload,) = (await self.asks(name, input=input)).values()
        assert payload["userErrors"] == [], payload
        return payload

    async def is_refused(self, name: str, /, **input: Any) -> list[tuple[str, list[str]]]:
        (payload,) = (await self.asks(name, input=input)).values()
        return [(one["code"], one["path"]) for one in payload["userErrors"]]

    async def opens(self, url: str) -> httpx.Response:
        """An address, as the phone's browser opens it, in another tab."""
        parts = urlsplit(url)
        assert f"{parts.scheme}://{parts.netloc}" == settings.current().public_url
        return await self._client.get(url)

    async def signs_in(self, user: User, device: str) -> None:
        signed_in = await self.does("SignIn", email=user.email, password=PASSWORD, deviceName=device)
        self._headers = {"Authorization": f"Bearer {signed_in['session']['accessToken']}"}


@asynccontextmanager
async def phone_of(user: User, device: str = "iPhone") -> AsyncIterator[Phone]:
    """The app of `user`, signed in, at a server that runs registered operations only."""
    own = settings.current().model_copy(update={"persisted_only": True})
    transport = httpx.ASGITransport(app=build_app(own))
    async with httpx.AsyncClient(transport=transport, base_url=own.public_url) as client:
        phone = Phone(client)
        await phone.signs_in(user, device)
        yield phone


async def a_person(account: Account, name: str) -> User:
    return await a_user(account, name, password_hash=await hash_password(PASSWORD))


@pytest.fixture(autouse=True)
def _on_monday(db: str) -> Any:
    with clock.travel(MONDAY):
        yield


async def shown_links(phone: Phone, **wanted: Any) -> list[dict[str, Any]]:
    """Menu > Meeting links, as the list shows it."""
    menu = await phone.asks("MeetingLinksMenu", **wanted)
    return [edge["node"] for edge in menu["meetingLinks"]["edges"]]


@pytest.mark.capability("S1-17", "S1-18", "S1-19", "S1-20")
@pytest.mark.parametrize(("platform", "device"), [("IOS", "iPhone"), ("ANDROID", "Pixel")])
async def test_menu_meeting_links_tap_copies_the_address(db: str, platform: str, device: str) -> None:
    ines = await a_person(await an_account(), "Ines Marek")
    await a_link(ines, "Intro call", slug="ines-intro")
    async with phone_of(ines, device) as phone:
        await phone.does("RegisterDevice", platform=platform, pushToken="5f" * 32, name=device, locale="en")
        menu = await phone.asks("TodayTab")
        (intro,) = await shown_links(phone, owner=menu["viewer"]["user"]["id"])
        assert intro["url"] == "https://meet.example.com/m/ines-intro"
        page = await phone.opens(intro["url"])
        assert (page.status_code, "Intro call" in page.text) == (200, True)


@pytest.mark.capability("S1-21")
async def test_three_dots_share_and_preview(db: str) -> None:
    ines = await a_person(await an_account(), "Ines Marek")
    await a_link(ines, "Intro call", slug="ines-intro")
    async with phone_of(ines) as phone:
        (intro,) = await shown_links(phone)
        share = (await phone.does("ShareMeetingLink", meetingLink=intro["id"], channel="CHAT"))["share"]
        assert share["url"] == f"{intro['url']}?utm_medium=chat"
        assert share["shareText"].endswith(share["url"])
        assert share["previewUrl"] == intro["url"]
        for url in (share["url"], share["previewUrl"]):
            assert (await phone.opens(url)).status_code == 200
        days = {"from": "2026-11-23", "to": "2026-11-27"}
        page = (await phone.asks("SchedulingPage", slug=intro["slug"], **days))["schedulingPage"]
        assert (page["title"], page["isOpen"], page["consent"]["boxes"]) == ("Intro call", True, [])
        assert [one["property"] for one in page["formFields"]] == ["FIRST_NAME", "LAST_NAME"]


@pytest.mark.capability("S1-08", "S1-10", "S1-11")
async def test_another_users_pages_are_found_by_owner_and_name_and_shared(db: str) -> None:
    account = await an_account()
    ines, karol = await a_person(account, "Ines Marek"), await a_person(account, "Karol Lis")
    await a_link(ines, "Intro call", slug="ines-intro")
    await a_link(karol, "Demo", slug="karol-demo")
    await a_link(karol, "Panel", slug="karol-panel", is_active=False)
    async with phone_of(ines) as phone:
        owners = (await phone.asks("Colleagues", search="karol"))["users"]["edges"]
        assert [edge["node"]["name"] for edge in owners] == ["Karol Lis"]
        owner = owners[0]["node"]["id"]
        assert [link["name"] for link in await shown_links(phone, owner=owner)] == ["Demo", "Panel"]
        (demo,) = await shown_links(phone, owner=owner, search="dem")
        share = (await phone.does("ShareMeetingLink", meetingLink=demo["id"]))["share"]
        assert share["url"] == demo["url"] == "https://meet.example.com/m/karol-demo"
        (panel,) = await shown_links(phone, search="panel")
        assert await phone.is_refused("ShareMeetingLink", meetingLink=panel["id"]) == [
            ("LINK_INACTIVE", ["meetingLink"])
        ]
        assert await phone.is_refused("RetireMeetingLink", meetingLink=demo["id"]) == [("FORBIDDEN", ["meetingLink"])]


@pytest.mark.capability("S1-03", "S1-44")
async def test_a_link_is_made_set_copied_retired_and_restored(db: str) -> None:
    ines = await a_person(await an_account(), "Ines Marek")
    async with phone_of(ines) as phone:
        wanted = {"name": "Roof talk", "slug": "roof", "durationsMinutes": [30, 60], "isDefault": True}
        made = (await phone.does("CreateMeetingLink", kind="PERSONAL", settings=wanted))["meetingLink"]
        changes = {"slug": "roofs", "price": {"amount": 8000, "currency": "EUR"}, "confirmationMessage": "See you."}
        edited = (await phone.does("EditMeetingLink", meetingLink=made["id"], settings=changes))["meetingLink"]
        assert edited == made | {"slug": "roofs", "url": "https://meet.example.com/m/roofs"}
        whole = (await phone.asks("MeetingLink", id=made["id"]))["meetingLink"]
        assert (whole["price"], whole["confirmationMessage"]) == ({"amount": 8000, "currency": "EUR"}, "See you.")
        former = await phone.opens(made["url"])
        assert (former.status_code, former.headers["location"]) == (308, "/m/roofs")
        copy = (await phone.does("DuplicateMeetingLink", meetingLink=made["id"]))["meetingLink"]
        assert (copy["name"], copy["isActive"], copy["isDefault"]) == ("Roof talk (2)", False, False)
        await phone.does("RetireMeetingLink", meetingLink=made["id"])
        assert [link["id"] for link in await shown_links(phone)] == [copy["id"]]
        assert (await phone.opens(edited["url"])).status_code == 404
        restored = (await phone.does("RestoreMeetingLink", meetingLink=made["id"]))["meetingLink"]
        assert restored == edited | {"isActive": False, "isDefault": False}
        await phone.does("EditMeetingLink", meetingLink=made["id"], settings={"isActive": True})
        assert (await phone.opens(edited["url"])).status_code == 200


@pytest.mark.capability("S1-06", "S1-13", "S1-14", "S1-40")
async def test_proposed_times_lead_to_a_meeting_on_the_today_tab(db: str) -> None:
    ines = await a_person(await an_account(), "Ines Marek")
    await a_link(ines, "Intro call", slug="ines-intro", durations_minutes=[30, 60])
    async with phone_of(ines) as phone:
        (intro,) = await shown_links(phone)
        days = {"from": "2026-11-23", "to": "2026-11-23", "durationMinutes": 60}
        page = (await phone.asks("SchedulingPage", slug="ines-intro", **days))["schedulingPage"]
        starts = [slot["startsAt"] for slot in page["slots"][0]["slots"]][:2]
        given = {"meetingLink": intro["id"], "durationMinutes": 60, "timeZone": "Asia/Taipei", "locale": "zh-Hant"}
        tracking = {"campaign": "autumn", "source": "letter"}
        mail = (await phone.does("ProposeTimes", **given, startsAt=starts, tracking=tracking))["proposal"]
        assert [one["startsAt"] for one in mail["times"]] == starts
        assert all(one["url"] in mail["text"] and one["label"] in mail["text"] for one in mail["times"])
        details = await phone.opens(mail["times"][0]["url"])
        assert (details.status_code, 'name="email"' in details.text) == (200, True)
        query = httpx.URL(mail["times"][0]["url"]).params
        booked = await phone.does(
            "BookMeeting",
            slug="ines-intro",
            startsAt=starts[0],
            durationMinutes=int(query["duration"]),
            email="mei.lin@harbour.example",
            firstName="Mei",
            timeZone=query["tz"],
            locale=query["lang"],
            tracking={name: query[f"utm_{name}"] for name in ("campaign", "source", "medium")},
        )
        assert booked["booking"]["startsAt"] == starts[0]
        taken = await phone.is_refused("ProposeTimes", **given, startsAt=starts)
        assert taken == [("SLOT_NOT_OFFERED", ["startsAt", "0"]), ("SLOT_NOT_OFFERED", ["startsAt", "1"])]
        (meeting,) = (await phone.asks("TodayTab"))["todayMeetings"]
        assert (meeting["startsAt"], meeting["contact"]["name"]) == (starts[0], "Mei")
        (counted,) = await shown_links(phone)
        assert counted["bookingCount"] == 1
    contact = await Contact.get()
    assert (contact.last_booking_campaign, contact.last_booking_source, contact.last_booking_medium) == (
        "autumn",
        "letter",
        "email",
    )
