"""What a salesperson does between two calls, tap by tap: nothing is sent but the operations of the contract."""

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
import pytest

from server import settings
from server.accounts.passwords import hash_password
from server.app import build_app
from server.models import (
    Account,
    CalendarAccount,
    Contact,
    MeetingType,
    Record,
    Rotation,
    RotationMember,
    Snippet,
    User,
)
from server.models.enums import RecordKind, Role
from server.worker import work_once
from tests.factories import a_contact, a_user, an_account
from tests.server.gateways.mail.receiving import Receiver, receiving
from tests.server.web.graphql.serving import serving

OPERATIONS = Path(__file__).parents[2] / "mobile_contract" / "operations"
PASSWORD = "amber-heron-fern-linden-42"
PDF = b"%PDF-1.7 plans of the roof"


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
        document = (OPERATIONS / f"{name}.graphql").read_text()
        headers = {"authorization": f"Bearer {self.token}"} if self.token else {}
        told = await self.client.post("/graphql", json={"query": document, "variables": variables}, headers=headers)
        answer = told.json()
        assert "errors" not in answer, answer
        return next(iter(answer["data"].values())) if document.startswith("mutation") else answer["data"]


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
        phone = Phone(self.client)
        given = {"email": user.email, "password": PASSWORD, "deviceName": "Phone"}
        phone.token = (await phone.tap("sign_in", input=given))["session"]["accessToken"]
        return phone

    async def mails(self) -> list[EmailMessage]:
        """What has been sent since the last look."""
        self.post.mails.clear()
        while await work_once():
            pass
        return list(self.post.mails)


@pytest.fixture
async def office(in_use: settings.Settings, tmp_path: Path) -> AsyncIterator[Office]:
    async with receiving() as post, _site(in_use, tmp_path, post) as client:
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
async def _site(in_use: settings.Settings, tmp_path: Path, post: Receiver) -> AsyncIterator[httpx.AsyncClient]:
    own = in_use.model_copy(update={"smtp_url": post.url, "files_url": (tmp_path / "files").as_uri()})
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


