"""Nothing of one account is read or changed through another: a foreign id is tried wherever one is taken."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from itertools import product
from typing import Any

import pytest
from strawberry.types import ExecutionResult

from server import clock
from server.changes import cursor
from server.changes.log import record_change
from server.database import lock_hosts, transaction
from server.models import MeetingLink
from server.models.enums import ChangeKind
from server.reports.meetings import GroupBy
from tests.resolvers.asking import asked
from tests.resolvers.id_places import document_for, given_places, id_places, with_id_at
from tests.resolvers.rows import everything, of_account, strangers
from tests.resolvers.world import FOREIGN, a_world, own_arguments, viewers_of

UNKNOWN = "424242424242"


@pytest.mark.parametrize("name", sorted(id_places()))
async def test_a_foreign_id_answers_as_an_unknown_one(db: str, name: str) -> None:
    own, foreign = await a_world("Heimer"), await a_world(FOREIGN)
    document = document_for(name)
    before = of_account(await everything(), foreign.admin.account_id)
    for viewer, arguments, path in product(viewers_of(own), own_arguments(own)[name], sorted(id_places()[name])):
        for prefix, id in foreign.ids.items():
            told = await asked(document, viewer, **with_id_at(arguments, path, id))
            made_up = await asked(document, viewer, **with_id_at(arguments, path, f"{prefix}_{UNKNOWN}"))
            assert FOREIGN.lower() not in _text(told).lower(), (path, id)
            assert not [one for one in foreign.all_ids if f'"{one}"' in _text(told)], (path, id)
            assert _refusal(told, name) == _refusal(made_up, name), (path, id)
    after = await everything()
    assert of_account(after, foreign.admin.account_id) == before
    assert strangers(after) == []


def _text(told: ExecutionResult) -> str:
    return json.dumps([told.data, [str(one) for one in told.errors or ()]])


def _refusal(told: ExecutionResult, name: str) -> Any:
    """What tells a caller whether there is such a thing: the complaints of an act, the whole answer to a question."""
    assert told.data is not None or told.errors
    payload = (told.data or {}).get(name)
    complaints = payload.get("userErrors") if isinstance(payload, dict) and "userErrors" in payload else payload
    return complaints, [(one.message, one.extensions and one.extensions.get("code")) for one in told.errors or ()]


@pytest.mark.parametrize("name", sorted(id_places()))
async def test_the_same_with_own_ids_is_done(db: str, name: str) -> None:
    """Otherwise the test above would prove nothing."""
    own = await a_world("Heimer")
    if name == "deleteRotation":
        await MeetingLink.filter(rotation=own.rotation).update(retired_at=clock.now())
    for arguments in own_arguments(own)[name]:
        told = await asked(document_for(name), viewers_of(own)[0], **arguments)
        assert told.data is not None
        assert told.data[name]
        assert _refusal(told, name)[1] == []
        assert "userErrors" not in told.data[name] or told.data[name]["userErrors"] == []


async def test_no_id_is_left_out(db: str) -> None:
    given = {
        name: {path for arguments in several for path in given_places(arguments)}
        for name, several in own_arguments(await a_world("Heimer")).items()
    }
    assert given == id_places()


async def test_a_foreign_cursor_opens_no_foreign_log(db: str) -> None:
    own, foreign = await a_world("Heimer"), await a_world(FOREIGN)
    async with transaction():
        meeting = foreign.meeting
        await record_change(
            ChangeKind.MEETING_EDITED, account_id=meeting.account_id, meeting_id=meeting.id, actor="system"
        )
    for number in (0, 1, 2, 3):
        for name in ("changes", "todaySync"):
            argument = {"changes": "after", "todaySync": "since"}[name]
            told = await asked(document_for(name), viewers_of(own)[0], **{"first": 50, argument: cursor.write(number)})
            assert FOREIGN.lower() not in json.dumps(told.data).lower()


SHOWN = """query ($text: String!, $range: ReportRange!, $by: GroupBy!, $con: ID!, $rec: ID!) {
  contacts(search: $text) { edges { node { id } } } records(search: $text) { edges { node { id } } }
  objectTypes { label } meetingReport(range: $range, groupBy: $by) { rows { key label count } totals { count } }
  ofContact: timeline(of: $con) { edges { node { at } } } ofRecord: timeline(of: $rec) { edges { node { at } } } }"""


@pytest.mark.capability("S2-52")
async def test_searches_timelines_and_reports_show_the_own_account_only(db: str) -> None:
    """Two accounts with twins of everything: looked for by the other's name, and counted beside it."""
    own, foreign = await a_world("Heimer"), await a_world(FOREIGN)
    days = {"from": f"{clock.now():%Y-%m-%d}", "to": f"{clock.now() + timedelta(days=9):%Y-%m-%d}"}
    about = {"con": foreign.ids["con"], "rec": foreign.ids["rec"], "range": days}
    for viewer, by in product(viewers_of(own), GroupBy):
        # Where a word begins, inside one, and spelt almost so.
        for text in (FOREIGN[:2], FOREIGN, FOREIGN[2:], f"{FOREIGN[:-2]}lg", "Contact"):
            told = await asked(SHOWN, viewer, text=text, by=by.value, **about)
            assert told.errors is None
            assert told.data is not None
            assert FOREIGN.lower() not in _text(told).lower(), (text, by)
            assert not [one for one in foreign.all_ids if f'"{one}"' in _text(told)], (text, by)
            assert told.data["meetingReport"]["totals"] == {"count": 1}
            assert told.data["ofContact"] == told.data["ofRecord"] == {"edges": []}
    own_ones = await asked(SHOWN, viewers_of(own)[0], text="heimer", by="HOST", **about)
    assert own_ones.data is not None
    assert [edge["node"]["id"] for edge in own_ones.data["contacts"]["edges"]] == [own.ids["con"]]
    assert [edge["node"]["id"] for edge in own_ones.data["records"]["edges"]] == [own.ids["rec"]]


