"""Snippets are made, found, filled in and put away."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Any

import pytest

from server import database
from server.accounts.viewer import Viewer
from server.errors import ErrorCode, Refused
from server.models import Record, Snippet
from server.models.enums import RecordKind, Role
from server.snippets.expand import expand_snippet
from server.snippets.queries import snippets
from server.snippets.variables import Filled
from server.snippets.write import NewSnippet, SnippetEdit, create_snippet, edit_snippet
from tests.factories import a_contact, a_meeting, a_user, an_account
from tests.server.booking.scene import at, monday
from tests.server.meetings.scene import viewer_of


async def refused(act: Awaitable[Any]) -> list[tuple[ErrorCode, tuple[str, ...]]]:
    before = await Snippet.all().order_by("id").values()
    with pytest.raises(Refused) as caught:
        await act
    assert await Snippet.all().order_by("id").values() == before
    return [(one.code, one.path) for one in caught.value.complaints]


async def listed(viewer: Viewer, **asked: Any) -> list[str]:
    rows = snippets(viewer, **asked)
    sql = f"SELECT t.shortcut FROM snippet t WHERE {rows.condition} ORDER BY {rows.order_sql}"
    return [row[0] for row in await database.fetch(sql, *rows.parameters)]


@pytest.mark.capability("S2-22")
async def test_a_snippet_is_ones_own_or_everybodys(db: str) -> None:
    account = await an_account()
    ines, piotr = await a_user(account), await a_user(account, "Piotr Zima")
    admin = await a_user(account, "Ada", role=Role.ADMIN)
    own = NewSnippet("#Hello", "Hello", "Hi {{contact.firstName}}<script>x</script>", idempotency_key="tap")
    number = await create_snippet(viewer_of(ines), own)
    assert await create_snippet(viewer_of(ines), own) == number
    await create_snippet(viewer_of(admin), NewSnippet("agenda", "What we do 100%", "Line\nline", is_shared=True))
    kept = await Snippet.all().order_by("id").values_list("shortcut", "owner_id", "body")
    assert kept == [("hello", ines.id, "Hi {{contact.firstName}}"), ("agenda", None, "Line<br>line")]
    assert await listed(viewer_of(ines)) == ["agenda", "hello"]
    assert await listed(viewer_of(piotr)) == ["agenda"]
    assert await listed(viewer_of(ines), search="#HEL") == ["hello"]
    assert await listed(viewer_of(ines), search="100%") == ["agenda"]
    await edit_snippet(viewer_of(ines), SnippetEdit(number, shortcut="hi", name="Hi", body="Hi", is_archived=True))
    assert await listed(viewer_of(ines)) == ["agenda"]
    assert await listed(viewer_of(ines), with_archived=True) == ["agenda", "hi"]


async def test_a_snippet_is_refused_for_its_shortcut_its_text_and_its_owner(db: str) -> None:
    account, others = await an_account(), await an_account("Others")
    ines, piotr, stranger = await a_user(account), await a_user(account, "Piotr Zima"), await a_user(others)
    viewer = viewer_of(ines)
    number = await create_snippet(viewer, NewSnippet("hello", "Hello", "Hi"))
    await create_snippet(viewer_of(stranger), NewSnippet("theirs", "x", "x"))
    shared = await Snippet.create(account=account, shortcut="agenda", name="x", body="x")
    wrong = {
        NewSnippet("Hello", "x", "x"): (ErrorCode.ALREADY_USED, ("shortcut",)),
        NewSnippet("a b", "x", "x"): (ErrorCode.SETTING_INVALID, ("shortcut",)),
        NewSnippet("#", "x", "x"): (ErrorCode.SETTING_INVALID, ("shortcut",)),
        NewSnippet("x", " ", "x"): (ErrorCode.NAME_REQUIRED, ("name",)),
        NewSnippet("x", "x", "<p></p>"): (ErrorCode.NAME_REQUIRED, ("body",)),
        NewSnippet("x", "x", "{{contact.email}}"): (ErrorCode.VARIABLE_UNKNOWN, ("body",)),
        NewSnippet("x", "x", "x" * 10_001): (ErrorCode.TEXT_TOO_LONG, ("body",)),
        NewSnippet("x", "x", "x", is_shared=True): (ErrorCode.FORBIDDEN, ("snippet",)),
    }
    for new, code in wrong.items():
        assert await refused(create_snippet(viewer, new)) == [code]
    taken = edit_snippet(viewer, SnippetEdit(number, shortcut="agenda"))
    assert await refused(taken) == [(ErrorCode.ALREADY_USED, ("shortcut",))]
    everybodys = edit_snippet(viewer, SnippetEdit(shared.id, name="Mine"))
    assert await refused(everybodys) == [(ErrorCode.FORBIDDEN, ("snippet",))]
    for one in (piotr, stranger):
        act = edit_snippet(viewer_of(one), SnippetEdit(number, name="Mine"))
        assert await refused(act) == [(ErrorCode.NOT_FOUND, ("snippet",))]


@pytest.mark.capability("S2-22")
async def test_a_snippet_is_filled_in_with_what_is_known_in_the_contacts_zone_and_language(db: str) -> None:
    account = await an_account(sender_name="Linden Roofs")
    ines = await a_user(account)
    company = await Record.create(account=account, kind=RecordKind.COMPANY, name="Roofs & Co")
    contact = await a_contact(account, company=company, time_zone="Asia/Taipei", locale="pl")
    body = (
        "{{contact.firstName}} {{contact.lastName}} {{contact.name}} {{contact.company}} | {{meeting.title}} "
        "{{meeting.when}} {{meeting.location}} | {{host.name}} {{host.firstName}} {{account.name}} {{user.name}}"
    )
    number = await create_snippet(viewer_of(ines), NewSnippet("all", "All", body))
    with at():
        piotr = await a_user(account, "Piotr Zima")
        meeting = await a_meeting(piotr, monday(9), contact=contact, title="Roof", location_text="Lipowa 3")
    found = await expand_snippet(viewer_of(ines), number, meeting_id=meeting.id)
    assert found.missing == ()
    assert found.html == (
        "Tomasz Lis Tomasz Lis Roofs &amp; Co | Roof poniedziałek, 23 listopada 2026, 17:00 - 17:30, "
        "czas: Tajpej (CST, UTC+8) Lipowa 3 | Piotr Zima Piotr Linden Roofs Ines Marek"
    )
    before = await expand_snippet(viewer_of(ines), number, contact_id=contact.id)
    assert before.missing == ("meeting.title", "meeting.when", "meeting.location")
    assert before.html.endswith("| Ines Marek Ines Linden Roofs Ines Marek")
    program = await expand_snippet(viewer_of(ines), number)
    assert set(program.missing) >= {"contact.name", "contact.company"}
    assert isinstance(program, Filled)


async def test_a_snippet_is_not_filled_in_with_what_is_foreign(db: str) -> None:
    account, others = await an_account(), await an_account("Others")
    ines, stranger = await a_user(account), await a_user(others)
    number = await create_snippet(viewer_of(ines), NewSnippet("x", "x", "x"))
    theirs = await create_snippet(viewer_of(stranger), NewSnippet("x", "x", "x"))
    meeting, contact = await a_meeting(stranger), await a_contact(others)
    viewer = viewer_of(ines)
    assert await refused(expand_snippet(viewer, theirs)) == [(ErrorCode.NOT_FOUND, ("snippet",))]
    act = expand_snippet(viewer, number, meeting_id=meeting.id)
    assert await refused(act) == [(ErrorCode.NOT_FOUND, ("meeting",))]
    act = expand_snippet(viewer, number, contact_id=contact.id)
    assert await refused(act) == [(ErrorCode.NOT_FOUND, ("contact",))]
