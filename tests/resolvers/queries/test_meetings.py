"""Today's meetings, lists of meetings, one meeting."""

from datetime import UTC, datetime, timedelta

import pytest

from server import clock
from server.models import Attendee, Record
from server.models.enums import RecordKind
from tests.factories import a_contact, a_meeting, a_user, an_account
from tests.resolvers.asking import answer, problem, program_of, statements, viewer_for
from tests.resolvers.documents import operation

NOON = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)
TODAY_TAB = operation("today_tab")
TITLES = "{ todayMeetings { title startsAt } }"


@pytest.mark.capability("S1-40")
async def test_today_shows_what_the_viewer_hosts_in_order(db: str) -> None:
    account = await an_account()
    ines, karol = await a_user(account, "Ines Marek"), await a_user(account, "Karol Lis")
    with clock.travel(NOON):
        await a_meeting(ines, NOON + timedelta(hours=3), title="Later")
        await a_meeting(ines, NOON - timedelta(hours=2), title="Sooner")
        await a_meeting(ines, NOON + timedelta(days=1), title="Tomorrow")
        await a_meeting(karol, NOON, title="Karol's own")
        await a_meeting(ines, NOON + timedelta(hours=4), title="Canceled", canceled_at=NOON)
        await a_meeting(ines, NOON + timedelta(hours=5), title="Deleted", deleted_at=NOON)
        data = await answer(TITLES, viewer_for(ines))
    assert data == {
        "todayMeetings": [
            {"title": "Sooner", "startsAt": "2026-11-24T09:00:00Z"},
            {"title": "Later", "startsAt": "2026-11-24T14:00:00Z"},
        ]
    }


async def test_today_is_the_day_of_the_zone_that_is_asked_for(db: str) -> None:
    ines = await a_user(await an_account())
    with clock.travel(NOON):
        await a_meeting(ines, datetime(2026, 11, 24, 23, 30, tzinfo=UTC), title="Night")
        late = '{ todayMeetings(date: "2026-11-25", timeZone: "Europe/Warsaw") { title } }'
        early = '{ todayMeetings(date: "2026-11-24", timeZone: "America/New_York") { title } }'
        data = [await answer(late, viewer_for(ines)), await answer(early, viewer_for(ines))]
    assert data == [{"todayMeetings": [{"title": "Night"}]}] * 2


async def test_the_today_tab_answers_everything_that_the_screen_shows(db: str) -> None:
    account = await an_account()
    ines = await a_user(account, "Ines Marek")
    company = await Record.create(account=account, kind=RecordKind.COMPANY, name="Brama Logistics")
    tomasz = await a_contact(account, "Tomasz", "Lis", email="tomasz@brama.example", phone="+48 600", company=company)
    with clock.travel(NOON):
        meeting = await a_meeting(ines, NOON, contact=tomasz, title="Walkthrough", location_text="Room 2")
        data = await answer(TODAY_TAB, viewer_for(ines))
    host_seat, contact_seat = await Attendee.filter(meeting_id=meeting.id).order_by("id")
    assert data == {
        "viewer": {
            "user": {"id": f"usr_{ines.id}", "name": "Ines Marek"},
            "account": {"id": f"acc_{account.id}", "name": "Linden & Co"},
            "timeZone": "Europe/Warsaw",
            "locale": "en",
        },
        "todayMeetings": [
            {
                "id": f"mtg_{meeting.id}",
                "title": "Walkthrough",
                "startsAt": "2026-11-24T11:00:00Z",
                "endsAt": "2026-11-24T11:30:00Z",
                "timeZone": "Europe/Warsaw",
                "version": 1,
                "host": {"id": f"usr_{ines.id}", "name": "Ines Marek"},
                "contact": {
                    "id": f"con_{tomasz.id}",
                    "name": "Tomasz Lis",
                    "email": "tomasz@brama.example",
                    "phone": "+48 600",
                },
                "company": {"id": f"rec_{company.id}", "name": "Brama Logistics"},
                "attendees": [
                    {
                        "id": f"att_{host_seat.id}",
                        "kind": "USER",
                        "name": "Ines Marek",
                        "email": ines.email,
                        "reply": "NEEDS_ACTION",
                    },
                    {
                        "id": f"att_{contact_seat.id}",
                        "kind": "CONTACT",
                        "name": "Tomasz Lis",
                        "email": "tomasz@brama.example",
                        "reply": "NEEDS_ACTION",
                    },
                ],
                "location": {"kind": "CUSTOM", "text": "Room 2", "joinUrl": None, "provider": None},
                "outcome": {"key": "SCHEDULED", "label": "Scheduled", "isDefault": True},
            }
        ],
        "outcomes": [
            {"key": "SCHEDULED", "label": "Scheduled", "isArchived": False},
            {"key": "COMPLETED", "label": "Completed", "isArchived": False},
            {"key": "RESCHEDULED", "label": "Rescheduled", "isArchived": False},
            {"key": "NO_SHOW", "label": "No show", "isArchived": False},
            {"key": "CANCELED", "label": "Canceled", "isArchived": False},
        ],
    }


