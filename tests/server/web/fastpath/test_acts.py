"""What was answered under an idempotency key is answered again, whatever has become of it since."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import orjson
import pytest

from resolvers.root import schema
from schema.context import context_for
from server import clock, database, settings
from server.accounts.viewer import Viewer
from server.models import Attendee, Change, Contact, KeptResult, Meeting, MeetingLink, User
from server.models.enums import Role
from server.web.fastpath.executor import FastExecutor
from tests.factories import a_contact, a_link, a_user, an_account
from tests.resolvers.asking import viewer_for
from tests.server.web.fastpath.asking import operation_of

SUNDAY = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
BOOKING = {
    "slug": "ines",
    "startsAt": "2026-11-24T10:00:00+01:00",
    "email": "tomasz@client.example",
    "firstName": "Tomasz",
    "lastName": "Lis",
    "idempotencyKey": "k-1",
}
MEETING = {
    "title": "Pilot",
    "startsAt": "2026-11-24T10:00:00+01:00",
    "endsAt": "2026-11-24T10:45:00+01:00",
    "attendees": [{"address": "guest@client.example"}],
    "reminders": [{"amount": 1, "unit": "HOURS"}],
    "idempotencyKey": "k-1",
}
BOOK = """mutation ($input: BookMeetingInput!) {
  bookMeeting(input: $input) { booking { id title startsAt manageUrl } userErrors { code } } }"""
SCHEDULE = """mutation ($input: ScheduleMeetingInput!) {
  made: scheduleMeeting(input: $input) { meeting { ...Shown } userErrors { code path } } }
