"""A contact is found or made."""

from __future__ import annotations

import asyncio

import pytest

from server import database
from server.contacts.upsert import Person, owner_of, upsert_contact
from server.models import Contact
from tests.factories import a_contact, a_user, an_account


@pytest.mark.capability("S1-16")
async def test_upsert_makes_a_contact_once_an_account(db: str) -> None:
    first, second = await an_account(), await an_account()
    person = Person("tomasz@client.example", "Tomasz", "Lis", "+48 600 100 200")
    for account in (first, first, second):
        async with database.transaction():
            await upsert_contact(account.id, person)
    rows = await Contact.all().order_by("id").values_list("account_id", "email", "first_name", "last_name", "phone")
    assert rows == [
        (account.id, "tomasz@client.example", "Tomasz", "Lis", "+48 600 100 200") for account in (first, second)
    ]


async def test_upsert_fills_in_what_was_empty_and_leaves_what_is_known(db: str) -> None:
    account = await an_account()
    known = {"company": "Harbour Ltd", "job_title": ""}
    await a_contact(account, "Tom", "", email="tomasz@client.example", properties=known)
    said = {"company": "Impostor Ltd", "job_title": "Architect", "website": "harbour.example"}
    async with database.transaction():
        person = Person("tomasz@client.example", "Impostor", "Lis", "+48 600 100 200", said)
        await upsert_contact(account.id, person)
    contact = await Contact.get()
    assert (contact.first_name, contact.last_name, contact.phone) == ("Tom", "", "+48 600 100 200")
    assert contact.properties == said | {"company": "Harbour Ltd"}


async def test_upsert_by_many_at_once_makes_one(db: str) -> None:
    account = await an_account()

    async def one(number: int) -> int:
        async with database.transaction():
            return (await upsert_contact(account.id, Person("tomasz@client.example", f"T{number}"))).id

    assert len(set(await asyncio.gather(*(one(number) for number in range(10))))) == 1


async def test_owner_of_is_nobody_for_whoever_is_unknown_or_unowned(db: str) -> None:
    account = await an_account()
    owner = await a_user(account)
    await a_contact(account, email="owned@client.example", owner=owner)
    await a_contact(account, email="free@client.example")
    addresses = ("owned@client.example", "free@client.example", "new@client.example")
    assert [await owner_of(account.id, address) for address in addresses] == [owner.id, None, None]
