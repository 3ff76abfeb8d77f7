"""What colleagues do through the schema: schedule, edit, say how it went, delete."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from server import clock
from server.models import Association, Change, Meeting, MeetingType, Record, User
from server.models.enums import RecordKind
from tests.factories import a_contact, a_meeting, a_user, an_account
from tests.resolvers.asking import answer, problem, program_of, viewer_for
from tests.resolvers.documents import operation

SCHEDULE, EDIT, OUTCOME = operation("schedule_meeting"), operation("edit_meeting"), operation("record_outcome")
MONDAY = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
DELETE = "mutation ($input: DeleteMeetingInput!) { deleteMeeting(input: $input) { deletedId userErrors { code } } }"


def at_ten(**fields: Any) -> dict[str, Any]:
    """A meeting at ten in Warsaw."""
    given = {"title": "Pilot", "startsAt": "2026-11-24T10:00:00+01:00", "endsAt": "2026-11-24T10:45:00+01:00"}
    return given | fields


async def scheduled(user: User, **fields: Any) -> Any:
    """The payload of `scheduleMeeting`."""
    return (await answer(SCHEDULE, viewer_for(user), input=at_ten(**fields)))["scheduleMeeting"]


@pytest.mark.capability("S2-09", "S2-30")
async def test_scheduling_for_oneself_makes_one_host_and_organizer(db: str) -> None:
    account = await an_account()
    ines, tomasz = await a_user(account, "Ines Marek"), await a_contact(account, "Tomasz", "Lis")
    deal = await Record.create(account=account, kind=RecordKind.DEAL, name="Pilot")
    with clock.travel(MONDAY):
        payload = await scheduled(
            ines,
            attendees=[{"contact": f"con_{tomasz.id}"}, {"address": "guest@client.example"}],
            location={"kind": "PHONE", "text": "+48 600"},
            associations=[f"rec_{deal.id}"],
        )
    meeting = await Meeting.get()
    shown = payload["meeting"]
    assert payload["userErrors"] == []
    assert (shown["id"], shown["title"], shown["startsAt"], shown["endsAt"], shown["version"]) == (
        f"mtg_{meeting.id}",
        "Pilot",
        "2026-11-24T09:00:00Z",
        "2026-11-24T09:45:00Z",
        1,
    )
    assert [(one["kind"], one["reply"]) for one in shown["attendees"]] == [
        ("USER", "ACCEPTED"),
        ("CONTACT", "NEEDS_ACTION"),
        ("GUEST", "NEEDS_ACTION"),
    ]
    assert (shown["contact"]["name"], shown["location"]) == (
        "Tomasz Lis",
        {"kind": "PHONE", "text": "+48 600", "joinUrl": None, "provider": None},
    )
    assert (meeting.host_id, meeting.organizer_id, meeting.source) == (ines.id, ines.id, "WEB")
    ties = await Association.filter(meeting_id=meeting.id).order_by("id").values_list("record_id", "contact_id")
    assert ties == [(deal.id, None), (None, tomasz.id)]


@pytest.mark.capability("S2-40")
async def test_a_dry_run_says_what_would_be_sent_and_writes_nothing(db: str) -> None:
    ines = await a_user(await an_account(), "Ines Marek")
    with clock.travel(MONDAY):
        payload = await scheduled(
            ines, attendees=[{"address": "a@client.example"}], reminders=[{"amount": 1, "unit": "DAYS"}], dryRun=True
        )
    told = "Scheduled: Pilot with a@client.example, Tue 24 Nov, 10:00"
    subject = "Invitation: Pilot, Tue 24 Nov, 10:00"
    assert payload == {
        "meeting": None,
        "preview": {
            "host": {"id": f"usr_{ines.id}", "name": "Ines Marek"},
            "isHostBusy": False,
            "mails": [
                {"email": ines.email, "name": "Ines Marek", "isHost": True, "subject": told},
                {"email": "a@client.example", "name": "", "isHost": False, "subject": subject},
            ],
            "remindersAt": ["2026-11-23T09:00:00Z"],
        },
        "userErrors": [],
    }
    assert (await Meeting.all().count(), await Change.all().count()) == (0, 0)


async def test_all_that_is_wrong_is_told_at_once(db: str) -> None:
    ines, stranger = await a_user(await an_account()), await a_user(await an_account("Others"))
    with clock.travel(MONDAY):
        payload = await scheduled(
            ines,
            title=" ",
            endsAt="2026-11-24T09:00:00+01:00",
            timeZone="Mars/Base",
            attendees=[{"user": f"usr_{stranger.id}"}, {"address": "nowhere"}],
        )
    assert {(one["code"], tuple(one["path"])) for one in payload["userErrors"]} >= {
        ("TIME_ZONE_INVALID", ("timeZone",)),
        ("NOT_FOUND", ("attendees", "0")),
        ("ATTENDEE_EMAIL_INVALID", ("attendees", "1")),
    }
    assert (payload["meeting"], await Meeting.all().count()) == (None, 0)


async def test_a_busy_host_is_refused_unless_overlap_is_allowed(db: str) -> None:
    ines = await a_user(await an_account())
    with clock.travel(MONDAY):
        await scheduled(ines)
        refused, allowed = await scheduled(ines), await scheduled(ines, allowOverlap=True)
    assert [one["code"] for one in refused["userErrors"]] == ["HOST_BUSY"]
    assert (allowed["userErrors"], await Meeting.all().count()) == ([], 2)


async def test_a_program_schedules_as_api_and_needs_the_scope(db: str) -> None:
    ines = await a_user(await an_account())
    program = program_of(ines.account_id, "meetings:read", "meetings:write")
    with clock.travel(MONDAY):
        payload = await answer(SCHEDULE, program, input=at_ten(host=f"usr_{ines.id}", client="MOBILE_IOS"))
        told = await problem(SCHEDULE, program_of(ines.account_id, "meetings:read"), input=at_ten())
    assert payload["scheduleMeeting"]["userErrors"] == []
    assert (await Meeting.get()).source == "API"
    assert told == ("FORBIDDEN", "This token lacks the scope meetings:write; use one that carries it.")


async def test_an_edit_of_an_old_version_answers_the_meeting_as_it_is(db: str) -> None:
    ines = await a_user(await an_account())
    meeting = await a_meeting(ines, title="Before")
    given = {"meeting": f"mtg_{meeting.id}", "expectedVersion": 1, "changes": {"title": "After", "internalNote": "Ask"}}
    first = (await answer(EDIT, viewer_for(ines), input=given))["editMeeting"]
    second = (await answer(EDIT, viewer_for(ines), input=given | {"changes": {"title": "Lost"}}))["editMeeting"]
    shown = [
        (one["meeting"]["title"], one["meeting"]["version"], one["meeting"]["internalNotes"]) for one in (first, second)
    ]
    assert shown == [("After", 2, "Ask")] * 2
    assert [[one["code"] for one in payload["userErrors"]] for payload in (first, second)] == [[], ["CONFLICT"]]


@pytest.mark.capability("S1-41", "S2-54")
async def test_an_outcome_is_recorded_by_key_and_stays_in_the_history(db: str) -> None:
    ines = await a_user(await an_account())
    meeting = await a_meeting(ines, MONDAY)
    id = f"mtg_{meeting.id}"
    payload = await answer(OUTCOME, viewer_for(ines), input={"meeting": id, "outcome": "NO_SHOW"})
    unknown = await answer(OUTCOME, viewer_for(ines), input={"meeting": id, "outcome": "SPLENDID"})
    history = "query ($id: ID!) { meeting(id: $id) { outcome { label } history { kind actor outcome } } }"
    assert payload["recordOutcome"] == {
        "meeting": {"id": id, "version": 2, "outcome": {"key": "NO_SHOW", "label": "No show", "isDefault": True}},
        "userErrors": [],
    }
    assert [one["code"] for one in unknown["recordOutcome"]["userErrors"]] == ["OUTCOME_UNKNOWN"]
    assert await answer(history, viewer_for(ines), id=id) == {
        "meeting": {
            "outcome": {"label": "No show"},
            "history": [{"kind": "OUTCOME_RECORDED", "actor": f"usr_{ines.id}", "outcome": "NO_SHOW"}],
        }
    }


async def test_a_colleague_who_has_nothing_to_do_with_it_may_see_but_not_change(db: str) -> None:
    account = await an_account()
    ines, karol = await a_user(account, "Ines"), await a_user(account, "Karol")
    meeting = await a_meeting(ines)
    payload = await answer(OUTCOME, viewer_for(karol), input={"meeting": f"mtg_{meeting.id}", "outcome": "NO_SHOW"})
    assert [one["code"] for one in payload["recordOutcome"]["userErrors"]] == ["FORBIDDEN"]


async def test_foreign_and_unknown_meetings_answer_alike(db: str) -> None:
    ines, stranger = await a_user(await an_account()), await a_user(await an_account("Others"))
    theirs = await a_meeting(stranger)
    told = []
    for id in (f"mtg_{theirs.id}", "mtg_999999", "usr_1", ""):
        edit = await answer(EDIT, viewer_for(ines), input={"meeting": id, "changes": {"title": "Mine"}})
        outcome = await answer(OUTCOME, viewer_for(ines), input={"meeting": id, "outcome": "NO_SHOW"})
        gone = await answer(DELETE, viewer_for(ines), input={"meeting": id})
        told.append((edit, outcome, gone))
    assert all(one == told[0] for one in told)
    assert told[0][0]["editMeeting"]["meeting"] is None
    assert [one["code"] for one in told[0][0]["editMeeting"]["userErrors"]] == ["NOT_FOUND"]
    await theirs.refresh_from_db()
    assert (theirs.title, theirs.version, theirs.deleted_at) == ("Intro call", 1, None)


async def test_a_deleted_meeting_is_gone_from_every_list(db: str) -> None:
    ines = await a_user(await an_account())
    meeting = await a_meeting(ines)
    id = f"mtg_{meeting.id}"
    gone = await answer(DELETE, viewer_for(ines), input={"meeting": id, "expectedVersion": 1})
    assert gone == {"deleteMeeting": {"deletedId": id, "userErrors": []}}
    left = await answer("query ($id: ID!) { meeting(id: $id) { id } node(id: $id) { id } }", viewer_for(ines), id=id)
    assert left == {"meeting": None, "node": None}


async def test_records_are_tied_and_untied(db: str) -> None:
    account = await an_account()
    ines = await a_user(account)
    deal = await Record.create(account=account, kind=RecordKind.DEAL, name="Pilot")
    meeting = await a_meeting(ines)
    given = {"meeting": f"mtg_{meeting.id}", "records": [f"rec_{deal.id}"]}
    shown = "meeting { associations { record { name } contact { id } } } userErrors { code }"
    tie = f"mutation ($i: AssociateRecordsInput!) {{ associateRecords(input: $i) {{ {shown} }} }}"
    untie = f"mutation ($i: DissociateRecordsInput!) {{ dissociateRecords(input: $i) {{ {shown} }} }}"
    tied = (await answer(tie, viewer_for(ines), i=given))["associateRecords"]
    untied = (await answer(untie, viewer_for(ines), i=given))["dissociateRecords"]
    assert tied["meeting"]["associations"] == [{"record": {"name": "Pilot"}, "contact": None}]
    assert (untied["meeting"]["associations"], untied["userErrors"]) == ([], [])


async def test_a_meeting_type_is_set_by_key_where_the_account_uses_them(db: str) -> None:
    account = await an_account(meeting_types_enabled=True)
    ines = await a_user(account)
    await MeetingType.create(account=account, key="demo", label="Demo")
    with clock.travel(MONDAY):
        await scheduled(ines, meetingType="demo")
    data = await answer("{ meetings(first: 1) { edges { node { meetingType { label } } } } }", viewer_for(ines))
    assert data["meetings"]["edges"] == [{"node": {"meetingType": {"label": "Demo"}}}]


@pytest.mark.parametrize(
    ("name", "more", "beside"),
    [
        ("editMeeting", {"changes": {"title": "Lost"}}, {}),
        ("recordOutcome", {"outcome": "NO_SHOW"}, {}),
        ("deleteMeeting", {}, {"deletedId": None}),
    ],
)
async def test_an_act_on_an_old_version_answers_the_meeting_as_it_is(
    db: str, name: str, more: dict[str, Any], beside: dict[str, Any]
) -> None:
    ines = await a_user(await an_account())
    meeting = await a_meeting(ines, title="Roof plans", version=3)
    shown = "meeting { title version outcome { key } } userErrors { code }" + "".join(f" {one}" for one in beside)
    kind = name[0].upper() + name[1:]
    document = f"mutation ($input: {kind}Input!) {{ {name}(input: $input) {{ {shown} }} }}"
    given = {"meeting": f"mtg_{meeting.id}", "expectedVersion": 2, **more}
    assert (await answer(document, viewer_for(ines), input=given))[name] == {
        "meeting": {"title": "Roof plans", "version": 3, "outcome": {"key": "SCHEDULED"}},
        "userErrors": [{"code": "CONFLICT"}],
        **beside,
    }
