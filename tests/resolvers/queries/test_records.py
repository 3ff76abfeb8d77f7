"""Contacts and records as the phone asks for them: looked for, opened, and what happened around them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from server import clock, database
from server.accounts.viewer import Viewer
from server.changes.log import record_change
from server.models import Contact, ObjectType, Record
from server.models.enums import ChangeKind, RecordKind, Role
from tests.factories import a_contact, a_meeting, a_user, an_account
from tests.resolvers.asking import viewer_for
from tests.resolvers.documents import operation
from tests.server.web.fastpath.asking import Both

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


@dataclass
class Scene:
    """A company, a contact of it, and a meeting that a colleague arranged for the host."""

    viewer: Viewer
    company: Record
    contact: Contact
    meeting: str


async def a_scene() -> Scene:
    account = await an_account()
    host = await a_user(account, "Ines Marek", role=Role.ADMIN)
    organizer = await a_user(account, "Karol Nowak")
    company = await Record.create(account=account, kind=RecordKind.COMPANY, name="Meridian")
    contact = await a_contact(account, company=company, properties={"Tier": "Gold"})
    await ObjectType.create(account=account, key="machine", label="Machine", plural_label="Machines")
    meeting = await a_meeting(host, NOON, contact=contact, organizer_id=organizer.id, outcome="COMPLETED")
    with clock.travel(NOON):
        async with database.transaction():
            data = {"outcome": "COMPLETED"}
            kind = ChangeKind.OUTCOME_RECORDED
            await record_change(kind, account_id=account.id, meeting_id=meeting.id, actor="user:1", data=data)
    return Scene(viewer_for(host), company, contact, f"mtg_{meeting.id}")


def asked(scene: Scene) -> dict[str, dict[str, Any]]:
    """What the phone sends on the way from its menu to a record."""
    days = {"from": "2026-11-01", "to": "2026-11-30"}
    return {
        "records": {"kind": "COMPANY", "search": "meridain"},
        "record_timeline": {"id": f"con_{scene.contact.id}"},
        "meeting_report": {"range": days, "groupBy": "ORGANIZER_AND_HOST"},
    }


@pytest.mark.capability("S2-31")
async def test_the_phone_goes_from_contacts_to_a_record_and_its_meetings(db: str) -> None:
    """Menu, contacts, record, more, meetings: every step an operation of the contract, answered by plan."""
    scene, both = await a_scene(), Both()
    found = await both.planned(operation("contacts"), scene.viewer, search="tom", first=10)
    (edge,) = found["contacts"]["edges"]
    assert edge["node"]["company"] == {"id": f"rec_{scene.company.id}", "name": "Meridian"}
    told = await both.planned(operation("record_timeline"), scene.viewer, id=edge["node"]["id"])
    assert (told["node"]["__typename"], told["node"]["name"]) == ("Contact", "Tomasz Lis")
    meeting, change = (one["node"] for one in told["timeline"]["edges"])
    assert (meeting["at"], meeting["change"], meeting["meeting"]["id"]) == ("2026-11-24T12:00:00Z", None, scene.meeting)
    people = {name: meeting["meeting"][name]["name"] for name in ("host", "organizer")}
    assert people == {"host": "Ines Marek", "organizer": "Karol Nowak"}
    assert (change["change"]["kind"], change["change"]["outcome"]) == ("OUTCOME_RECORDED", "COMPLETED")


@pytest.mark.capability("S2-51")
@pytest.mark.parametrize("name", ["records", "record_timeline", "meeting_report"])
async def test_the_operations_are_answered_as_by_the_reference(db: str, name: str) -> None:
    scene, both = await a_scene(), Both()
    given = asked(scene)[name]
    front, reference = await both.answers(operation(name), scene.viewer, **given)
    assert front == reference
    assert await both.planned(operation(name), scene.viewer, **given)


async def test_a_contact_is_saved_from_the_phone(db: str) -> None:
    scene, both = await a_scene(), Both()
    given = {"email": "mei@client.example", "firstName": "Mei", "company": f"rec_{scene.company.id}"}
    properties = [{"name": "Site", "value": "Keelung"}]
    told = await both.planned(operation("upsert_contact"), scene.viewer, input=given | {"properties": properties})
    contact = told["upsertContact"]["contact"]
    assert (told["upsertContact"]["isNew"], told["upsertContact"]["userErrors"]) == (True, [])
    assert (contact["name"], contact["company"]["name"], contact["properties"]) == ("Mei", "Meridian", properties)


@pytest.mark.capability("S1-43")
async def test_the_outcome_is_recorded_from_the_timeline_of_a_record(db: str) -> None:
    """Record, the meeting on it, edit, outcome, save: and the timeline says so."""
    scene, both = await a_scene(), Both()
    of = {"id": f"rec_{scene.company.id}"}
    before = await both.planned(operation("record_timeline"), scene.viewer, **of)
    meeting = before["timeline"]["edges"][0]["node"]["meeting"]
    assert (before["node"]["recordName"], meeting["outcome"]["key"]) == ("Meridian", "COMPLETED")
    given = {"meeting": meeting["id"], "outcome": "NO_SHOW"}
    with clock.travel(NOON + timedelta(hours=1)):
        await both.planned(operation("record_outcome"), scene.viewer, input=given)
    after = await both.planned(operation("record_timeline"), scene.viewer, **of)
    entries = [edge["node"] for edge in after["timeline"]["edges"]]
    outcomes = [one["change"]["outcome"] for one in entries if one["change"]]
    assert (len(entries), outcomes) == (3, ["NO_SHOW", "COMPLETED"])
    assert {one["meeting"]["outcome"]["key"] for one in entries} == {"NO_SHOW"}


@pytest.mark.capability("S1-42")
@pytest.mark.parametrize("search", [None, "", " ", "mer"])
async def test_a_list_without_words_to_look_for_is_by_name(db: str, search: str | None) -> None:
    scene, both = await a_scene(), Both()
    await Record.create(account_id=scene.viewer.account_id, kind=RecordKind.COMPANY, name="Ash & Merton")
    told = await both.planned(operation("records"), scene.viewer, search=search)
    names = [edge["node"]["name"] for edge in told["records"]["edges"]]
    assert names == (["Meridian", "Ash & Merton"] if search == "mer" else ["Ash & Merton", "Meridian"])
    assert told["objectTypes"] == [{"key": "machine", "label": "Machine", "pluralLabel": "Machines"}]
