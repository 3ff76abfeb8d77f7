"""Whoever keeps the records says what is known of a contact."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from server import clock
from server.accounts.scopes import READ_SCOPES
from server.changes.data_version import data_version
from server.contacts.save_contact import ContactEntry, Saved, save_contact
from server.errors import ErrorCode, Refused
from server.models import Account, Contact, Record, User
from server.models.enums import RecordKind
from tests.factories import a_contact, a_meeting, a_user, an_account
from tests.resolvers.asking import answer, viewer_for

pytestmark = pytest.mark.capability("S1-42")

ENTRY = ContactEntry(email="Tomasz@Client.Example", first_name=" Tomasz ", last_name="Lis", phone="+48 600 100 200")


async def a_keeper() -> tuple[Account, User]:
    account = await an_account()
    return account, await a_user(account)


async def complaints(user: User, entry: ContactEntry) -> list[tuple[ErrorCode, tuple[str, ...]]]:
    with pytest.raises(Refused) as refused:
        await save_contact(viewer_for(user), entry)
    return [(one.code, one.path) for one in refused.value.complaints]


async def test_a_contact_is_made_and_found_again_by_address(db: str) -> None:
    account, user = await a_keeper()
    made = await save_contact(viewer_for(user), ENTRY)
    again = await save_contact(viewer_for(user), ContactEntry(email="tomasz@client.example", time_zone="Asia/Tokyo"))
    contact = await Contact.get()
    assert (made, again) == (Saved(contact.id, is_new=True), Saved(contact.id, is_new=False))
    known = (contact.account_id, contact.email, contact.first_name, contact.phone, contact.time_zone)
    assert known == (account.id, "tomasz@client.example", "Tomasz", "+48 600 100 200", "Asia/Tokyo")


async def test_an_external_id_finds_the_contact_whose_address_changed(db: str) -> None:
    _, user = await a_keeper()
    made = await save_contact(viewer_for(user), replace(ENTRY, external_id="crm-7"))
    moved = await save_contact(viewer_for(user), ContactEntry(external_id="crm-7", email="new@client.example"))
    contact = await Contact.get()
    assert (moved.id, contact.email, contact.first_name) == (made.id, "new@client.example", "Tomasz")


async def test_owner_company_and_properties_are_kept_and_taken_back(db: str) -> None:
    account, user = await a_keeper()
    company = await Record.create(account=account, kind=RecordKind.COMPANY, name="Meridian")
    entry = replace(ENTRY, owner_id=user.id, company_id=company.id, properties=(("Tier", "Gold"), ("Size", "40")))
    made = await save_contact(viewer_for(user), entry)
    contact = await Contact.get()
    told = (contact.owner_id, contact.company_id, contact.properties)
    assert told == (user.id, company.id, {"Size": "40", "Tier": "Gold"})
    changes = ContactEntry(
        contact_id=made.id, properties=(("Size", None), ("Tier", "Silver")), clear=("owner", "company", "phone")
    )
    await save_contact(viewer_for(user), changes)
    contact = await Contact.get()
    told = (contact.owner_id, contact.company_id, contact.properties, contact.phone)  # type: ignore[assignment]  # one more
    assert told == (None, None, {"Tier": "Silver"}, "")


async def test_everything_wrong_is_told_at_once_with_its_place(db: str) -> None:
    _, user = await a_keeper()
    stranger = await a_user(await an_account("Ash"))
    entry = ContactEntry(
        email="nobody at home",
        first_name="x" * 201,
        owner_id=stranger.id,
        company_id=99,
        time_zone="Mars/Phobos",
        locale="tlh-Qaak-x",
        properties=(("", "x"), ("y", "x" * 1001)),
    )
    assert sorted(await complaints(user, entry)) == [
        (ErrorCode.EMAIL_INVALID, ("email",)),
        (ErrorCode.NAME_REQUIRED, ("properties", "0", "name")),
        (ErrorCode.NOT_FOUND, ("company",)),
        (ErrorCode.NOT_FOUND, ("owner",)),
        (ErrorCode.SETTING_INVALID, ("locale",)),
        (ErrorCode.TEXT_TOO_LONG, ("firstName",)),
        (ErrorCode.TEXT_TOO_LONG, ("properties", "1", "value")),
        (ErrorCode.TIME_ZONE_INVALID, ("timeZone",)),
    ]
    assert await Contact.all().count() == 0


async def test_only_a_colleague_who_is_there_owns_and_only_a_company_is_one(db: str) -> None:
    account, user = await a_keeper()
    gone = await a_user(account, "Gone", is_active=False)
    deal = await Record.create(account=account, kind=RecordKind.DEAL, name="New roof")
    entry = ContactEntry(email="tomasz@client.example", owner_id=gone.id, company_id=deal.id)
    found = await complaints(user, entry)
    assert sorted(found) == [(ErrorCode.NOT_FOUND, ("company",)), (ErrorCode.NOT_FOUND, ("owner",))]


async def test_an_address_of_somebody_else_is_refused(db: str) -> None:
    account, user = await a_keeper()
    await a_contact(account, email="taken@client.example")
    other = await a_contact(account, email="other@client.example", external_id="crm-1")
    for entry in (
        ContactEntry(contact_id=other.id, email="taken@client.example"),
        ContactEntry(external_id="crm-1", email="taken@client.example"),
    ):
        assert await complaints(user, entry) == [(ErrorCode.ALREADY_USED, ("email",))]


async def test_fifty_properties_are_enough(db: str) -> None:
    _, user = await a_keeper()
    many = tuple((f"p{number}", "x") for number in range(51))
    assert await complaints(user, replace(ENTRY, properties=many)) == [(ErrorCode.SETTING_INVALID, ("properties",))]


@pytest.mark.parametrize("entry", [ContactEntry(first_name="Nobody"), ContactEntry(external_id="crm-9")])
async def test_a_new_contact_needs_an_address(db: str, entry: ContactEntry) -> None:
    _, user = await a_keeper()
    assert await complaints(user, entry) == [(ErrorCode.EMAIL_INVALID, ("email",))]


async def test_the_same_key_makes_one_contact(db: str) -> None:
    _, user = await a_keeper()
    first = await save_contact(viewer_for(user), ENTRY, idempotency_key="k")
    await Contact.all().update(phone="changed since")
    assert await save_contact(viewer_for(user), ENTRY, idempotency_key="k") == first
    assert (await Contact.get()).phone == "changed since"


async def test_a_token_without_the_scope_changes_nothing(db: str) -> None:
    _, user = await a_keeper()
    with pytest.raises(Refused) as refused:
        await save_contact(viewer_for(user, scopes=READ_SCOPES), ENTRY)
    assert [one.code for one in refused.value.complaints] == [ErrorCode.FORBIDDEN]


TODAY = "{ todayMeetings { contact { name } company { name } } }"
RENAME = """mutation ($contact: ID!, $record: ID!) {
  upsertContact(input: {contact: $contact, lastName: "Wilk"}) { contact { name } isNew userErrors { code } }
  upsertRecord(input: {record: $record, name: "Meridian AG"}) { record { name } isNew userErrors { code } } }"""


async def test_a_renamed_contact_or_company_shows_on_today(db: str) -> None:
    account, user = await a_keeper()
    company = await Record.create(account=account, kind=RecordKind.COMPANY, name="Meridian")
    contact = await a_contact(account, "Tomasz", "Lis", company=company)
    with clock.travel(datetime(2026, 11, 24, 9, tzinfo=UTC)):
        await a_meeting(user, contact=contact)
        before, version = await answer(TODAY, viewer_for(user)), await data_version(account.id)
        given: dict[str, Any] = {"contact": f"con_{contact.id}", "record": f"rec_{company.id}"}
        assert await answer(RENAME, viewer_for(user), **given) == {
            "upsertContact": {"contact": {"name": "Tomasz Wilk"}, "isNew": False, "userErrors": []},
            "upsertRecord": {"record": {"name": "Meridian AG"}, "isNew": False, "userErrors": []},
        }
        after = await answer(TODAY, viewer_for(user))
    assert before == {"todayMeetings": [{"contact": {"name": "Tomasz Lis"}, "company": {"name": "Meridian"}}]}
    assert after == {"todayMeetings": [{"contact": {"name": "Tomasz Wilk"}, "company": {"name": "Meridian AG"}}]}
    assert await data_version(account.id) == version + 2
