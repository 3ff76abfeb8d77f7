"""What visitors do through the schema: hold, book, move, cancel."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from server import clock
from server.models import Change, Contact, Job, Meeting, MeetingLink
from tests.factories import a_link, a_user, an_account
from tests.resolvers.asking import answer, problem
from tests.resolvers.documents import operation

BOOK = operation("book_meeting")
SUNDAY = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
TEN = "2026-11-24T10:00:00+01:00"
RESCHEDULE = """mutation ($input: RescheduleBookingInput!) { rescheduleBooking(input: $input) {
  booking { id startsAt } alternatives { startsAt } userErrors { code path } } }"""
CANCEL = """mutation ($input: CancelBookingInput!) { cancelBooking(input: $input) {
  booking { id isCanceled canChange } userErrors { code path } } }"""


async def the_link() -> MeetingLink:
    """A page of Ines, who is there from nine to five, Warsaw time."""
    return await a_link(await a_user(await an_account(), "Ines Marek"), slug="ines", location_text="Room 2")


def of_marek(**fields: Any) -> dict[str, Any]:
    """What Marek types."""
    typed = {
        "slug": "ines",
        "startsAt": TEN,
        "email": "Marek@client.example",
        "firstName": "Marek",
        "lastName": "Nowak",
    }
    return typed | fields


async def booked(**fields: Any) -> Any:
    """The payload of `bookMeeting`."""
    return (await answer(BOOK, input=of_marek(**fields)))["bookMeeting"]


@pytest.mark.capability("S1-03", "S1-16", "S1-24")
async def test_a_visitor_books_and_learns_what_concerns_them(db: str) -> None:
    link = await the_link()
    with clock.travel(SUNDAY):
        payload = await booked(timeZone="Asia/Taipei")
    meeting = await Meeting.get()
    manage_url = payload["booking"].pop("manageUrl")
    assert payload == {
        "booking": {
            "id": f"mtg_{meeting.id}",
            "startsAt": "2026-11-24T09:00:00Z",
            "endsAt": "2026-11-24T09:30:00Z",
            "timeZone": "Asia/Taipei",
            "title": meeting.title,
            "hostNames": ["Ines Marek"],
            "location": {"kind": "CUSTOM", "text": "Room 2", "joinUrl": None},
            "icsUrl": f"{manage_url}/invitation.ics",
        },
        "alternatives": [],
        "payment": None,
        "userErrors": [],
    }
    assert manage_url.startswith(f"https://meet.example.com/b/{meeting.id}-")
    contact = await Contact.get()
    assert (contact.email, contact.first_name, contact.owner_id) == ("marek@client.example", "Marek", link.owner_id)


@pytest.mark.parametrize(
    ("fields", "code", "path"),
    [
        ({"slug": "nobody"}, "LINK_NOT_FOUND", ["slug"]),
        ({"startsAt": "2026-11-20T10:00:00+01:00"}, "TIME_IN_PAST", ["startsAt"]),
        ({"startsAt": "2026-11-24T03:00:00+01:00"}, "SLOT_NOT_OFFERED", ["startsAt"]),
        ({"durationMinutes": 45}, "SLOT_NOT_OFFERED", ["durationMinutes"]),
        ({"timeZone": "Mars/Base"}, "TIME_ZONE_INVALID", ["timeZone"]),
        ({"firstName": "", "lastName": " "}, "NAME_REQUIRED", ["firstName"]),
        ({"firstName": "x" * 10_000}, "TEXT_TOO_LONG", ["firstName"]),
        ({"email": "marek at client"}, "EMAIL_INVALID", ["email"]),
        ({"guests": ["one@client.example"]}, "GUEST_LIMIT", ["guests"]),
        ({"answers": [{"question": "budget", "value": "much"}]}, "ANSWER_INVALID", ["answers", "budget"]),
        ({"idempotencyKey": ""}, "TEXT_TOO_LONG", ["idempotencyKey"]),
    ],
)
async def test_bad_input_is_told_with_its_place_and_writes_nothing(
    db: str, fields: dict[str, Any], code: str, path: list[str]
) -> None:
    await the_link()
    with clock.travel(SUNDAY):
        payload = await booked(**fields)
    (complaint,) = payload["userErrors"]
    assert (complaint["code"], complaint["path"], payload["booking"]) == (code, path, None)
    assert len(complaint["message"].split()) >= 5
    assert [await model.all().count() for model in (Meeting, Contact, Change, Job)] == [0, 0, 0, 0]


async def test_a_time_without_offset_is_refused_before_anything_runs(db: str) -> None:
    await the_link()
    code, message = await problem(BOOK, input=of_marek(startsAt="2026-11-24T10:00:00"))
    assert "write it as RFC 3339 asks, such as 2026-11-24T10:30:00+01:00" in message
    assert await Meeting.all().count() == 0


async def test_a_slot_that_is_taken_answers_the_nearest_that_are_free(db: str) -> None:
    await the_link()
    with clock.travel(SUNDAY):
        await booked()
        payload = await booked(email="late@client.example")
    assert (payload["booking"], [one["code"] for one in payload["userErrors"]]) == (None, ["SLOT_TAKEN"])
    assert payload["alternatives"] == [
        {"startsAt": "2026-11-24T08:15:00Z", "endsAt": "2026-11-24T08:45:00Z"},
        {"startsAt": "2026-11-24T08:30:00Z", "endsAt": "2026-11-24T09:00:00Z"},
        {"startsAt": "2026-11-24T09:30:00Z", "endsAt": "2026-11-24T10:00:00Z"},
    ]


async def test_the_same_request_twice_has_one_effect_and_one_answer(db: str) -> None:
    await the_link()
    with clock.travel(SUNDAY):
        answers = [await booked(idempotencyKey="k-1") for _ in range(2)]
        other = await booked(idempotencyKey="k-1", startsAt="2026-11-24T11:00:00+01:00")
    assert answers[0] == answers[1]
    assert [one["code"] for one in other["userErrors"]] == ["IDEMPOTENCY_KEY_REUSED"]
    assert await Meeting.all().count() == 1


async def test_a_held_slot_is_busy_to_all_but_its_holder(db: str) -> None:
    await the_link()
    hold = """mutation ($input: HoldSlotInput!) { holdSlot(input: $input) {
      hold { token expiresAt } alternatives { startsAt } userErrors { code } } }"""
    release = "mutation ($token: String!) { releaseSlot(input: {token: $token}) { released userErrors { code } } }"
    with clock.travel(SUNDAY):
        held = (await answer(hold, input={"slug": "ines", "startsAt": TEN}))["holdSlot"]
        second = (await answer(hold, input={"slug": "ines", "startsAt": TEN}))["holdSlot"]
        stranger = await booked()
        released = [(await answer(release, token=held["hold"]["token"]))["releaseSlot"]["released"] for _ in range(2)]
        afterwards = await booked()
    assert (held["userErrors"], second["hold"], len(second["alternatives"])) == ([], None, 3)
    assert ([one["code"] for one in stranger["userErrors"]], released) == (["SLOT_TAKEN"], [True, False])
    assert afterwards["userErrors"] == []


async def test_a_booking_is_moved_and_canceled_from_its_manage_link(db: str) -> None:
    await the_link()
    with clock.travel(SUNDAY):
        token = (await booked())["booking"]["manageUrl"].rpartition("/")[2]
        moved = await answer(RESCHEDULE, input={"token": token, "startsAt": "2026-11-25T10:00:00+01:00"})
        shown = await answer("query ($t: String!) { manageableBooking(token: $t) { id startsAt canChange } }", t=token)
        canceled = await answer(CANCEL, input={"token": token, "reason": "Ill"})
        again = await answer(CANCEL, input={"token": token})
    meeting = await Meeting.get()
    id = f"mtg_{meeting.id}"
    assert moved["rescheduleBooking"] == {
        "booking": {"id": id, "startsAt": "2026-11-25T09:00:00Z"},
        "alternatives": [],
        "userErrors": [],
    }
    assert shown == {"manageableBooking": {"id": id, "startsAt": "2026-11-25T09:00:00Z", "canChange": True}}
    assert canceled["cancelBooking"] == {
        "booking": {"id": id, "isCanceled": True, "canChange": False},
        "userErrors": [],
    }
    assert again["cancelBooking"]["userErrors"] == [{"code": "CONFLICT", "path": ["token"]}]
    assert meeting.cancel_reason == "Ill"


async def test_a_wrong_manage_token_opens_nothing(db: str) -> None:
    await the_link()
    with clock.travel(SUNDAY):
        await booked()
        meeting = await Meeting.get()
        token = f"{meeting.id}-{'A' * 32}"
        shown = await answer("query ($t: String!) { manageableBooking(token: $t) { id } }", t=token)
        moved = await answer(RESCHEDULE, input={"token": token, "startsAt": TEN})
        canceled = await answer(CANCEL, input={"token": token})
    wrong = [{"code": "NOT_FOUND", "path": ["token"]}]
    assert shown == {"manageableBooking": None}
    assert (moved["rescheduleBooking"]["userErrors"], canceled["cancelBooking"]["userErrors"]) == (wrong, wrong)


async def test_the_page_lists_what_can_be_booked_and_nothing_else(db: str) -> None:
    await the_link()
    document = operation("scheduling_page")
    with clock.travel(SUNDAY):
        await booked()
        page = (await answer(document, slug="ines", **{"from": "2026-11-23", "to": "2026-11-24"}))["schedulingPage"]
    monday, tuesday = page["slots"]
    assert (monday["date"], tuesday["date"]) == ("2026-11-23", "2026-11-24")
    assert (len(monday["slots"]), len(tuesday["slots"])) == (31, 28)
    assert (
        page["nextAvailable"]
        == monday["slots"][0]
        == {
            "startsAt": "2026-11-23T08:00:00Z",
            "endsAt": "2026-11-23T08:30:00Z",
        }
    )
    start = datetime.fromisoformat(tuesday["slots"][-1]["startsAt"])
    assert start + timedelta(minutes=30) == datetime(2026, 11, 24, 16, 0, tzinfo=UTC)
