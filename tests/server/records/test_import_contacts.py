"""Many contacts come in at once: all of them, or none."""

from __future__ import annotations

import os
import time
from typing import Any

import pytest

from server import database
from server.changes.data_version import data_version
from server.contacts import queries
from server.contacts.search import search
from server.errors import ErrorCode
from server.models import Account, Contact, Record
from server.models.enums import RecordKind
from server.records.csv_table import read_table
from server.records.import_contacts import Imported, RepeatedLine, import_contacts
from tests.factories import a_contact, a_user, an_account
from tests.resolvers.asking import viewer_for

pytestmark = pytest.mark.capability("S1-42")

GOOD = """Email,First name,Last name,Phone,Company,Owner,Time zone,Language,ID,Stage
Tomasz@Client.example,Tomasz,Lis,+48 600,Meridian,INES@linden.example,Europe/Warsaw,pl,7,Lead
ana@client.example,Ana,Sousa,,meridian,,,,8,
joao@client.example,João,,,,,,,,
"""
SAME = "SELECT count(*) FROM contact"


async def imported(account: Account, text: str, **how: Any) -> Imported:
    return await import_contacts(account.id, read_table(text.encode()), **how)


async def known(account: Account) -> list[tuple[Any, ...]]:
    rows = await Contact.filter(account=account).order_by("id")
    return [(one.email, one.first_name, one.last_name, one.external_id) for one in rows]


async def an_account_of_ines() -> Account:
    account = await an_account()
    await a_user(account, "Ines", email="ines@linden.example")
    return account


async def test_contacts_are_taken_over_with_company_and_owner(db: str) -> None:
    account = await an_account_of_ines()
    version = await data_version(account.id)
    done = await imported(account, GOOD, keeps_others=True)
    assert done == Imported(3, 0, 0, 1, (), is_written=True)
    assert await known(account) == [
        ("tomasz@client.example", "Tomasz", "Lis", "7"),
        ("ana@client.example", "Ana", "Sousa", "8"),
        ("joao@client.example", "João", "", None),
    ]
    first, second, _ = await Contact.filter(account=account).order_by("id").prefetch_related("owner", "company")
    assert first.owner is not None
    assert first.company is not None
    told = (first.owner.name, first.company.name, first.company.kind, first.time_zone, first.locale, first.properties)
    assert told == ("Ines", "Meridian", RecordKind.COMPANY, "Europe/Warsaw", "pl", {"Stage": "Lead"})
    assert (second.company_id, second.properties) == (first.company_id, {})
    assert await data_version(account.id) == version + 1


async def test_who_was_taken_over_is_found(db: str) -> None:
    account = await an_account_of_ines()
    await imported(account, GOOD)
    viewer = viewer_for(await a_user(account))
    hits = await search(queries.contacts(viewer), account.id, "joao", first=5, after=None)
    assert hits is not None
    assert [(await Contact.get(id=number)).first_name for number in hits.numbers] == ["João"]


async def test_the_same_file_again_changes_nothing(db: str) -> None:
    account = await an_account_of_ines()
    await imported(account, GOOD, keeps_others=True)
    before, version = await known(account), await data_version(account.id)
    again = await imported(account, GOOD, keeps_others=True)
    assert again == Imported(0, 0, 3, 0, (), is_written=True)
    assert (await known(account), await data_version(account.id)) == (before, version)
    assert await Record.all().count() == 1


async def test_an_empty_cell_leaves_what_is_known(db: str) -> None:
    account = await an_account_of_ines()
    await a_contact(account, "Tom", "Fox", email="tomasz@client.example", phone="+1")
    await a_contact(account, "Old", "Name", email="old@client.example", external_id="8")
    done = await imported(account, "email,last name,phone,id\ntomasz@client.example,Lis,,\nnew@client.example,,,8\n")
    assert done == Imported(0, 2, 0, 0, (), is_written=True)
    rows = await Contact.filter(account=account).order_by("id").values_list("email", "first_name", "last_name", "phone")
    assert list(rows) == [("tomasz@client.example", "Tom", "Lis", "+1"), ("new@client.example", "Old", "Name", "")]


async def test_a_later_line_adds_to_an_earlier_one_of_the_same_contact(db: str) -> None:
    account = await an_account_of_ines()
    text = "email,first name,last name\na@x.example,Ana,\nA@x.example,,Sousa\n"
    assert await imported(account, text) == Imported(
        1, 0, 0, 0, (), is_written=True, repeated=(RepeatedLine(3, 2, "a@x.example"),)
    )
    assert await known(account) == [("a@x.example", "Ana", "Sousa", None)]


async def test_every_good_line_is_in_one_count(db: str) -> None:
    account = await an_account_of_ines()
    await a_contact(account, "Old", "One", email="old@x.example", external_id="9")
    await a_contact(account, "Same", "Two", email="same@x.example")
    text = (
        "email,first name,id\nold@x.example,Old,\nsame@x.example,Same,\nnew@x.example,New,\n"
        "old@x.example,Older,\nsame@x.example,Same,\nnewer@x.example,,9\nnew@x.example,New,\n"
    )
    done = await imported(account, text)
    assert done == Imported(
        1,
        1,
        1,
        0,
        (),
        is_written=True,
        repeated=tuple(
            RepeatedLine(line, first, email)
            for line, first, email in (
                (5, 2, "old@x.example"),
                (6, 3, "same@x.example"),
                (7, 2, "newer@x.example"),
                (8, 4, "new@x.example"),
            )
        ),
    )


