"""The table of docs/rights.md that goes mutation by mutation, cell by cell, tried on the schema as it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from graphql import GraphQLInputObjectType, get_named_type

from resolvers.root import schema
from server import clock
from server.accounts.scopes import Scope
from server.accounts.viewer import Viewer
from server.models import (
    Account,
    Attachment,
    Attendee,
    InternalNote,
    Meeting,
    MeetingType,
    Outcome,
    Record,
    Snippet,
    User,
)
from server.models.enums import AttendeeKind, RecordKind, Role
from tests.factories import a_contact, a_meeting, a_user, an_account
from tests.resolvers.asking import asked, program_of, viewer_for

PAGE = Path(__file__).parents[2] / "docs" / "rights.md"
CALLERS = ("host", "organizer", "attending", "owner", "colleague", "admin", "program", "visitor", "foreign")
_days = count(8)
ABOUT_MEETINGS = {"meeting", "note", "attachment"}
"""Whatever takes one of these has its row."""


def table() -> dict[tuple[str, str], dict[str, str]]:
    """The rows of the page, by mutation and what of."""
    lines = PAGE.read_text().partition("## Meetings, mutation by mutation")[2].splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("|")]
    heading, _, *rows = rows
    assert heading == ["mutation", "of", *CALLERS]
    return {(name, of): dict(zip(CALLERS, cells, strict=True)) for name, of, *cells in rows}


@dataclass
class Scene:
    """One meeting with everybody around it."""

    account: Account
    people: dict[str, User]
    viewers: dict[str, Viewer | None]
    deal: Record

    async def meeting(self) -> Meeting:
        """A meeting of its own, on a day of its own: what was changed before does not matter."""
        owner = self.people["owner"]
        host, organizer = self.people["host"], self.people["organizer"]
        contact = await a_contact(self.account, owner=owner)
        meeting = await a_meeting(
            host, clock.now() + timedelta(days=next(_days)), contact=contact, organizer_id=organizer.id
        )
        user = self.people["attending"]
        await Attendee.create(
            account=self.account, meeting=meeting, kind=AttendeeKind.USER, name=user.name, email=user.email, user=user
        )
        return meeting

    def author(self, who: str, of: str) -> User | None:
        """Who wrote what is one's own, or what is somebody else's."""
        return self.people.get(who) if of == "own" else self.people["bystander"]


async def a_scene() -> Scene:
    account = await an_account()
    names = ("host", "organizer", "attending", "owner", "colleague", "bystander")
    people = {name: await a_user(account, name.title()) for name in names}
    people["admin"] = await a_user(account, "Admin", role=Role.ADMIN)
    foreign = await a_user(await an_account("Others"), "Foreign", role=Role.ADMIN)
    viewers: dict[str, Viewer | None] = {name: viewer_for(user) for name, user in people.items()}
    viewers |= {"program": program_of(account.id, *Scope), "visitor": None, "foreign": viewer_for(foreign)}
    deal = await Record.create(account=account, kind=RecordKind.DEAL, name="Roof")
    return Scene(account, people, viewers, deal)


async def of_meeting(scene: Scene, who: str, of: str, **fields: Any) -> dict[str, Any]:
    return {"meeting": f"mtg_{(await scene.meeting()).id}", **fields}


async def to_schedule(scene: Scene, who: str, of: str) -> dict[str, Any]:
    starts_at = clock.now().replace(hour=9, minute=0, second=0) + timedelta(days=5)
    times = {"startsAt": starts_at.isoformat(), "endsAt": (starts_at + timedelta(hours=1)).isoformat()}
    return {"title": "x", "host": f"usr_{scene.people['host'].id}", "allowOverlap": True, **times}


async def of_records(scene: Scene, who: str, of: str) -> dict[str, Any]:
    return await of_meeting(scene, who, of, records=[f"rec_{scene.deal.id}"])


async def of_note(scene: Scene, who: str, of: str) -> dict[str, Any]:
    meeting, author = await scene.meeting(), scene.author(who, of)
    note = await InternalNote.create(account=scene.account, meeting=meeting, author=author, body="x")
    return {"note": f"nte_{note.id}"}


async def of_file(scene: Scene, who: str, of: str) -> dict[str, Any]:
    meeting = await scene.meeting()
    file = await Attachment.create(
        account=scene.account,
        meeting=meeting,
        uploader=scene.author(who, of),
        name="x",
        content_type="text/plain",
        size_bytes=1,
        storage_key=f"attachments/{meeting.id}",
    )
    return {"attachment": f"fil_{file.id}"}


async def of_outcome(scene: Scene, who: str, of: str) -> dict[str, Any]:
    given = {"account": scene.account, "key": f"OF_{who}", "label": f"of {who}", "position": 9}
    return {"key": (await Outcome.create(**given)).key}


async def of_type(scene: Scene, who: str, of: str) -> dict[str, Any]:
    return {"key": (await MeetingType.create(account=scene.account, key=f"OF_{who}", label=f"of {who}")).key}


async def of_label(scene: Scene, who: str, of: str) -> dict[str, Any]:
    return {"label": f"by {who}"}


async def new_snippet(scene: Scene, who: str, of: str) -> dict[str, Any]:
    return {"shortcut": f"by-{who}", "name": "x", "body": "x", "isShared": of != "own"}


async def of_snippet(scene: Scene, who: str, of: str) -> dict[str, Any]:
    owner = None if of == "everybody's" else scene.author(who, of)
    given = {"account": scene.account, "owner": owner, "shortcut": f"of-{who}", "name": "x", "body": "x"}
    return {"snippet": f"snp_{(await Snippet.create(**given)).id}"}


MORE: dict[str, dict[str, Any]] = {
    "editMeeting": {"changes": {"title": "y"}},
    "recordOutcome": {"outcome": "COMPLETED"},
    "addInternalNote": {"body": "x"},
    "editInternalNote": {"body": "y"},
    "attachFile": {"name": "x.txt", "contentType": "text/plain", "sizeBytes": 1},
    "sendMailTextToMe": {"kind": "INVITED", "locale": "en"},
    "editOutcome": {"position": 0},
    "editMeetingType": {"position": 0},
    "editSnippet": {"name": "y"},
}
MADE: dict[str, Callable[..., Any]] = {
    "scheduleMeeting": to_schedule,
    "associateRecords": of_records,
    "dissociateRecords": of_records,
    "editInternalNote": of_note,
    "deleteInternalNote": of_note,
    "deleteAttachment": of_file,
    "createOutcome": of_label,
    "createMeetingType": of_label,
    "editOutcome": of_outcome,
    "editMeetingType": of_type,
    "createSnippet": new_snippet,
    "editSnippet": of_snippet,
}


async def met(name: str, input: dict[str, Any], viewer: Viewer | None) -> str:
    """`yes`, or the code of the refusal."""
    input_type = f"{name[0].upper()}{name[1:]}Input"
    document = f"mutation ($input: {input_type}!) {{ done: {name}(input: $input) {{ userErrors {{ code }} }} }}"
    told = await asked(document, viewer, input=input)
    if told.errors:
        (error,) = told.errors
        return str((error.extensions or {}).get("code"))
    codes = [one["code"] for one in (told.data or {})["done"]["userErrors"]]
    return codes[0] if codes else "yes"


@pytest.mark.capability("S2-03", "S2-23", "S2-54")
@pytest.mark.parametrize(("name", "of"), sorted(table()), ids=lambda one: one.replace(" ", "-") or "-")
async def test_everybody_is_answered_as_the_table_says(db: str, name: str, of: str) -> None:
    scene = await a_scene()
    makes = MADE.get(name, of_meeting)
    found = {}
    for who in CALLERS:
        input = await makes(scene, who, of) | MORE.get(name, {})
        found[who] = await met(name, input, scene.viewers[who])
    assert found == table()[(name, of)]


def test_every_mutation_about_a_meeting_is_in_the_table() -> None:
    mutations = schema._schema.mutation_type
    assert mutations is not None
    about = set()
    for name, field in mutations.fields.items():
        given = get_named_type(field.args["input"].type)
        assert isinstance(given, GraphQLInputObjectType)
        if ABOUT_MEETINGS & set(given.fields):
            about.add(name)
    rows = {name for name, _ in table()}
    assert about <= rows
    assert rows <= set(mutations.fields)


def test_no_cell_of_the_table_is_empty() -> None:
    assert [(row, who) for row, cells in table().items() for who, cell in cells.items() if not cell] == []
