"""Pages that are handed on, through the schema."""

from __future__ import annotations

from typing import Any

import pytest

from server import clock
from server.models import Contact
from tests.factories import a_link, a_user, an_account
from tests.resolvers.asking import answer, problem, program_of, viewer_for
from tests.resolvers.documents import operation
from tests.server.booking.scene import NOW

SHARE = operation("share_meeting_link")
PROPOSE = operation("propose_times")
BOOK = "mutation ($i: BookMeetingInput!) { bookMeeting(input: $i) { booking { title } userErrors { code path } } }"
TIMES = ["2026-11-23T10:00:00+01:00", "2026-11-23T07:00:00+01:00"]


@pytest.mark.capability("S1-08", "S1-09", "S1-13")
async def test_a_program_that_may_read_links_shares_them_and_a_narrow_one_does_not(db: str) -> None:
    ines = await a_user(await an_account(), "Ines Marek")
    link = await a_link(ines, "Intro call", slug="ines")
    given = {"meetingLink": f"lnk_{link.id}", "channel": "CTA", "tracking": {"campaign": "autumn"}}
    reader, narrow = (program_of(ines.account_id, scope) for scope in ("links:read", "contacts:read"))
    payload = (await answer(SHARE, reader, input=given))["shareMeetingLink"]
    assert payload["userErrors"] == []
    assert payload["share"]["url"] == "https://meet.example.com/m/ines?utm_campaign=autumn&utm_medium=cta"
    assert (await problem(SHARE, narrow, input=given))[0] == "FORBIDDEN"
    assert (await problem(SHARE, None, input=given))[0] == "UNAUTHENTICATED"


@pytest.mark.capability("S1-08")
@pytest.mark.parametrize("id", ["lnk_999999", "ines", "usr_1", ""])
async def test_what_is_not_there_cannot_be_handed_on(db: str, id: str) -> None:
    ines = await a_user(await an_account())
    await a_link(ines)
    shared = (await answer(SHARE, viewer_for(ines), input={"meetingLink": id}))["shareMeetingLink"]
    given = {"meetingLink": id, "startsAt": TIMES}
    proposed = (await answer(PROPOSE, viewer_for(ines), input=given))["proposeTimes"]
    told = [{key: one[key] for key in ("code", "path")} for one in shared["userErrors"] + proposed["userErrors"]]
    assert (shared["share"], proposed["proposal"]) == (None, None)
    assert told == [{"code": "NOT_FOUND", "path": ["meetingLink"]}] * 2


@pytest.mark.capability("S1-06")
async def test_times_are_proposed_or_the_one_that_is_not_offered_is_named(db: str) -> None:
    ines = await a_user(await an_account(), "Ines Marek")
    link = await a_link(ines, "Intro call", slug="ines")
    given: dict[str, Any] = {"meetingLink": f"lnk_{link.id}", "startsAt": TIMES, "timeZone": "Europe/London"}
    with clock.travel(NOW):
        refused = (await answer(PROPOSE, viewer_for(ines), input=given))["proposeTimes"]
        payload = (await answer(PROPOSE, viewer_for(ines), input=given | {"startsAt": TIMES[:1]}))["proposeTimes"]
    assert [(one["code"], one["path"]) for one in refused["userErrors"]] == [("SLOT_NOT_OFFERED", ["startsAt", "1"])]
    assert payload["proposal"]["times"] == [
        {
            "startsAt": "2026-11-23T09:00:00Z",
            "endsAt": "2026-11-23T09:30:00Z",
            "label": "Monday 23 November, 9:00 - 9:30",
            "url": "https://meet.example.com/m/ines?start=2026-11-23T09%3A00Z&duration=30&tz=Europe%2FLondon"
            "&utm_medium=email",
        }
    ]


@pytest.mark.capability("S1-24", "S1-44")
async def test_what_a_form_asks_for_is_sent_with_the_booking(db: str) -> None:
    ines = await a_user(await an_account())
    fields = [{"property": "first_name", "required": True}, {"property": "company", "required": True}]
    await a_link(ines, slug="ines", form_fields=fields)
    given: dict[str, Any] = {"slug": "ines", "startsAt": TIMES[0], "email": "mei@harbour.example", "firstName": "Mei"}
    with clock.travel(NOW):
        refused = (await answer(BOOK, i=given))["bookMeeting"]
        properties = [{"property": "COMPANY", "value": "Harbour Ltd"}]
        booked = (await answer(BOOK, i=given | {"properties": properties}))["bookMeeting"]
    assert refused["userErrors"] == [{"code": "ANSWER_MISSING", "path": ["properties", "company"]}]
    assert booked == {"booking": {"title": "Intro call"}, "userErrors": []}
    assert (await Contact.get()).properties["company"] == "Harbour Ltd"