async def test_a_foreign_page_is_not_explained(db: str) -> None:
    own, foreign = await a_world("Heimer"), await a_world(FOREIGN)
    starts_at = f"{clock.now() + timedelta(days=5):%Y-%m-%dT%H:%M:%SZ}"
    for viewer in viewers_of(own):
        told = await asked(document_for("explainSlot"), viewer, slug=foreign.link.slug, startsAt=starts_at)
        unknown = await asked(document_for("explainSlot"), viewer, slug="nowhere", startsAt=starts_at)
        assert _refusal(told, "explainSlot") == _refusal(unknown, "explainSlot")


# Only PostgreSQL locks rows; SQLite has one writer, for whom everybody waits.
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
@pytest.mark.parametrize("name", ["scheduleMeeting", "editMeeting", "deleteMeeting", "editMeetingLink", "editRotation"])
async def test_nobody_waits_for_what_a_foreign_account_has_locked(db: str, name: str) -> None:
    own, foreign = await a_world("Heimer"), await a_world(FOREIGN)
    is_locked, may_end = asyncio.Event(), asyncio.Event()

    async def busy() -> None:
        async with transaction():
            await lock_hosts([foreign.admin.id, foreign.colleague.id])
            for row in (foreign.meeting, foreign.turns, foreign.rotation):
                await type(row).filter(id=row.pk).select_for_update(no_key=True).get()
            is_locked.set()
            await may_end.wait()

    holding = asyncio.create_task(busy())
    await is_locked.wait()
    arguments = own_arguments(own)[name][0]
    for path in id_places()[name]:
        for id in foreign.ids.values():
            async with asyncio.timeout(5):
                await asked(document_for(name), viewers_of(own)[0], **with_id_at(arguments, path, id))
    may_end.set()
    await holding
