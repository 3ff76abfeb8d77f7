"""The menu of meeting links, as the phone shows it."""

from __future__ import annotations

import json

import pytest

from server import clock
from server.models import LinkMember, Rotation, RotationMember
from server.models.enums import MeetingLinkKind
from tests.factories import a_link, a_user, an_account
from tests.resolvers.asking import answer, statements, viewer_for
from tests.resolvers.documents import operation
from tests.server.web.fastpath.asking import Both

MENU = operation("meeting_links_menu")
NAMES = """query ($o: ID, $k: MeetingLinkKind, $s: String) {
  meetingLinks(owner: $o, kind: $k, search: $s) { edges { node { name } } } }"""


@pytest.mark.capability("S1-17", "S1-18", "S1-19")
async def test_the_menu_shows_what_is_copied_and_shared(db: str) -> None:
    ines = await a_user(await an_account(), "Ines Marek")
    link = await a_link(ines, "Product walkthrough", slug="ines", booking_count=3, is_default=True)
    await a_link(ines, "Retired", retired_at=clock.now())
    menu = (await answer(MENU, viewer_for(ines)))["meetingLinks"]
    assert menu["edges"] == [
        {
            "node": {
                "id": f"lnk_{link.id}",
                "slug": "ines",
                "url": "https://meet.example.com/m/ines",
                "previewUrl": "https://meet.example.com/m/ines",
                "name": "Product walkthrough",
                "kind": "PERSONAL",
                "durationsMinutes": [30],
                "bookingCount": 3,
                "isDefault": True,
                "isActive": True,
                "isOffline": False,
                "owner": {"id": f"usr_{ines.id}", "name": "Ines Marek"},
            }
        }
    ]
    assert menu["pageInfo"]["hasNextPage"] is False


@pytest.mark.capability("S1-08")
async def test_links_of_colleagues_are_found_by_owner_kind_and_text(db: str) -> None:
    account = await an_account()
    ines, karol = await a_user(account, "Ines"), await a_user(account, "Karol")
    await a_link(ines, "Intro 100%", slug="ines-intro")
    await a_link(karol, "Demo", slug="karol-demo")
    await a_link(karol, "Panel", slug="panel", kind=MeetingLinkKind.GROUP)

    async def names(**wanted: str) -> list[str]:
        data = await answer(NAMES, viewer_for(ines), **wanted)
        return [edge["node"]["name"] for edge in data["meetingLinks"]["edges"]]

    assert await names() == ["Demo", "Intro 100%", "Panel"]
    assert await names(o=f"usr_{karol.id}") == ["Demo", "Panel"]
    assert await names(k="GROUP") == ["Panel"]
    assert [await names(s=text) for text in ("DEMO", "100%", "_", "nothing")] == [["Demo"], ["Intro 100%"], [], []]
    assert [await names(o=id) for id in ("usr_999999", "karol", f"lnk_{karol.id}")] == [[], [], []]


@pytest.mark.parametrize("count", [1, 30])
async def test_the_menu_costs_the_same_statements_however_many_links(
    db: str, count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = await an_account()
    ines = await a_user(account)
    for _ in range(count):
        await a_link(await a_user(account))
    with statements(monkeypatch) as sent:
        data = await answer(MENU, viewer_for(ines))
    assert (len(data["meetingLinks"]["edges"]), len(sent)) == (count, 3)


async def test_a_link_shows_who_is_met_through_it(db: str) -> None:
    account = await an_account()
    ines, karol = await a_user(account, "Ines"), await a_user(account, "Karol")
    rotation = await Rotation.create(account=account, name="Sales")
    await RotationMember.create(rotation=rotation, user=karol, position=1, weight=2, assigned=4)
    await RotationMember.create(rotation=rotation, user=ines, position=0, is_active=False)
    round_robin = await a_link(ines, kind=MeetingLinkKind.ROUND_ROBIN, rotation=rotation)
    group = await a_link(ines, kind=MeetingLinkKind.GROUP)
    for position, user in enumerate((karol, ines)):
        await LinkMember.create(link=group, user=user, position=position)
    document = """query ($ids: [ID!]!) { nodes(ids: $ids) { ... on MeetingLink {
      members { user { name } } rotation { name members { user { name } weight isActive assigned } } } } }"""
    data = await answer(document, viewer_for(ines), ids=[f"lnk_{round_robin.id}", f"lnk_{group.id}"])
    turns = [
        {"user": {"name": "Ines"}, "weight": 1, "isActive": False, "assigned": 0},
        {"user": {"name": "Karol"}, "weight": 2, "isActive": True, "assigned": 4},
    ]
    assert data["nodes"] == [
        {"members": [], "rotation": {"name": "Sales", "members": turns}},
        {"members": [{"user": {"name": "Karol"}}, {"user": {"name": "Ines"}}], "rotation": None},
    ]


@pytest.mark.capability("S1-44")
async def test_every_setting_is_read_alike_whoever_executes(db: str) -> None:
    ines = await a_user(await an_account(), "Ines Marek")
    whole = await a_link(
        ines,
        slug="whole",
        attendee_description="<p>Ring twice.</p>",
        form_fields=[{"property": "company", "required": True}, {"property": "last_name", "required": False}],
        questions=[{"key": "size", "label": "How large?", "kind": "SELECT", "required": True, "options": ["S", "L"]}],
        consent={"kind": "CHECKBOX", "text": "Ours.", "boxes": [{"key": "news", "label": "Write", "required": False}]},
        price_amount=8000,
        price_currency="EUR",
        embed_origins=["https://a.example"],
        accent_color="#112233",
        locale="pl",
        reminders=[{"amount": 1, "unit": "DAYS", "includes_description": True}],
    )
    both = Both()
    for link in (whole, await a_link(ines, slug="bare")):
        first, *others = await both.answers(operation("meeting_link"), viewer_for(ines), id=f"lnk_{link.id}")
        assert others == [first] * len(others)
        assert json.loads(first)["data"]["meetingLink"]["slug"] == link.slug
