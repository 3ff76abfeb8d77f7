"""Visitors whom a site knows, and what a page asks of all of them, through the schema."""

from __future__ import annotations

from dataclasses import replace

import pytest

from server import clock
from server.booking.visitor_token import contact_of
from server.models import Contact, Meeting
from tests.factories import a_contact, a_link, a_meeting, a_user, an_account
from tests.resolvers.asking import answer, problem, program_of
from tests.server.booking.scene import NOW

CREATE = """mutation ($i: CreateVisitorTokenInput!) {
  createVisitorToken(input: $i) { visitorToken { token expiresAt } userErrors { code path } } }"""
BOOK = "mutation ($i: BookMeetingInput!) { bookMeeting(input: $i) { booking { title } userErrors { code path } } }"
SITE = "meet.example.com"
ASKED = [{"property": "first_name", "required": True}, {"property": "company", "required": True}]
CONSENT = {"kind": "CHECKBOX", "text": "We may use these details.", "boxes": []}


@pytest.mark.capability("S1-29")
async def test_a_program_that_may_read_contacts_makes_one_known_to_a_page(db: str) -> None:
    account = await an_account()
    contact = await a_contact(account)
    given = {"contact": f"con_{contact.id}", "site": SITE}
    reader, narrow = (program_of(account.id, scope) for scope in ("contacts:read", "links:read"))
    with clock.travel(NOW):
        made = (await answer(CREATE, reader, i=given))["createVisitorToken"]
        assert made["userErrors"] == []
        assert made["visitorToken"]["expiresAt"] == "2026-11-20T13:00:00Z"
        assert await contact_of(made["visitorToken"]["token"], account.id, SITE) == contact
    assert (await problem(CREATE, narrow, i=given))[0] == "FORBIDDEN"
    assert (await problem(CREATE, None, i=given))[0] == "UNAUTHENTICATED"
    wrong = (await answer(CREATE, reader, i=given | {"site": "https://meet.example.com/"}))["createVisitorToken"]
    assert wrong == {"visitorToken": None, "userErrors": [{"code": "SETTING_INVALID", "path": ["site"]}]}


@pytest.mark.capability("S1-24", "S1-44")
async def test_a_client_is_asked_for_the_same_as_a_visitor_of_the_page(db: str) -> None:
    link = await a_link(await a_user(await an_account()), form_fields=ASKED, consent=CONSENT)
    given = {
        "slug": link.slug,
        "startsAt": "2026-11-23T09:00:00Z",
        "email": "tomasz@client.example",
        "firstName": "Tomasz",
    }
    with clock.travel(NOW):
        refused = (await answer(BOOK, None, i=given))["bookMeeting"]
        more = {"properties": [{"property": "COMPANY", "value": "Client Ltd"}], "consents": ["processing"]}
        booked = (await answer(BOOK, None, i=given | more))["bookMeeting"]
    assert refused["userErrors"] == [
        {"code": "ANSWER_MISSING", "path": ["properties", "company"]},
        {"code": "CONSENT_REQUIRED", "path": ["consents", "processing"]},
    ]
    assert booked["userErrors"] == []
    assert (await Contact.get()).properties == {"company": "Client Ltd"}


QUESTIONS = [
    {"key": "topic", "label": "What should we look at?", "kind": "TEXT", "required": True},
    {"key": "days", "label": "Which days suit?", "kind": "MULTI_SELECT", "options": ["Mon", "Tue", "Wed"]},
    {"key": "photo", "label": "Do you have a photo?", "kind": "CHECKBOX"},
]
SAID = [
    {"question": "days", "value": "Mon"},
    {"question": "days", "value": "Wed"},
    {"question": "topic", "value": "The <b>arm</b>"},
    {"question": "photo", "value": "on"},
]
MEETING = """query ($id: ID!) { meeting(id: $id) {
  answers { question label value values text } consents { key text isGiven locale shownAt }
  tracking { campaign source medium } } }"""


@pytest.mark.capability("S1-13", "S1-14", "S1-24", "S1-44")
async def test_colleagues_read_what_was_answered_agreed_to_and_carried(db: str) -> None:
    account = await an_account()
    boxes = [{"key": "news", "label": "Write to me", "required": False}]
    consent = {"kind": "NOTICE", "text": "By booking you agree.", "boxes": boxes}
    link = await a_link(await a_user(account), questions=QUESTIONS, consent=consent)
    said = {"answers": SAID, "consents": ["news"], "tracking": {"campaign": "autumn", "source": "news"}}
    given = {"slug": link.slug, "startsAt": "2026-11-23T09:00:00Z", "email": "tomasz@client.example"}
    with clock.travel(NOW):
        assert (await answer(BOOK, None, i=given | said | {"firstName": "Tomasz"}))["bookMeeting"]["userErrors"] == []
        id = f"mtg_{(await Meeting.get()).id}"
        viewer = replace(program_of(account.id, "meetings:read"), locale="de-AT")
        meeting = (await answer(MEETING, viewer, id=id))["meeting"]
    topic = {"question": "topic", "label": "What should we look at?", "value": "The <b>arm</b>"}
    days = {"question": "days", "label": "Which days suit?", "value": "Mon, Wed", "values": ["Mon", "Wed"]}
    photo = {"question": "photo", "label": "Do you have a photo?", "value": "true", "values": ["true"], "text": "Ja"}
    shown = {"locale": "en", "shownAt": meeting["consents"][0]["shownAt"]}
    assert shown["shownAt"].startswith("2026-11-20T12:0")
    assert meeting == {
        "answers": [
            topic | {"values": ["The <b>arm</b>"], "text": "The <b>arm</b>"},
            days | {"text": "Mon, Wed"},
            photo,
        ],
        "consents": [
            {"key": "notice", "text": "By booking you agree.", "isGiven": True, **shown},
            {"key": "news", "text": "Write to me", "isGiven": True, **shown},
        ],
        "tracking": {"campaign": "autumn", "source": "news", "medium": None},
    }


async def test_a_meeting_that_nobody_booked_has_no_form_behind_it(db: str) -> None:
    account = await an_account()
    meeting = await a_meeting(await a_user(account))
    read = await answer(MEETING, program_of(account.id, "meetings:read"), id=f"mtg_{meeting.id}")
    assert read["meeting"] == {"answers": [], "consents": [], "tracking": None}