@pytest.mark.capability(
    "S2-01", "S2-02", "S2-07", "S2-08", "S2-09", "S2-10", "S2-11", "S2-12", "S2-21", "S2-22", "S2-23", "S2-24", "S2-25",
    "S2-27", "S2-28", "S2-30", "S2-31", "S2-32", "S2-33", "S2-34", "S2-35", "S2-36", "S2-38", "S2-39", "S2-40", "S2-50",
)  # fmt: skip
async def test_contacts_record_more_meetings_form_continue_and_send(office: Office) -> None:
    phone = await office.phone_of(office.ines)
    (found,) = (await phone.tap("contacts", search="tomasz", first=10))["contacts"]["edges"]
    contact = found["node"]["id"]
    assert (await phone.tap("contact_meetings", contact=contact, first=10))["meetings"]["edges"] == []

    form = await phone.tap("schedule_meeting_form", contact=contact, search="piotr")
    assert [one["label"] for one in form["meetingTypes"]] == ["Demo"]
    (colleague,) = [edge["node"]["id"] for edge in form["users"]["edges"]]
    starts_at, ends_at = a_day_ahead(22), a_day_ahead(22) + timedelta(hours=3)
    day = {"from": starts_at.isoformat(), "to": ends_at.isoformat()}
    (own,) = (await phone.tap("check_availability", hosts=[form["viewer"]["user"]["id"]], **day))["hostAvailability"]
    assert (own["busy"], own["locationKinds"]) == ([], ["PHONE", "ADDRESS", "CUSTOM"])
    (snippet,) = (await phone.tap("snippets", search="#hi", first=10))["snippets"]["edges"]
    expanded = await phone.tap("expand_snippet", snippet=snippet["node"]["id"], contact=contact)
    assert expanded["expandSnippet"]["html"] == "<p>Hello Tomasz</p>"

    filled_in = {
        "title": "Roof plans",
        "startsAt": starts_at.isoformat(),
        "endsAt": ends_at.isoformat(),
        "attendees": [{"contact": contact}, {"user": colleague}, {"address": "architect@other.example"}],
        "location": {"kind": "ADDRESS", "text": "Lipowa 3"},
        "attendeeDescription": f"{expanded['expandSnippet']['html']}<p>Bring <b>plans</b>.</p>",
        "internalNote": f"They are in a hurry, @[{colleague}].",
        "meetingType": "DEMO",
        "reminders": [{"amount": 1, "unit": "HOURS"}],
        "associations": [f"rec_{office.deal.id}"],
        "client": "MOBILE_IOS",
    }
    shown = (await phone.tap("schedule_meeting", input=filled_in | {"dryRun": True}))["preview"]
    assert [(one["email"], one["isHost"]) for one in shown["mails"]] == [
        (office.ines.email, True),
        (office.contact.email, False),
        (office.piotr.email, False),
        ("architect@other.example", False),
    ]
    assert await office.mails() == []

    sent = await phone.tap("schedule_meeting", input=filled_in | {"idempotencyKey": "continue-and-send"})
    mails = await office.mails()
    invitations = [mail for mail in mails if "Mentioned" not in str(mail["Subject"])]
    assert to(invitations) == sorted(one["email"] for one in shown["mails"])
    assert {str(mail["Subject"]) for mail in invitations} == {one["subject"] for one in shown["mails"]}
    assert to([mail for mail in mails if mail not in invitations]) == [office.piotr.email]
    for mail in invitations:
        event = event_in(mail)
        assert event.decoded("dtstart") == starts_at
        assert "Bring plans." in str(event["description"])
        assert "hurry" not in mail.as_string()

    (listed,) = (await phone.tap("contact_meetings", contact=contact, first=10))["meetings"]["edges"]
    assert listed["node"]["id"] == sent["meeting"]["id"]
    meeting = (await phone.tap("meeting", id=sent["meeting"]["id"]))["meeting"]
    assert meeting["internalNotes"].endswith(f'<span data-mention="{colleague}">@Piotr Zima</span>.')
    assert meeting["attendeeDescriptionText"] == "Hello Tomasz\n\nBring plans."
    tied = {(one["record"] or one["contact"])["id"] for one in meeting["associations"]}
    assert tied == {f"rec_{office.deal.id}", contact}


async def scheduled(phone: Phone, office: Office, **fields: Any) -> Any:
    """A meeting with the contact in three days."""
    given = {
        "title": "Roof plans",
        "startsAt": a_day_ahead(10).isoformat(),
        "endsAt": a_day_ahead(11).isoformat(),
        "attendees": [{"contact": f"con_{office.contact.id}"}],
    }
    return (await phone.tap("schedule_meeting", input=given | fields))["meeting"]


@pytest.mark.capability("S1-41", "S1-43", "S2-41", "S2-54", "S2-56", "S2-58", "S2-59")
@pytest.mark.parametrize("client", ["MOBILE_IOS", "MOBILE_ANDROID", "WEB"])
async def test_record_menu_edit_save_and_the_outcome_at_the_top(office: Office, client: str) -> None:
    phone = await office.phone_of(office.ines)
    made = await scheduled(phone, office, client=client)
    await office.mails()
    opened = await phone.tap("meeting", id=made["id"])
    keys = [one["key"] for one in opened["outcomes"] if not one["isArchived"]]
    assert keys == ["SCHEDULED", "COMPLETED", "RESCHEDULED", "NO_SHOW", "CANCELED"]
    version = opened["meeting"]["version"]

    later = {"startsAt": a_day_ahead(14).isoformat(), "location": {"kind": "PHONE", "text": "+48 600 100 200"}}
    saved = await phone.tap("edit_meeting", input={"meeting": made["id"], "expectedVersion": version, "changes": later})
    moved = await office.mails()
    assert to(moved) == sorted([office.ines.email, office.contact.email])
    assert {(event_in(mail)["sequence"], event_in(mail).decoded("dtstart")) for mail in moved} == {(1, a_day_ahead(14))}

    stale = {"meeting": made["id"], "expectedVersion": version, "changes": {"title": "Mine"}}
    refused = await phone.press("edit_meeting", input=stale)
    assert ([one["code"] for one in refused["userErrors"]], refused["meeting"]["version"]) == (
        ["CONFLICT"],
        version + 1,
    )

    given = {"meeting": made["id"], "outcome": "COMPLETED", "expectedVersion": saved["meeting"]["version"]}
    recorded = await phone.tap("record_outcome", input=given)
    assert recorded["meeting"]["outcome"]["key"] == "COMPLETED"
    assert await office.mails() == []


