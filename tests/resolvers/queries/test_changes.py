"""The log for clients that were away, and what a phone changes about its day."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from server import clock, database
from server.changes import cursor
from server.changes.data_version import raise_data_version
from server.changes.log import record_change
from server.models import Association, Meeting, User
from server.models.enums import ChangeKind
from tests.factories import a_contact, a_meeting, a_user, an_account
from tests.resolvers.asking import answer, problem, viewer_for
from tests.resolvers.documents import operation

MORNING = datetime(2026, 11, 24, 7, 0, tzinfo=UTC)
CHANGES = """query ($after: String, $first: Int! = 100) { changes(after: $after, first: $first) {
  edges { cursor node { cursor kind actor meeting { id } } } pageInfo { hasNextPage endCursor } } }"""
SYNC = """query ($since: String) { todaySync(since: $since) {
  upserts { id title outcome { key } } removed cursor resyncRequired } }"""


async def synced(user: User, since: str | None = None) -> Any:
    """What `todaySync` answers."""
    return (await answer(SYNC, viewer_for(user), since=since))["todaySync"]


async def recorded(user: User, meeting: Meeting, outcome: str) -> None:
    """An outcome is recorded, which is one change."""
    given = {"meeting": f"mtg_{meeting.id}", "outcome": outcome}
    payload = await answer(operation("record_outcome"), viewer_for(user), input=given)
    assert payload["recordOutcome"]["userErrors"] == []


async def test_the_log_is_read_in_pages_and_each_cursor_goes_on_from_there(db: str) -> None:
    ines, stranger = await a_user(await an_account()), await a_user(await an_account("Others"))
    meeting, theirs = await a_meeting(ines), await a_meeting(stranger)
    for key in ("COMPLETED", "NO_SHOW", "SCHEDULED"):
        await recorded(ines, meeting, key)
        await recorded(stranger, theirs, key)
    first = (await answer(CHANGES, viewer_for(ines), first=2))["changes"]
    rest = (await answer(CHANGES, viewer_for(ines), after=first["pageInfo"]["endCursor"]))["changes"]
    none = (await answer(CHANGES, viewer_for(ines), after=rest["pageInfo"]["endCursor"]))["changes"]
    node = {"kind": "OUTCOME_RECORDED", "actor": f"usr_{ines.id}", "meeting": {"id": f"mtg_{meeting.id}"}}
    edges = [{"cursor": cursor.write(n), "node": node | {"cursor": cursor.write(n)}} for n in (1, 2, 3)]
    assert first == {"edges": edges[:2], "pageInfo": {"hasNextPage": True, "endCursor": cursor.write(2)}}
    assert rest == {"edges": edges[2:], "pageInfo": {"hasNextPage": False, "endCursor": cursor.write(3)}}
    assert none == {"edges": [], "pageInfo": {"hasNextPage": False, "endCursor": None}}


async def test_a_cursor_from_nowhere_is_told_apart_from_one_that_is_lost(db: str) -> None:
    ines = await a_user(await an_account())
    assert (await problem(CHANGES, viewer_for(ines), after="nonsense"))[0] == "BAD_USER_INPUT"
    assert (await problem(CHANGES, viewer_for(ines), after=cursor.write(9)))[0] == "RESYNC_REQUIRED"


async def test_a_phone_hears_what_changed_about_its_day_and_what_is_gone(db: str) -> None:
    account = await an_account()
    ines, karol = await a_user(account, "Ines"), await a_user(account, "Karol")
    with clock.travel(MORNING):
        stays = await a_meeting(ines, MORNING + timedelta(hours=1), title="Stays")
        goes = await a_meeting(ines, MORNING + timedelta(hours=2), title="Goes")
        others = await a_meeting(karol, MORNING + timedelta(hours=2), title="Karol's")
        await recorded(ines, stays, "NO_SHOW")
        whole = await synced(ines)
        nothing = await synced(ines, whole["cursor"])
        await recorded(ines, stays, "COMPLETED")
        await recorded(karol, others, "COMPLETED")
        given = {
            "meeting": f"mtg_{goes.id}",
            "changes": {"startsAt": "2026-11-26T09:00:00Z", "endsAt": "2026-11-26T10:00:00Z"},
        }
        await answer(operation("edit_meeting"), viewer_for(ines), input=given)
        news = await synced(ines, nothing["cursor"])
    before = {"id": f"mtg_{stays.id}", "title": "Stays", "outcome": {"key": "NO_SHOW"}}
    assert [one["title"] for one in whole["upserts"]] == ["Stays", "Goes"]
    assert (whole["upserts"][0], whole["removed"], whole["resyncRequired"]) == (before, [], False)
    assert nothing == {"upserts": [], "removed": [], "cursor": whole["cursor"], "resyncRequired": False}
    assert cursor.read(news.pop("cursor")) == 4
    assert news == {
        "upserts": [before | {"outcome": {"key": "COMPLETED"}}],
        "removed": [f"mtg_{others.id}", f"mtg_{goes.id}"],
        "resyncRequired": False,
    }


async def test_a_booking_that_tells_more_of_a_contact_touches_each_meeting_that_shows_them(db: str) -> None:
    account = await an_account()
    ines, maja = await a_user(account, "Ines"), await a_contact(account, "Maja")
    with clock.travel(MORNING):
        attended = await a_meeting(ines, MORNING + timedelta(hours=1), title="Attended", contact=maja)
        about = await a_meeting(ines, MORNING + timedelta(hours=2), title="About her")
        await Association.create(account=account, meeting=about, contact=maja)
        await a_meeting(ines, MORNING + timedelta(hours=3), title="Another")
        since = (await synced(ines))["cursor"]
        booked = await a_meeting(await a_user(account, "Karol"), MORNING + timedelta(days=9), contact=maja)
        async with database.transaction():
            await record_change(
                ChangeKind.MEETING_BOOKED, account_id=account.id, meeting_id=booked.id, actor=f"visitor:{maja.id}"
            )
        news = await synced(ines, since)
    assert [one["id"] for one in news["upserts"]] == [f"mtg_{attended.id}", f"mtg_{about.id}"]


@pytest.mark.parametrize("is_logged", [True, False])
async def test_a_name_that_many_meetings_show_sends_the_whole_day_again(db: str, is_logged: bool) -> None:
    """A link that is called otherwise stands in the log, a colleague who is does not."""
    ines = await a_user(await an_account(), "Ines")
    with clock.travel(MORNING):
        meeting = await a_meeting(ines, MORNING + timedelta(hours=1))
        since = (await synced(ines))["cursor"]
        async with database.transaction():
            if is_logged:
                await record_change(ChangeKind.LINK_CHANGED, account_id=ines.account_id, actor="system")
            else:
                await raise_data_version(ines.account_id)
        news = await synced(ines, since)
        nothing = await synced(ines, news["cursor"])
    assert ([one["id"] for one in news["upserts"]], news["resyncRequired"]) == ([f"mtg_{meeting.id}"], False)
    assert nothing["upserts"] == []


async def test_a_new_day_and_a_lost_cursor_start_from_the_whole_list(db: str) -> None:
    ines = await a_user(await an_account())
    with clock.travel(MORNING):
        meeting = await a_meeting(ines, MORNING + timedelta(days=1), title="Tomorrow's")
        await recorded(ines, meeting, "NO_SHOW")
        today = await synced(ines)
    with clock.travel(MORNING + timedelta(days=1)):
        tomorrow, lost = await synced(ines, today["cursor"]), await synced(ines, cursor.write(77))
    assert today["upserts"] == []
    assert [cursor.read(one.pop("cursor")) for one in (tomorrow, lost)] == [1, 1]
    whole = {
        "upserts": [{"id": f"mtg_{meeting.id}", "title": "Tomorrow's", "outcome": {"key": "NO_SHOW"}}],
        "removed": [],
        "resyncRequired": True,
    }
    assert (tomorrow, lost) == (whole, whole)
