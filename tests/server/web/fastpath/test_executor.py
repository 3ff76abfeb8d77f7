"""The executor in front: phones are answered by plan, nothing is done twice, and errors are the reference's."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest

from schema.context import context_for
from server import clock, metrics
from server.accounts.bearer import viewer_of
from server.accounts.create import create_user
from server.accounts.invite import Invitation, invite_user
from server.accounts.password_tokens import secret_from
from server.accounts.viewer import Viewer
from server.models import Account, Change, Job, Meeting, MeetingLink, Record, Snippet, VideoExtension
from server.models.enums import JobKind, NotificationActionKind, RecordKind, Role
from server.notifications.action_tokens import offer
from server.outbox import enqueue
from server.video.secrets import kept
from server.webhooks.secrets import new_secret
from tests.factories import a_contact, a_link, a_meeting, a_user, an_account
from tests.resolvers.asking import program_of, viewer_for
from tests.resolvers.documents import OPERATIONS, operation
from tests.server.web.fastpath.asking import Both, operation_of

SUNDAY = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
TEN = "2026-11-24T10:00:00+01:00"
PASSWORD = "amber-heron-fern-42"
ENDS = ("cancel_", "delete_", "disconnect_", "dissociate_", "retire_", "restore_", "unregister_")
LAST = {"restore_meeting_link": 1, "cancel_meeting": 2, "delete_meeting": 3}
TWICE = """mutation ($one: RecordOutcomeInput!, $two: RecordOutcomeInput!) {
  first: recordOutcome(input: $one) { meeting { version outcome { key } } userErrors { code } }
  second: recordOutcome(input: $two) { meeting { version link { questions { kind } } } userErrors { code } }
  third: recordOutcome(input: $one) { meeting { version } userErrors { code } } }"""


async def a_day() -> tuple[Viewer, Meeting, MeetingLink]:
    """Ines, one meeting that was booked through her link, and the link."""
    account = await an_account()
    ines = await create_user(
        account.id, email="ines@linden.example", name="Ines Marek", password=PASSWORD, role=Role.ADMIN
    )
    link = await a_link(ines, slug="ines", location_text="Room 2")
    contact = await a_contact(account, "Tomasz", "Lis", owner=ines)
    meeting = await a_meeting(ines, SUNDAY + timedelta(hours=2), contact=contact, link=link)
    return viewer_for(ines), meeting, link


def variables(meeting: Meeting) -> dict[str, dict[str, Any]]:
    """What phones send with the operations that need something."""
    number = f"mtg_{meeting.id}"
    return {
        "meeting": {"id": number},
        "scheduling_page": {"slug": "ines", "from": "2026-11-23", "to": "2026-11-25"},
        "edit_meeting": {"input": {"meeting": number, "changes": {"title": "Pilot"}}},
        "edit_profile": {"input": {"changes": {"dailyLimit": 5}}},
        "register_device": {"input": {"platform": "IOS", "pushToken": "5f" * 32}},
        "record_timeline": {"id": f"con_{meeting.contact_id}", "first": 5},
        "upsert_contact": {"input": {"email": "new@client.example"}},
        "meeting_report": {"range": {"from": "2026-11-01", "to": "2026-11-30"}, "groupBy": "WEEK"},
        "record_outcome": {"input": {"meeting": number, "outcome": "NO_SHOW"}},
        "sign_in": {"input": {"email": "ines@linden.example", "password": PASSWORD, "deviceName": "Phone"}},
        "schedule_meeting": {
            "input": {"title": "Pilot", "startsAt": TEN, "endsAt": "2026-11-24T10:45:00+01:00", "dryRun": True}
        },
        "book_meeting": {
            "input": {"slug": "ines", "startsAt": TEN, "email": "m@client.example", "firstName": "M", "lastName": "N"}
        },
    }


async def a_button(viewer: Viewer, meeting: Meeting) -> str:
    """The token of a notice that asks how the meeting went, and knows that nobody came."""
    job = await Job.get(id=await enqueue(JobKind.PUSH, account_id=viewer.account_id, meeting_id=meeting.id))
    until = SUNDAY + timedelta(days=1)
    return (await offer(NotificationActionKind.SET_OUTCOME, job, user_id=viewer.user_id or 0, expires_at=until)).token


async def test_every_operation_of_the_contract_is_answered_by_plan(db: str) -> None:
    viewer, meeting, link = await a_day()
    both, given, answered = Both(), variables(meeting) | about_a_link(link), []
    given |= await about_the_work(meeting) | await about_the_team(viewer)
    names = sorted(path.stem for path in OPERATIONS.glob("*.graphql") if "subscription" not in path.read_text())
    with clock.travel(SUNDAY):
        session = (await both.planned(operation("sign_in"), None, **given["sign_in"]))["signIn"]["session"]
        phone = await viewer_of(session["accessToken"])
        given["refresh_session"] = {"input": {"refreshToken": session["refreshToken"]}}
        pressed = {"token": await a_button(viewer, meeting), "outcome": "NO_SHOW"}
        given["perform_notification_action"] = {"input": pressed}
        given["renew_calendar_feed"] = {"input": {"idempotencyKey": "f"}}
        for name in sorted(names, key=lambda one: (one.startswith(ENDS), LAST.get(one, 0))):
            data = await both.planned(operation(name), phone, **given.get(name, {}))
            assert all(entry.get("userErrors", []) == [] for entry in data.values() if isinstance(entry, dict)), data
            given |= leading_to(name, data)
            answered.append(name)
    assert sorted(answered) == names
    assert len(names) >= 40


def about_a_link(link: MeetingLink) -> dict[str, dict[str, Any]]:
    """What phones send about their links."""
    number = f"lnk_{link.id}"
    this = {"input": {"meetingLink": number}}
    return {
        "create_meeting_link": {"input": {"kind": "PERSONAL", "settings": {"name": "Visit"}, "idempotencyKey": "l"}},
        "meeting_link": {"id": number},
        "edit_meeting_link": {"input": {"meetingLink": number, "settings": {"name": "Intro"}}},
        "duplicate_meeting_link": this,
        "retire_meeting_link": this,
        "restore_meeting_link": this,
        "share_meeting_link": {"input": {"meetingLink": number, "channel": "EMAIL"}},
        "propose_times": {"input": {"meetingLink": number, "startsAt": ["2026-11-25T10:00:00+01:00"]}},
        "colleagues": {"search": "a", "first": 5},
        "check_availability": {"hosts": [f"usr_{link.owner_id}"], "from": TEN, "to": "2026-11-25T10:00:00+01:00"},
    }


async def about_the_work(meeting: Meeting) -> dict[str, dict[str, Any]]:
    """What phones send about a meeting and what belongs to it."""
    deal = await Record.create(account_id=meeting.account_id, kind=RecordKind.DEAL, name="Pilot")
    snippet = await Snippet.create(account_id=meeting.account_id, shortcut="way", name="Way", body="Left of the gate.")
    number, contact = f"mtg_{meeting.id}", f"con_{meeting.contact_id}"
    ties = {"input": {"meeting": number, "records": [f"rec_{deal.id}"]}}
    return {
        "add_internal_note": {"input": {"meeting": number, "body": "The gate is on the right."}},
        "associate_records": ties,
        "dissociate_records": ties,
        "attach_file": {
            "input": {"meeting": number, "name": "Plan.pdf", "contentType": "application/pdf", "sizeBytes": 48}
        },
        "cancel_meeting": {"input": {"meeting": number}},
        "delete_meeting": {"input": {"meeting": number}},
        "contact_meetings": {"contact": contact, "first": 5},
        "schedule_meeting_form": {"contact": contact},
        "contacts": {"search": "t", "first": 5},
        "snippets": {"first": 5},
        "records": {"kind": "DEAL", "first": 5},
        "expand_snippet": {"snippet": f"snp_{snippet.id}", "meeting": number},
    }


async def about_the_team(viewer: Viewer) -> dict[str, dict[str, Any]]:
    """What phones send about who belongs to the account, its logo, and through whom they meet over video."""
    account = await Account.get(id=viewer.account_id)
    leo, nora = await a_user(account, "Leo Lis"), await a_user(account, "Nora Next")
    with clock.travel(SUNDAY):
        invited = [await invite_user(viewer, Invitation(f"{name}@linden.example")) for name in ("mila", "jan")]
    job = await Job.filter(kind=JobKind.PASSWORD_MAIL).order_by("id").first()
    token = secret_from(job.payload["seed"]) if job is not None else ""
    rooms = await VideoExtension.create(
        account=account, name="Rooms", create_url="https://rooms.example.com", secret=kept([new_secret()])
    )
    return {
        "accept_invitation": {"input": {"token": token, "name": "Mila", "password": PASSWORD}},
        "resend_invitation": {"input": {"user": f"usr_{invited[1]}"}},
        "invite_user": {"input": {"email": "ola@linden.example"}},
        "edit_user": {"input": {"user": f"usr_{nora.id}", "role": "ADMIN"}},
        "deactivate_user": {"input": {"user": f"usr_{leo.id}", "handOverTo": f"usr_{nora.id}"}},
        "hand_over_meetings": {"input": {"from": f"usr_{leo.id}", "to": f"usr_{nora.id}"}},
        "reactivate_user": {"input": {"user": f"usr_{leo.id}"}},
        "connect_video": {"input": {"extension": f"vex_{rooms.id}"}},
        "upload_logo": {"input": {"sizeBytes": 6318}},
    }


def leading_to(name: str, data: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """What phones send next, once that was answered."""
    match name:
        case "register_device":
            return {"unregister_device": {"input": {"device": data["registerDevice"]["device"]["id"]}}}
        case "add_internal_note":
            note = data["addInternalNote"]["note"]["id"]
            return {
                "edit_internal_note": {"input": {"note": note, "body": "The gate is on the left."}},
                "delete_internal_note": {"input": {"note": note}},
            }
        case "connect_video":
            this = {"input": {"videoAccount": data["connectVideo"]["videoAccount"]["id"]}}
            return {"edit_video_account": this, "disconnect_video": this}
        case "attach_file":
            return {"delete_attachment": {"input": {"attachment": data["attachFile"]["attachment"]["id"]}}}
    return {}


async def test_the_queries_of_the_contract_are_answered_as_by_the_reference(db: str) -> None:
    viewer, meeting, _ = await a_day()
    both, given = Both(), variables(meeting)
    with clock.travel(SUNDAY):
        for name in ("meeting", "meeting_links_menu", "scheduling_page", "today_sync", "today_tab"):
            front, reference = await both.answers(operation(name), viewer, **given.get(name, {}))
            assert front == reference, name


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        ("{ __schema { queryType { name } } }", "introspection"),
        ("query ($d: Date) { todayMeetings(date: $d) { id } }", "variables"),
    ],
)
async def test_what_no_plan_answers_is_counted_with_its_reason(db: str, document: str, reason: str) -> None:
    viewer, _, _ = await a_day()
    before = metrics.FALLBACKS.labels(reason)._value.get()
    front, reference = await Both().answers(document, viewer, d="tomorrow")
    assert metrics.FALLBACKS.labels(reason)._value.get() == before + 1
    assert front == reference


@pytest.mark.parametrize(
    "document",
    ["{ todayMeetings { id } }", "{ users { edges { node { email } } } }", "{ apiTokens { edges { node { id } } } }"],
)
async def test_rights_hold_on_the_fast_path(db: str, document: str) -> None:
    viewer, _, _ = await a_day()
    for asking in (None, program_of(viewer.account_id, "links:read")):
        front, reference = await Both().answers(document, asking)
        assert front == reference
        assert orjson.loads(front)["errors"][0]["extensions"]["code"] in ("UNAUTHENTICATED", "FORBIDDEN")


async def test_rows_of_another_account_are_not_there(db: str) -> None:
    _, meeting, link = await a_day()
    stranger = viewer_for(await a_user(await an_account("Ash")))
    document = "query ($m: ID!, $l: ID!) { meeting(id: $m) { id } node(id: $l) { id } nodes(ids: [$m, $l]) { id } }"
    data = await Both().planned(document, stranger, m=f"mtg_{meeting.id}", l=f"lnk_{link.id}")
    assert data == {"meeting": None, "node": None, "nodes": [None, None]}


async def test_a_mutation_whose_answer_cannot_be_completed_was_done_once(db: str) -> None:
    viewer, meeting, link = await a_day()
    await MeetingLink.filter(id=link.id).update(questions=[{"key": "k", "label": "?", "kind": "From the future"}])
    given = {"meeting": f"mtg_{meeting.id}", "outcome": "NO_SHOW"}
    answer = await front(TWICE, viewer, one=given, two=given | {"outcome": "COMPLETED"})
    data = answer["data"]
    assert [error["path"][0] for error in answer["errors"]] == ["second"]
    # What was done before is read again, as it is by now.
    assert data["first"] == {"meeting": {"version": 3, "outcome": {"key": "COMPLETED"}}, "userErrors": []}
    assert data["third"] == {"meeting": {"version": 4}, "userErrors": []}
    recorded = await Change.filter(kind="OUTCOME_RECORDED").order_by("number")
    assert [one.data["outcome"] for one in recorded] == ["NO_SHOW", "COMPLETED", "NO_SHOW"]


async def test_a_mutation_that_may_not_be_done_lets_the_next_one_go_on(db: str) -> None:
    viewer, meeting, _ = await a_day()
    given = {"meeting": f"mtg_{meeting.id}", "outcome": "NO_SHOW"}
    reader = program_of(viewer.account_id, "meetings:read")
    answer = await front(TWICE, reader, one=given, two=given)
    assert [error["extensions"]["code"] for error in answer["errors"]] == ["FORBIDDEN"]
    assert await Change.filter(kind="OUTCOME_RECORDED").count() == 0


async def front(document: str, viewer: Viewer, **given: Any) -> Any:
    """The whole answer of the executor in front."""
    return orjson.loads((await Both().fast.answer(operation_of(document, **given), context_for(viewer))).body)


@pytest.mark.parametrize(
    ("document", "values"),
    [
        ("query ($v: MeetingLinkKind) { meetingLinks(kind: $v) { pageInfo { hasNextPage } } }", {"v": "PERSONA"}),
        ("mutation ($v: SignInInput!) { signIn(input: $v) { userErrors { code } } }", {"v": {"emai": "x"}}),
    ],
)
async def test_what_was_meant_by_a_value_is_guessed_for_developers_only(
    db: str, document: str, values: dict[str, Any]
) -> None:
    viewer, _, _ = await a_day()
    both = Both()
    told = [await both.answers(document, whoever, **values) for whoever in (None, viewer)]
    assert [b"Did you mean" in front for front, _ in told] == [False, True]