@pytest.mark.capability("S2-22", "S2-23", "S2-38")
async def test_notes_and_files_are_for_colleagues(office: Office) -> None:
    ines, piotr = await office.phone_of(office.ines), await office.phone_of(office.piotr)
    made = await scheduled(ines, office)
    await office.mails()
    note = {"meeting": made["id"], "body": f"@[usr_{office.ines.id}] the gate is on the left", "idempotencyKey": "n"}
    written = (await piotr.tap("add_internal_note", input=note))["note"]
    (mail,) = await office.mails()
    assert (to([mail]), "gate" in mail.as_string()) == ([office.ines.email], False)
    await piotr.tap("edit_internal_note", input={"note": written["id"], "body": "On the right"})

    file = {"meeting": made["id"], "name": "Plan.pdf", "contentType": "application/pdf", "sizeBytes": len(PDF)}
    announced = await piotr.tap("attach_file", input=file)
    address = announced["uploadUrl"].removeprefix("https://meet.example.com")
    assert (await office.client.put(address, content=PDF)).status_code == 201

    seen = (await ines.tap("meeting", id=made["id"]))["meeting"]
    assert [(one["body"], one["author"]["name"]) for one in seen["notes"]] == [("On the right", "Piotr Zima")]
    (kept,) = seen["attachments"]
    fetched = await office.client.get(kept["downloadUrl"].removeprefix("https://meet.example.com"))
    assert (fetched.content, fetched.headers["content-disposition"].split(";")[0]) == (PDF, "attachment")

    refused = await ines.press("edit_internal_note", input={"note": written["id"], "body": "Mine"})
    assert [one["code"] for one in refused["userErrors"]] == ["FORBIDDEN"]
    await piotr.tap("delete_internal_note", input={"note": written["id"]})
    await ines.tap("delete_attachment", input={"attachment": kept["id"]})
    left = (await ines.tap("meeting", id=made["id"]))["meeting"]
    assert [(one["body"], one["deletedAt"] is None) for one in left["notes"]] == [("", False)]
    assert left["attachments"] == []
    assert await office.mails() == []