BAD = (
    """email;first name;time zone;language;owner;id
good@x.example;Good;;;;1
nobody;B;Mars/Phobos;;;
;C;;;;
c@x.example;D;;xx-nope-1;who@linden.example;
good@x.example;E;;;;2;surplus
"""
    + f"d@x.example;{'x' * 201};;;;\n"
)


async def test_every_bad_line_is_told_with_its_column_and_how_to_mend_it(db: str) -> None:
    account = await an_account_of_ines()
    done = await imported(account, BAD)
    assert [(one.line, one.column, one.code) for one in done.bad] == [
        (3, "email", ErrorCode.EMAIL_INVALID),
        (3, "time zone", ErrorCode.TIME_ZONE_INVALID),
        (4, "email", ErrorCode.EMAIL_INVALID),
        (5, "language", ErrorCode.SETTING_INVALID),
        (5, "owner", ErrorCode.NOT_FOUND),
        (6, "", ErrorCode.SETTING_INVALID),
        (7, "first name", ErrorCode.TEXT_TOO_LONG),
    ]
    assert all(one.wrong.endswith((".", ";' in them.")) for one in done.bad)
    assert (done.is_written, await known(account)) == (False, [])


async def test_bad_lines_are_skipped_if_that_was_said(db: str) -> None:
    account = await an_account_of_ines()
    done = await imported(account, BAD, skips_bad_lines=True)
    assert (done.made, done.is_written, len(done.bad)) == (1, True, 7)
    assert await known(account) == [("good@x.example", "Good", "", "1")]


async def test_a_dry_run_tells_and_writes_nothing(db: str) -> None:
    account = await an_account_of_ines()
    assert await imported(account, GOOD, is_dry_run=True) == Imported(3, 0, 0, 1, (), is_written=False)
    assert (await known(account), await Record.all().count()) == ([], 0)


async def test_two_contacts_in_one_line_are_a_bad_line(db: str) -> None:
    account = await an_account_of_ines()
    await a_contact(account, email="one@x.example", external_id="1")
    await a_contact(account, email="two@x.example")
    done = await imported(account, "email,id\ntwo@x.example,1\nthree@x.example,\n")
    assert [(one.line, one.column, one.code) for one in done.bad] == [(2, "email", ErrorCode.ALREADY_USED)]
    assert (done.is_written, len(await known(account))) == (False, 2)


async def test_a_failure_on_the_way_leaves_nothing(db: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The table refuses an address that is empty, here after hundreds of lines were written."""
    account = await an_account_of_ines()
    lines = "".join(f"p{number}@x.example,Firm {number}\n" for number in range(700))
    table = read_table(f"email,company\n{lines}".encode())

    def on_step(what: str) -> None:
        if what == "written":
            raise ConnectionResetError("the database went away")

    with pytest.raises(ConnectionResetError):
        await import_contacts(account.id, table, on_step=on_step)
    assert (await known(account), await Record.all().count()) == ([], 0)


async def test_of_companies_with_one_name_the_first_is_meant(db: str) -> None:
    account = await an_account_of_ines()
    first, _ = [await Record.create(account=account, kind=RecordKind.COMPANY, name="Meridian") for _ in range(2)]
    await imported(account, "email,company\ntomasz@client.example,MERIDIAN\n")
    assert (await Contact.get()).company_id == first.id


async def test_other_accounts_are_left_alone(db: str) -> None:
    account, other = await an_account_of_ines(), await an_account("Ash")
    theirs = await a_contact(other, "Their", "Own", email="tomasz@client.example", external_id="7")
    await Record.create(account=other, kind=RecordKind.COMPANY, name="Meridian")
    assert (await imported(account, GOOD)).made == 3
    assert await known(other) == [("tomasz@client.example", "Their", "Own", "7")]
    assert await Record.filter(account=other).count() == 1
    assert (await Contact.get(id=theirs.id)).company_id is None


async def test_many_lines_come_in_in_a_reasonable_time(db: str) -> None:
    """Measured: a hundred thousand lines in about a minute on SQLite and on PostgreSQL. Counted is what this process
    does, whatever else the machine is busy with."""
    many = 100_000 if os.environ.get("PARLEY_TEST_FULL") == "1" else 2_000
    account = await an_account_of_ines()
    lines = "".join(f"person{n}@client.example,Name{n},Surname{n % 977},Firm {n % 50}\n" for n in range(many))
    began, steps = time.process_time(), []
    done = await imported(account, f"email,first name,last name,company\n{lines}", on_step=steps.append)
    assert (done.made, done.companies_made) == (many, 50)
    assert (steps.count("checked"), steps.count("written")) == (many, many)
    assert time.process_time() - began < many / 250
    assert (await database.fetch(SAME))[0][0] == many