@pytest.mark.parametrize("count", [1, 30])
async def test_the_today_tab_costs_the_same_statements_however_many_meetings(
    db: str, count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = await an_account()
    ines = await a_user(account)
    company = await Record.create(account=account, kind=RecordKind.COMPANY, name="Brama Logistics")
    with clock.travel(NOON):
        for index in range(count):
            contact = await a_contact(account, company=company)
            await a_meeting(ines, NOON + timedelta(minutes=10 * index), 10, contact=contact)
        with statements(monkeypatch) as sent:
            data = await answer(TODAY_TAB, viewer_for(ines))
    assert (len(data["todayMeetings"]), len(sent)) == (count, 9)


async def test_meetings_are_paged_in_order_without_gap_or_double(db: str) -> None:
    ines = await a_user(await an_account())
    for index in range(5):
        await a_meeting(ines, NOON + timedelta(hours=index), title=f"No. {index}")
    document = """query ($after: String) {
      meetings(first: 2, after: $after, orderBy: LATEST_FIRST) {
        edges { node { title } } pageInfo { hasNextPage endCursor }
      } }"""
    titles, after, pages = [], None, 0
    while pages == 0 or after:
        page = (await answer(document, viewer_for(ines), after=after))["meetings"]
        titles += [edge["node"]["title"] for edge in page["edges"]]
        after, pages = page["pageInfo"]["hasNextPage"] and page["pageInfo"]["endCursor"], pages + 1
    assert (titles, pages) == (["No. 4", "No. 3", "No. 2", "No. 1", "No. 0"], 3)


async def test_meetings_are_filtered_by_all_that_is_asked(db: str) -> None:
    account = await an_account()
    ines, karol = await a_user(account, "Ines"), await a_user(account, "Karol")
    tomasz = await a_contact(account)
    await a_meeting(ines, NOON, contact=tomasz, title="Wanted", outcome="NO_SHOW")
    await a_meeting(ines, NOON + timedelta(hours=1), contact=tomasz, title="Other outcome")
    await a_meeting(karol, NOON, contact=tomasz, title="Other host", outcome="NO_SHOW")
    await a_meeting(ines, NOON + timedelta(days=9), contact=tomasz, title="Too late", outcome="NO_SHOW")
    wanted = {
        "host": f"usr_{ines.id}",
        "contact": f"con_{tomasz.id}",
        "outcomes": ["NO_SHOW"],
        "startsFrom": "2026-11-24T00:00:00+01:00",
        "startsBefore": "2026-11-25T00:00:00+01:00",
    }
    document = "query ($f: MeetingFilter) { meetings(first: 10, filter: $f) { edges { node { title } } } }"
    data = await answer(document, viewer_for(ines), f=wanted)
    assert data == {"meetings": {"edges": [{"node": {"title": "Wanted"}}]}}


@pytest.mark.parametrize("first", [0, 101, -1])
async def test_a_page_outside_1_to_100_is_refused(db: str, first: int) -> None:
    ines = await a_user(await an_account())
    told = await problem("query ($n: Int!) { meetings(first: $n) { edges { cursor } } }", viewer_for(ines), n=first)
    assert told == ("BAD_USER_INPUT", f"`first` must be from 1 to 100, and is {first}.")


async def test_a_cursor_that_is_not_ours_is_refused(db: str) -> None:
    ines = await a_user(await an_account())
    told = await problem('{ meetings(first: 1, after: "nonsense") { edges { cursor } } }', viewer_for(ines))
    assert told == ("BAD_USER_INPUT", "This cursor is not one of ours; start again without `after`.")


async def test_a_zone_that_does_not_exist_is_refused(db: str) -> None:
    ines = await a_user(await an_account())
    code, message = await problem('{ todayMeetings(timeZone: "Mars/Base") { id } }', viewer_for(ines))
    assert (code, message.startswith("'Mars/Base' is not a time zone known here")) == ("BAD_USER_INPUT", True)


async def test_a_program_needs_the_scope_of_the_field(db: str) -> None:
    ines = await a_user(await an_account())
    meeting = await a_meeting(ines, internal_notes="Ask about the budget")
    document = "query ($id: ID!) { meeting(id: $id) { internalNotes } }"
    data = await answer(document, program_of(ines.account_id, "meetings:read"), id=f"mtg_{meeting.id}")
    assert data == {"meeting": {"internalNotes": "Ask about the budget"}}
    told = await problem(document, program_of(ines.account_id, "bookings:read"), id=f"mtg_{meeting.id}")
    assert told == ("FORBIDDEN", "This token lacks the scope meetings:read; use one that carries it.")


async def test_a_filter_longer_than_the_schema_says_is_refused(db: str) -> None:
    ines = viewer_for(await a_user(await an_account()))
    document = "query ($f: MeetingFilter) { meetings(first: 1, filter: $f) { edges { cursor } } }"
    too_long = ({"outcomes": ["COMPLETED"] * 40_000}, {"sources": ["WEB"] * 11})
    for wanted in too_long:
        assert (await problem(document, ines, f=wanted))[0] == "BAD_USER_INPUT"
