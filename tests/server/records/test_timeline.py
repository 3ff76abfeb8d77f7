"""What happened around a contact or record, the latest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from server import clock, database
from server.accounts.viewer import Viewer
from server.changes.log import record_change
from server.meetings.associations import Tie
from server.meetings.schedule import NewMeeting, schedule
from server.models import Association, Contact, Meeting, Record, User
from server.models.enums import ChangeKind, RecordKind
from tests.factories import a_contact, a_meeting, a_user, an_account
from tests.resolvers.asking import answer, problem, statements, viewer_for

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
TIMELINE = """query ($of: ID!, $first: Int! = 50, $after: String) { timeline(of: $of, first: $first, after: $after) {
  edges { cursor node { at change { kind actor outcome previousStartsAt }
    meeting { id title host { name } organizer { name } } } } pageInfo { hasNextPage endCursor } } }"""


@dataclass
class Scene:
    """A colleague, whom another one arranges meetings for, and a contact of a company."""

    host: User
    organizer: User
    company: Record
    contact: Contact

    @property
    def viewer(self) -> Viewer:
        return viewer_for(self.organizer)

    async def meeting(self, title: str, days: int, **fields: Any) -> Meeting:
        given = {"contact": self.contact, "organizer_id": self.organizer.id} | fields
        return await a_meeting(self.host, NOON + timedelta(days=days), title=title, **given)

    async def change(self, meeting: Meeting, kind: ChangeKind, minutes: int, **data: Any) -> None:
        with clock.travel(NOON + timedelta(minutes=minutes)):
            async with database.transaction():
                await record_change(
                    kind, account_id=meeting.account_id, meeting_id=meeting.id, actor="user:7", data=data
                )

    async def lines(self, of: str, **more: Any) -> list[str]:
        """The entries as one reads them: the day, the title, and what happened."""
        told = (await answer(TIMELINE, self.viewer, of=of, **more))["timeline"]
        return [
            f"{edge['node']['at'][:16]} {edge['node']['meeting']['title']}"
            + (f" {edge['node']['change']['kind']}" if edge["node"]["change"] else "")
            for edge in told["edges"]
        ]


async def a_scene() -> Scene:
    account = await an_account()
    company = await Record.create(account=account, kind=RecordKind.COMPANY, name="Meridian")
    contact = await a_contact(account, company=company)
    return Scene(await a_user(account, "Ines Marek"), await a_user(account, "Karol Nowak"), company, contact)


@pytest.mark.capability("S2-30")
@pytest.mark.capability("S2-51")
async def test_meetings_and_changes_stand_together_the_latest_first(db: str) -> None:
    scene = await a_scene()
    past, coming = await scene.meeting("Demo", -3), await scene.meeting("Review", 5)
    await scene.change(past, ChangeKind.MEETING_BOOKED, -9000)
    await scene.change(past, ChangeKind.OUTCOME_RECORDED, -60, outcome="COMPLETED")
    await scene.change(coming, ChangeKind.MEETING_MOVED, -30, previous_starts_at="2026-11-27T12:00:00Z")
    told = await answer(TIMELINE, scene.viewer, of=f"con_{scene.contact.id}")
    nodes = [edge["node"] for edge in told["timeline"]["edges"]]
    around = {"host": {"name": "Ines Marek"}, "organizer": {"name": "Karol Nowak"}}
    demo, review = (
        {"id": f"mtg_{one.id}", "title": title} | around for one, title in ((past, "Demo"), (coming, "Review"))
    )
    nothing = {"actor": "usr_7", "outcome": None, "previousStartsAt": None}
    moved = nothing | {"kind": "MEETING_MOVED", "previousStartsAt": "2026-11-27T12:00:00Z"}
    assert nodes == [
        {"at": "2026-11-29T12:00:00Z", "change": None, "meeting": review},
        {"at": "2026-11-24T11:30:00Z", "change": moved, "meeting": review},
        {
            "at": "2026-11-24T11:00:00Z",
            "change": nothing | {"kind": "OUTCOME_RECORDED", "outcome": "COMPLETED"},
            "meeting": demo,
        },
        {"at": "2026-11-21T12:00:00Z", "change": None, "meeting": demo},
        {"at": "2026-11-18T06:00:00Z", "change": nothing | {"kind": "MEETING_BOOKED"}, "meeting": demo},
    ]


@pytest.mark.capability("S1-42")
@pytest.mark.parametrize("kind", list(RecordKind))
async def test_a_record_shows_what_is_associated_with_it(db: str, kind: RecordKind) -> None:
    scene = await a_scene()
    record = await Record.create(account_id=scene.host.account_id, kind=kind, name="Something")
    meeting = await scene.meeting("Demo", -3)
    await scene.meeting("Review", -2)
    await Association.create(account_id=meeting.account_id, meeting=meeting, record=record)
    assert await scene.lines(f"rec_{record.id}") == ["2026-11-21T12:00 Demo"]


async def test_a_company_shows_the_meetings_of_its_contacts(db: str) -> None:
    scene = await a_scene()
    await scene.meeting("Demo", -3)
    stranger = await a_contact(await scene.host.account)
    await scene.meeting("Elsewhere", -2, contact=stranger)
    assert await scene.lines(f"rec_{scene.company.id}") == ["2026-11-21T12:00 Demo"]


async def test_a_contact_shows_what_they_attend_and_what_is_about_them_once(db: str) -> None:
    scene = await a_scene()
    about = await scene.meeting("About them", -3, contact=None)
    both = await scene.meeting("Both", -2)
    for meeting in (about, both):
        await Association.create(account_id=meeting.account_id, meeting=meeting, contact=scene.contact)
    assert await scene.lines(f"con_{scene.contact.id}") == ["2026-11-22T12:00 Both", "2026-11-21T12:00 About them"]


async def test_canceled_meetings_stay_and_deleted_ones_go(db: str) -> None:
    scene = await a_scene()
    await scene.meeting("Canceled", -3, canceled_at=NOON)
    gone = await scene.meeting("Deleted", -2, deleted_at=NOON)
    await scene.change(gone, ChangeKind.MEETING_DELETED, 0)
    assert await scene.lines(f"con_{scene.contact.id}") == ["2026-11-21T12:00 Canceled"]


async def test_pages_put_together_are_the_whole(db: str) -> None:
    scene = await a_scene()
    for day in range(4):
        meeting = await scene.meeting(f"Day {day}", -day)
        for _ in range(2):
            await scene.change(meeting, ChangeKind.MEETING_EDITED, -day * 1440)
    of, found, after = f"con_{scene.contact.id}", [], None
    whole = await scene.lines(of)
    for _ in range(12):
        page = await answer(TIMELINE, scene.viewer, of=of, first=1, after=after)
        found += await scene.lines(of, first=1, after=after)
        after = page["timeline"]["pageInfo"]["endCursor"]
    assert (len(whole), found, page["timeline"]["pageInfo"]["hasNextPage"]) == (12, whole, False)


async def test_unknown_and_foreign_ids_show_nothing(db: str) -> None:
    scene, foreign = await a_scene(), await a_scene()
    meeting = await foreign.meeting("Foreign", -1)
    await Association.create(account_id=meeting.account_id, meeting=meeting, record=foreign.company)
    for of in (f"con_{foreign.contact.id}", f"rec_{foreign.company.id}", "con_99", "rec_99", "mtg_1", "", "con_"):
        assert await scene.lines(of) == []


@pytest.mark.parametrize("cursor", ["nonsense", "WzEsMl0", "WyJhIiwxLDJd"])
async def test_a_cursor_of_another_list_is_refused(db: str, cursor: str) -> None:
    scene = await a_scene()
    code, _ = await problem(TIMELINE, scene.viewer, of="con_1", after=cursor)
    assert code == "BAD_USER_INPUT"


async def test_a_page_takes_two_statements_however_long_it_is(db: str, monkeypatch: pytest.MonkeyPatch) -> None:
    scene = await a_scene()
    counted = []
    for day in (1, 2, 3):
        await scene.meeting(f"Day {day}", -day)
        with statements(monkeypatch) as sent:
            await answer("query ($of: ID!) { timeline(of: $of) { edges { node { at meeting { id title } } } } }",
                         scene.viewer, of=f"con_{scene.contact.id}")  # fmt: skip
        counted.append(len(sent))
    # One that finds the entries, one that reads their meetings; the first is not the reader's.
    assert set(counted) in ({1}, {2})


@pytest.mark.capability("S2-30")
async def test_scheduling_for_oneself_from_a_record_puts_it_on_the_timeline(db: str) -> None:
    scene = await a_scene()
    new = NewMeeting(
        title="Pilot",
        starts_at=NOON + timedelta(days=700),
        ends_at=NOON + timedelta(days=700, hours=1),
        associations=(Tie(record_id=scene.company.id),),
    )
    await schedule(scene.viewer, new)
    told = await answer(TIMELINE, scene.viewer, of=f"rec_{scene.company.id}")
    first, second = (edge["node"] for edge in told["timeline"]["edges"])
    karol = {"host": {"name": "Karol Nowak"}, "organizer": {"name": "Karol Nowak"}}
    assert first["change"] is None
    assert {name: first["meeting"][name] for name in karol} == karol
    assert (second["change"]["kind"], second["change"]["actor"]) == ("MEETING_SCHEDULED", f"usr_{scene.organizer.id}")