@pytest.mark.capability(
    "S2-03", "S2-26", "S2-29", "S2-37", "S2-42", "S2-43", "S2-44", "S2-45", "S2-46", "S2-47", "S2-48", "S2-49", "S2-51",
    "S2-53",
)  # fmt: skip
async def test_a_colleague_is_booked_by_name_or_by_turns(office: Office) -> None:
    phone, other = await office.phone_of(office.ines), await office.phone_of(office.piotr)
    rotation = await Rotation.create(account=office.account, name="Sales")
    for place, user in enumerate((office.piotr, office.ada)):
        await RotationMember.create(rotation=rotation, user=user, position=place)
    await scheduled(other, office, title="Salary talk", attendees=[])
    await office.mails()
    day = {"from": a_day_ahead(8).isoformat(), "to": a_day_ahead(18).isoformat()}
    (piotr,) = (await phone.tap("check_availability", hosts=[f"usr_{office.piotr.id}"], **day))["hostAvailability"]
    assert [(one["title"], one["meeting"]) for one in piotr["busy"]] == [("Busy", None)]

    busy = {"title": "x", "startsAt": a_day_ahead(10).isoformat(), "endsAt": a_day_ahead(11).isoformat()}
    refused = await phone.press("schedule_meeting", input=busy | {"host": f"usr_{office.piotr.id}"})
    assert [one["code"] for one in refused["userErrors"]] == ["HOST_BUSY"]
    over = await phone.tap("schedule_meeting", input=busy | {"host": f"usr_{office.piotr.id}", "allowOverlap": True})
    assert over["meeting"]["host"]["name"] == "Piotr Zima"

    turns = f"rot_{rotation.id}"
    suggested = await phone.tap("schedule_meeting", input=busy | {"rotation": turns, "dryRun": True})
    assert suggested["preview"]["host"]["name"] == "Ada Nowak"
    later = {"startsAt": a_day_ahead(15).isoformat(), "endsAt": a_day_ahead(16).isoformat(), "rotation": turns}
    by_turn = await scheduled(phone, office, **later)
    assert by_turn["host"]["name"] == "Piotr Zima"
    chosen = await scheduled(phone, office, host=f"usr_{office.piotr.id}", **later | {"allowOverlap": True})
    assert await RotationMember.filter(user_id=office.piotr.id).values_list("assigned", flat=True) == [2]
    await phone.tap("delete_meeting", input={"meeting": chosen["id"]})
    assert await RotationMember.filter(user_id=office.piotr.id).values_list("assigned", flat=True) == [1]

    seen = (await phone.tap("meeting", id=by_turn["id"]))["meeting"]
    assert (seen["organizer"]["name"], seen["host"]["name"]) == ("Ines Marek", "Piotr Zima")
    assert office.ines.email not in [one["email"] for one in seen["attendees"]]
    wrong = {
        "VIDEO_NOT_CONNECTED": {"location": {"kind": "VIDEO"}},
        "ATTENDEE_EMAIL_INVALID": {"attendees": [{"address": "nobody"}]},
        "SEAT_REQUIRED": {"host": f"usr_{office.ada.id}"},
        "CALENDAR_NOT_CONNECTED": {"host": f"usr_{office.piotr.id}"},
    }
    await User.filter(id=office.ada.id).update(has_seat=False)
    for code, fields in wrong.items():
        if code == "CALENDAR_NOT_CONNECTED":
            await CalendarAccount.filter(user_id=office.piotr.id).delete()
        given = {"title": "x", "startsAt": a_day_ahead(17).isoformat(), "endsAt": a_day_ahead(18).isoformat()} | fields
        refused = await phone.press("schedule_meeting", input=given)
        assert [one["code"] for one in refused["userErrors"]] == [code]


@pytest.mark.capability("S2-24", "S2-39")
async def test_associations_are_ticked_and_unticked_and_a_meeting_is_called_off(office: Office) -> None:
    phone = await office.phone_of(office.ines)
    made = await scheduled(phone, office)
    await office.mails()
    ties = {"meeting": made["id"], "records": [f"rec_{office.deal.id}"]}
    ticked = (await phone.tap("associate_records", input=ties))["meeting"]["associations"]
    assert [one["record"] and one["record"]["name"] for one in ticked] == [None, "New roof"]
    unticked = (await phone.tap("dissociate_records", input=ties))["meeting"]["associations"]
    assert [one["record"] for one in unticked] == [None]
    off = await phone.tap("cancel_meeting", input={"meeting": made["id"], "reason": "Snow"})
    assert off["meeting"]["outcome"]["key"] == "CANCELED"
    (mail,) = await office.mails()
    assert (to([mail]), str(event_in(mail)["status"]), "Snow" in mail.as_string()) == (
        [office.contact.email],
        "CANCELLED",
        True,
    )
