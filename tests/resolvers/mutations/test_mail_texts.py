"""The words of mails from the door: looked at, changed, tried, taken back (E-25)."""

from __future__ import annotations

from typing import Any

import pytest

from server.accounts.viewer import Viewer
from server.models import Job, User
from server.models.enums import JobKind, MailKind, Role
from server.wording import LOCALES
from tests.factories import a_contact, a_meeting, a_user, an_account
from tests.resolvers.asking import answer, problem, viewer_for
from tests.server.deliveries.conftest import STARTS_AT

FIELDS = "kind locale subject opening closing usualSubject usualOpening isEdited placeholders unknownPlaceholders"
LIST = f"query ($kind: MailKind, $locale: String) {{ mailTexts(kind: $kind, locale: $locale) {{ {FIELDS} }} }}"
EDIT = f"""mutation ($input: EditMailTextInput!) {{
  editMailText(input: $input) {{ mailText {{ {FIELDS} }} userErrors {{ code message path }} }} }}"""
RESET = f"""mutation ($input: ResetMailTextInput!) {{
  resetMailText(input: $input) {{ mailText {{ {FIELDS} }} userErrors {{ code path }} }} }}"""
PREVIEW = """query ($kind: MailKind!, $locale: String!, $subject: String, $opening: String, $meeting: ID) {
  previewMailText(kind: $kind, locale: $locale, subject: $subject, opening: $opening, meeting: $meeting) {
    sender subject preheader text html meeting { id } } }"""
SEND = """mutation ($input: SendMailTextToMeInput!) {
  sendMailTextToMe(input: $input) { recipient userErrors { code path } } }"""
USUAL = {
    "kind": "BOOKED",
    "locale": "en",
    "subject": "",
    "opening": "",
    "closing": "",
    "usualSubject": "Booked: {title}, {when}",
    "usualOpening": "Your meeting with {host} is booked.",
    "isEdited": False,
    "placeholders": ["attendee", "host", "title", "when", "when_in_full", "location", "company"],
    "unknownPlaceholders": [],
}
BOOKED: dict[str, Any] = {"kind": "BOOKED", "locale": "en"}


@pytest.fixture
async def admin(db: str) -> User:
    return await a_user(await an_account(), "Ada Admin", role=Role.ADMIN)


@pytest.fixture
def viewer(admin: User) -> Viewer:
    return viewer_for(admin)


async def test_texts_are_changed_and_taken_back(viewer: Viewer) -> None:
    assert (await answer(LIST, viewer, **BOOKED))["mailTexts"] == [USUAL]
    edited = USUAL | {"subject": "Hello {attendee}", "closing": "Bye", "isEdited": True}
    changed = await answer(EDIT, viewer, input={**BOOKED, "subject": "Hello {attendee}", "closing": "Bye"})
    assert changed["editMailText"] == {"mailText": edited, "userErrors": []}
    assert (await answer(LIST, viewer, **BOOKED))["mailTexts"] == [edited]
    assert (await answer(RESET, viewer, input=BOOKED))["resetMailText"] == {"mailText": USUAL, "userErrors": []}


async def test_list_holds_every_kind_in_every_language(viewer: Viewer) -> None:
    found = (await answer(LIST, viewer))["mailTexts"]
    assert [(one["kind"], one["locale"]) for one in found] == [
        (kind.value, locale) for kind in MailKind for locale in LOCALES
    ]


async def test_mistakes_are_told_at_their_place(viewer: Viewer) -> None:
    told = await answer(EDIT, viewer, input={**BOOKED, "locale": "xx", "opening": "{internal_notes}"})
    assert told["editMailText"]["mailText"] is None
    assert [(one["code"], one["path"]) for one in told["editMailText"]["userErrors"]] == [
        ("SETTING_INVALID", ["locale"]),
        ("SETTING_INVALID", ["opening"]),
    ]
    assert "{attendee}, {host}, {title}" in told["editMailText"]["userErrors"][1]["message"]
    reset = await answer(RESET, viewer, input={"kind": "BOOKED", "locale": "xx"})
    assert reset["resetMailText"]["userErrors"] == [{"code": "SETTING_INVALID", "path": ["locale"]}]


async def test_preview_tells_of_a_real_meeting(admin: User, viewer: Viewer) -> None:
    contact = await a_contact(await admin.account)
    meeting = await a_meeting(admin, STARTS_AT, contact=contact, title="Walkthrough")
    told = await answer(PREVIEW, viewer, **BOOKED, subject="{title} for {attendee}", meeting=f"mtg_{meeting.id}")
    seen = told["previewMailText"]
    assert (seen["sender"], seen["subject"], seen["meeting"]) == (
        "Ada Admin via Linden & Co",
        "Walkthrough for Tomasz Lis",
        {"id": f"mtg_{meeting.id}"},
    )
    assert "Your meeting with Ada Admin is booked." in seen["text"]
    assert seen["html"].startswith("<!DOCTYPE html>")
    assert seen["preheader"] in seen["text"]


async def test_preview_of_words_that_cannot_be_saved_is_refused(viewer: Viewer) -> None:
    code, message = await problem(PREVIEW, viewer, **BOOKED, subject="{internal_notes}")
    assert (code, message.partition(".")[0]) == ("BAD_USER_INPUT", "This mail has no {internal_notes}")


async def test_sample_is_on_its_way_to_oneself_once(admin: User, viewer: Viewer) -> None:
    given = {**BOOKED, "opening": "Hello {attendee}", "idempotencyKey": "once"}
    for _ in range(2):
        told = await answer(SEND, viewer, input=given)
        assert told["sendMailTextToMe"] == {"recipient": admin.email, "userErrors": []}
    (job,) = await Job.filter(kind=JobKind.SAMPLE_MAIL)
    assert job.payload == {**BOOKED, "opening": "Hello {attendee}", "user_id": admin.id, "meeting_id": None}
