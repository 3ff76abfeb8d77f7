"""The reference reader: rows as objects, relations in few statements, lists ordered and bounded."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from schema import reference
from schema.reading import Children
from schema.reference import ReferenceReader, resolve
from schema.reference_rows import children_of, columns_of
from schema.types.link import MeetingLink
from schema.types.user import User
from server import models
from server.database.rows import Rows
from server.models import Attendee, CalendarAccount
from server.models.enums import AttendeeKind
from tests.factories import a_contact, a_link, a_meeting, a_user, an_account
from tests.resolvers.asking import answer, asked, statements, viewer_for

NOON = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)


async def value(source: Any, name: str) -> Any:
    """What a field of an object is, awaited if it has to be."""
    found = resolve(source, name)
    return await found if asyncio.iscoroutine(found) else found


def test_no_secret_column_is_ever_fetched() -> None:
    assert "password_hash" not in columns_of(models.User)
    assert "digest" not in columns_of(models.ApiToken)


async def test_an_object_reads_its_row_its_relations_and_what_is_computed(db: str) -> None:
    ines = await a_user(await an_account(), "Ines Marek")
    link = await a_link(ines, slug="ines", location_text="Room 2")
    rows = Rows(models.MeetingLink, "t.id = $1", (link.id,))
    found = await ReferenceReader(None).one(MeetingLink, rows)
    assert [await value(found, name) for name in ("id", "url", "time_zone", "durations_minutes", "rotation")] == [
        f"lnk_{link.id}",
        "https://meet.example.com/m/ines",
        "Europe/Warsaw",
        [30],
        None,
    ]
    owner, location = await value(found, "owner"), await value(found, "location")
    assert (type(owner), await value(owner, "name")) == (User, "Ines Marek")
    assert [await value(location, name) for name in ("kind", "text", "join_url")] == ["CUSTOM", "Room 2", None]


@pytest.mark.capability("S1-05")
async def test_a_link_is_offline_without_a_calendar_that_syncs(db: str) -> None:
    ines = await a_user(await an_account())
    link = await a_link(ines)
    document = "query ($id: ID!) { meetingLink(id: $id) { isOffline } }"
    before = await answer(document, viewer_for(ines), id=f"lnk_{link.id}")
    await CalendarAccount.filter(user_id=ines.id).update(syncs=False)
    after = await answer(document, viewer_for(ines), id=f"lnk_{link.id}")
    assert (before, after) == ({"meetingLink": {"isOffline": False}}, {"meetingLink": {"isOffline": True}})


async def test_a_page_says_where_it_ends(db: str) -> None:
    account = await an_account()
    for name in ("Ada", "Bo", "Cy"):
        await a_user(account, name)
    rows = Rows(models.User, "t.account_id = $1", (account.id,), ("name", "id"))
    reader = ReferenceReader(None)
    first = await reader.page(User, rows, 2, None)
    second = await reader.page(User, rows, 2, first.page_info.end_cursor)
    names = [[await value(edge.node, "name") for edge in page.edges] for page in (first, second)]
    assert names == [["Ada", "Bo"], ["Cy"]]
    assert (first.page_info.has_next_page, second.page_info.has_next_page) == (True, False)
    assert [edge.cursor for edge in first.edges][-1] == first.page_info.end_cursor


async def test_children_come_in_order_and_no_more_than_their_bound(db: str) -> None:
    ines = await a_user(await an_account())
    meetings = [await a_meeting(ines, NOON + timedelta(hours=index)) for index in range(2)]
    for meeting in meetings:
        for index in range(4):
            email = f"guest{index}@client.example"
            await Attendee.create(
                account_id=ines.account_id, meeting=meeting, kind=AttendeeKind.GUEST, name=f"{9 - index}", email=email
            )
    read = Children(models.Attendee, "meeting_id", ("-name", "id"), limit=3, condition="t.kind = 'GUEST'")
    found = await children_of(read, [meetings[1].id, 999_999, meetings[0].id])
    assert [[row["name"] for row in rows] for rows in found] == [["9", "8", "7"], [], ["9", "8", "7"]]


async def test_what_is_asked_for_together_is_read_together(db: str, monkeypatch: pytest.MonkeyPatch) -> None:
    account = await an_account()
    ines = await a_user(account)
    for index in range(7):
        contact = await a_contact(account, owner=ines)
        await a_meeting(ines, NOON + timedelta(hours=index), contact=contact)
    document = """{ meetings(first: 50) { edges { node {
      host { name } organizer { name } contact { name owner { name } }
      attendees { user { name } } history { kind } } } } }"""
    with statements(monkeypatch) as sent:
        await answer(document, viewer_for(ines))
    # Owners and attending users are read together or one after the other, whichever answer comes first.
    assert len(sent) in (6, 7)


async def test_a_failing_field_does_not_take_its_siblings_down(db: str, monkeypatch: pytest.MonkeyPatch) -> None:
    account = await an_account()
    ines = await a_user(account)
    for index in range(3):
        await a_meeting(ines, NOON + timedelta(hours=index), contact=await a_contact(account))
    load = reference.reference_rows.by_id

    async def broken(model: Any, keys: Any) -> Any:
        if model is models.Contact:
            raise ConnectionError("the table is away")
        return await load(model, keys)

    monkeypatch.setattr(reference.reference_rows, "by_id", broken)
    document = "{ meetings(first: 9) { edges { node { host { name } contact { name } } } } }"
    result = await asked(document, viewer_for(ines))
    assert result.data is not None
    nodes = [edge["node"] for edge in result.data["meetings"]["edges"]]
    assert (nodes, len(result.errors or ())) == ([{"host": {"name": ines.name}, "contact": None}] * 3, 3)


async def test_an_object_that_a_door_made_hands_out_its_attributes() -> None:
    class Plain:
        name = "plain"

    assert resolve(Plain(), "name") == "plain"
