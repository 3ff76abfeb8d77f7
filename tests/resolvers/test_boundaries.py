"""Nothing crosses from one account to another, and visitors and narrow tokens are told so."""

from datetime import UTC, datetime
from typing import Any

import pytest

from server import clock
from server.models import Record, Rotation
from server.models.enums import RecordKind
from tests.factories import a_contact, a_link, a_meeting, a_user, an_account
from tests.resolvers.asking import answer, problem, program_of, viewer_for

NOON = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)
ONE = {
    "meeting": "query ($id: ID!) { found: meeting(id: $id) { id } }",
    "meetingLink": "query ($id: ID!) { found: meetingLink(id: $id) { id } }",
    "user": "query ($id: ID!) { found: user(id: $id) { id } }",
    "contact": "query ($id: ID!) { found: contact(id: $id) { id } }",
    "record": "query ($id: ID!) { found: record(id: $id) { id } }",
    "rotation": "query ($id: ID!) { found: rotation(id: $id) { id } }",
    "node": "query ($id: ID!) { found: node(id: $id) { id } }",
}
LISTS = """{
  todayMeetings { id } outcomes { key } meetingTypes { key }
  meetings(first: 100) { edges { node { id } } } meetingLinks { edges { node { id } } }
  users { edges { node { id } } } contacts { edges { node { id } } } rotations { edges { node { id } } }
  records { edges { node { id } } }
}"""


async def an_inhabited_account(name: str) -> dict[str, Any]:
    """An account with one of everything, and the public ids of it."""
    account = await an_account(name)
    user = await a_user(account, name)
    contact = await a_contact(account)
    rotation = await Rotation.create(account=account, name="Sales")
    record = await Record.create(account=account, kind=RecordKind.COMPANY, name=name)
    meeting, link = await a_meeting(user, NOON, contact=contact), await a_link(user)
    ids = {
        "meeting": f"mtg_{meeting.id}",
        "meetingLink": f"lnk_{link.id}",
        "user": f"usr_{user.id}",
        "contact": f"con_{contact.id}",
        "record": f"rec_{record.id}",
        "rotation": f"rot_{rotation.id}",
    }
    return {"user": user, "ids": ids}


async def test_lists_hold_the_own_account_only(db: str) -> None:
    ours, theirs = await an_inhabited_account("Ours"), await an_inhabited_account("Theirs")
    for side in (ours, theirs):
        with clock.travel(NOON):
            data = await answer(LISTS, viewer_for(side["user"]))
        assert [edge["node"]["id"] for edge in data["meetings"]["edges"]] == [side["ids"]["meeting"]]
        assert data["todayMeetings"] == [{"id": side["ids"]["meeting"]}]
        assert [edge["node"]["id"] for edge in data["meetingLinks"]["edges"]] == [side["ids"]["meetingLink"]]
        assert [edge["node"]["id"] for edge in data["users"]["edges"]] == [side["ids"]["user"]]
        assert [edge["node"]["id"] for edge in data["contacts"]["edges"]] == [side["ids"]["contact"]]
        assert [edge["node"]["id"] for edge in data["records"]["edges"]] == [side["ids"]["record"]]
        assert [edge["node"]["id"] for edge in data["rotations"]["edges"]] == [side["ids"]["rotation"]]
        assert (len(data["outcomes"]), data["meetingTypes"]) == (5, [])


async def test_a_foreign_id_answers_like_one_that_never_was(db: str) -> None:
    ours, theirs = await an_inhabited_account("Ours"), await an_inhabited_account("Theirs")
    viewer = viewer_for(ours["user"])
    for kind, document in ONE.items():
        if kind == "node":
            continue
        prefix = ours["ids"][kind].partition("_")[0]
        asked = [ours["ids"][kind], theirs["ids"][kind], f"{prefix}_999999", f"{prefix}_", "mtg", "", f"{prefix}_-1"]
        for query in (document, ONE["node"]):
            found = [(await answer(query, viewer, id=id))["found"] for id in asked]
            assert found == [{"id": ours["ids"][kind]}, None, None, None, None, None, None]


@pytest.mark.parametrize(
    "document", ["{ todayMeetings { id } }", '{ node(id: "mtg_1") { id } }', "{ sessions { edges { cursor } } }"]
)
async def test_a_visitor_is_told_to_sign_in(document: str) -> None:
    told = await problem(document)
    assert told == ("UNAUTHENTICATED", "Sign in first, and send the access token as a bearer token.")


async def test_node_is_null_for_a_thing_that_the_token_may_not_read(db: str) -> None:
    ours = await an_inhabited_account("Ours")
    program = program_of(ours["user"].account_id, "links:read")
    document = "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }"
    data = await answer(document, program, ids=[ours["ids"]["meeting"], ours["ids"]["meetingLink"]])
    assert data == {"nodes": [None, {"id": ours["ids"]["meetingLink"]}]}


async def test_more_than_a_hundred_nodes_are_refused(db: str) -> None:
    ours = await an_inhabited_account("Ours")
    told = await problem(
        "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }", viewer_for(ours["user"]), ids=["mtg_1"] * 101
    )
    assert told == ("BAD_USER_INPUT", "Ask for at most 100 ids at once; these are 101.")