fragment Shown on Meeting { __typename id title version host { name } attendees { email reply contact { id } }
  reminders { state dueAt } history { kind } location { kind text } }"""
NARROW = """mutation ($input: ScheduleMeetingInput!) {
  scheduleMeeting(input: $input) { __typename meeting { name: title attendees { email } link { slug } } } }"""
DEEP = """mutation ($input: ScheduleMeetingInput!) { scheduleMeeting(input: $input) { meeting {
  title attendees { contact { owner { name } } } } } }"""
EDIT = (
    """mutation ($input: EditMeetingInput!) { editMeeting(input: $input) { meeting { title } userErrors { code } } }"""
)
DELETE = """mutation ($input: DeleteMeetingInput!) { deleteMeeting(input: $input) { deletedId userErrors { code } } }"""


class House:
    """Ines, her page, and a server that is asked."""

    def __init__(self, ines: User) -> None:
        self.viewer = viewer_for(ines)
        self._executor = FastExecutor(schema)

    async def ask(self, text: str, viewer: Viewer | None = None, **variables: Any) -> bytes:
        with clock.travel(SUNDAY):
            return (await self._executor.answer(operation_of(text, **variables), context_for(viewer))).body

    async def data(self, text: str, **variables: Any) -> Any:
        return orjson.loads(await self.ask(text, self.viewer, **variables))["data"]


@pytest.fixture
async def house(db: str) -> House:
    account = await an_account()
    ines = await a_user(account, "Ines Marek", role=Role.ADMIN)
    await a_link(ines, slug="ines")
    await a_contact(account, "Tomasz", "Lis", email="tomasz@client.example")
    return House(ines)


async def test_replay_of_a_booking_is_the_first_answer_after_edit_and_delete(house: House) -> None:
    first = await house.ask(BOOK, input=BOOKING)
    meeting = orjson.loads(first)["data"]["bookMeeting"]["booking"]["id"]
    edited = await house.data(EDIT, input={"meeting": meeting, "changes": {"title": "Renamed"}})
    assert edited["editMeeting"] == {"meeting": {"title": "Renamed"}, "userErrors": []}
    assert await house.ask(BOOK, input=BOOKING) == first
    deleted = await house.data(DELETE, input={"meeting": meeting})
    assert deleted["deleteMeeting"] == {"deletedId": meeting, "userErrors": []}
    assert await house.ask(BOOK, input=BOOKING) == first
    assert await Meeting.all().count() == 1


async def test_replay_of_a_meeting_is_the_first_answer_after_edit_and_delete(house: House) -> None:
    first = await house.ask(SCHEDULE, house.viewer, input=MEETING)
    told = orjson.loads(first)["data"]["made"]
    assert (told["userErrors"], told["meeting"]["version"], len(told["meeting"]["attendees"])) == ([], 1, 2)
    await house.data(EDIT, input={"meeting": told["meeting"]["id"], "changes": {"title": "Renamed"}})
    await house.data(DELETE, input={"meeting": told["meeting"]["id"]})
    assert await house.ask(SCHEDULE, house.viewer, input=MEETING) == first


async def test_replay_outlives_the_page_that_was_booked_and_held(house: House) -> None:
    hold = """mutation ($input: HoldSlotInput!) { holdSlot(input: $input) { hold { token expiresAt } } }"""
    held = {"slug": "ines", "startsAt": "2026-11-24T11:00:00+01:00", "idempotencyKey": "k-2"}
    booked, kept = await house.ask(BOOK, input=BOOKING), await house.ask(hold, input=held)
    await MeetingLink.all().update(is_active=False, retired_at=SUNDAY)
    assert (await house.ask(BOOK, input=BOOKING), await house.ask(hold, input=held)) == (booked, kept)
    refused = await house.data(BOOK, input=BOOKING | {"idempotencyKey": "k-3"})
    assert refused["bookMeeting"] == {"booking": None, "userErrors": [{"code": "LINK_NOT_FOUND"}]}


async def test_another_document_reads_its_own_of_the_same_result(house: House) -> None:
    first = orjson.loads(await house.ask(SCHEDULE, house.viewer, input=MEETING))["data"]["made"]["meeting"]
    await house.data(EDIT, input={"meeting": first["id"], "changes": {"title": "Renamed", "attendees": []}})
    narrow = {
        "__typename": "ScheduleMeetingPayload",
        "meeting": {
            "name": "Pilot",
            "attendees": [{"email": one["email"]} for one in first["attendees"]],
            "link": None,
        },
    }
    assert await house.data(NARROW, input=MEETING) == {"scheduleMeeting": narrow}
    await house.data(DELETE, input={"meeting": first["id"]})
    assert await house.data(NARROW, input=MEETING) == {"scheduleMeeting": narrow}
    assert await house.data(SCHEDULE.replace("made:", ""), input=MEETING) == {
        "scheduleMeeting": {"meeting": first, "userErrors": []}
    }


async def test_document_that_asks_for_more_than_was_kept_reads_it_as_it_is_now(house: House) -> None:
    sent = MEETING | {"attendees": [{"contact": f"con_{(await Contact.get()).id}"}]}
    first = await house.data(SCHEDULE, input=sent)
    await house.data(EDIT, input={"meeting": first["made"]["meeting"]["id"], "changes": {"title": "Renamed"}})
    assert (await house.data(DEEP, input=sent))["scheduleMeeting"]["meeting"] == {
        "title": "Renamed",
        "attendees": [{"contact": None}, {"contact": {"owner": None}}],
    }
    assert await Meeting.all().count() == 1


async def test_same_time_written_with_another_offset_is_the_same_request(house: House) -> None:
    first = await house.data(SCHEDULE, input=MEETING)
    there = {"startsAt": "2026-11-24T09:00:00Z", "endsAt": "2026-11-24T09:45:00Z"}
    assert await house.data(SCHEDULE, input=MEETING | there) == first


async def test_refusal_is_not_kept(house: House) -> None:
    late = {"startsAt": "2026-11-24T09:00:00+01:00", "endsAt": "2026-11-24T08:00:00+01:00"}
    refused = await house.data(SCHEDULE, input=MEETING | late)
    assert refused["made"]["userErrors"] == [{"code": "TIME_RANGE_INVALID", "path": ["endsAt"]}]
    assert await KeptResult.all().count() == 0
    assert (await house.data(SCHEDULE, input=MEETING))["made"]["userErrors"] == []


async def test_another_request_under_the_key_is_refused(house: House) -> None:
    await house.data(SCHEDULE, input=MEETING)
    refused = (await house.data(SCHEDULE, input=MEETING | {"title": "Other"}))["made"]
    assert refused == {"meeting": None, "userErrors": [{"code": "IDEMPOTENCY_KEY_REUSED", "path": ["idempotencyKey"]}]}


async def test_two_acts_in_one_operation_are_kept_each_for_itself(house: House) -> None:
    text = """mutation ($one: ScheduleMeetingInput!, $two: ScheduleMeetingInput!) {
      one: scheduleMeeting(input: $one) { meeting { id title } } two: scheduleMeeting(input: $two) { meeting { title } }
      again: scheduleMeeting(input: $one) { meeting { title version } } }"""
    later = {"startsAt": "2026-11-24T12:00:00+01:00", "endsAt": "2026-11-24T12:45:00+01:00", "idempotencyKey": "k-2"}
    first = await house.ask(text, house.viewer, one=MEETING, two=MEETING | later | {"title": "Second"})
    data = orjson.loads(first)["data"]
    assert (data["one"]["meeting"]["title"], data["two"], data["again"]) == (
        "Pilot",
        {"meeting": {"title": "Second"}},
        {"meeting": {"title": "Pilot", "version": 1}},
    )
    await house.data(EDIT, input={"meeting": data["one"]["meeting"]["id"], "changes": {"title": "Renamed"}})
    assert await house.ask(text, house.viewer, one=MEETING, two=MEETING | later | {"title": "Second"}) == first
    assert await Meeting.all().count() == 2


async def test_what_cannot_be_read_after_the_verb_leaves_nothing_half_done(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The plan fails behind the verb: it is rolled back, and done once by the reference executor."""
    planned = FastExecutor(schema)
    operation = operation_of(SCHEDULE, input=MEETING)
    plan = planned._planned.of(operation)

    def fail(*_: Any) -> Any:
        raise ZeroDivisionError

    with clock.travel(SUNDAY):
        act = plan.plan(plan.variables(operation.variables), database.dialect()).entries[0][1]
        object.__setattr__(act, "complete", fail)
        body = (await planned.answer(operation, context_for(house.viewer))).body
    assert orjson.loads(body)["data"]["made"]["userErrors"] == []
    assert (await Meeting.all().count(), await Change.all().count(), await Attendee.all().count()) == (1, 1, 2)
    assert [(kept.verb, kept.answer) for kept in await KeptResult.all()] == [("scheduleMeeting", None)]


async def test_what_is_kept_cannot_be_read_without_the_servers_key(house: House) -> None:
    first = await house.ask(BOOK, input=BOOKING)
    url = orjson.loads(first)["data"]["bookMeeting"]["booking"]["manageUrl"]
    kept = await KeptResult.get()
    assert kept.answer is not None
    assert not any(hidden in bytes(kept.answer) for hidden in (b"manageUrl", b"ines", url.encode()))


async def test_answer_that_another_key_sealed_is_read_anew(house: House) -> None:
    first = await house.data(SCHEDULE, input=MEETING)
    settings.use(settings.current().model_copy(update={"secret_key": "another-" + "k" * 32}))
    assert await house.data(SCHEDULE, input=MEETING) == first
    await house.data(EDIT, input={"meeting": first["made"]["meeting"]["id"], "changes": {"title": "Renamed"}})
    assert (await house.data(SCHEDULE, input=MEETING))["made"]["meeting"]["title"] == "Renamed"
