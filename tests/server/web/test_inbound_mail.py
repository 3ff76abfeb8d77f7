from __future__ import annotations

import base64
from collections.abc import AsyncIterator

import httpx
import pytest
from starlette.applications import Starlette

from server import ids, settings
from server.models import Attendee
from server.models.enums import Reply
from server.web.inbound_mail import routes
from tests.server.deliveries.conftest import Story, story
from tests.server.replies.mails import a_reply

__all__ = ["story"]

TOKEN = "t" * 32
BEARER = {"authorization": f"Bearer {TOKEN}"}
MAIL = {**BEARER, "content-type": "message/rfc822"}


@pytest.fixture
async def door(db: str, in_use: settings.Settings) -> AsyncIterator[httpx.AsyncClient]:
    settings.use(in_use.model_copy(update={"inbound_mail_token": TOKEN}))
    transport = httpx.ASGITransport(app=Starlette(routes=list(routes())))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        yield client
    settings.use(in_use)


async def the_reply(story: Story) -> bytes:
    return a_reply(story.meeting, await Attendee.get(contact_id=story.contact.id))


async def reply_of(story: Story) -> Reply:
    return (await Attendee.get(contact_id=story.contact.id)).reply


async def test_mail_in_the_body_is_noted_and_said_so(door: httpx.AsyncClient, story: Story) -> None:
    answer = await door.post("/hooks/mail", content=await the_reply(story), headers=MAIL)
    meeting = ids.public_id("mtg", story.meeting.id)
    assert (answer.status_code, answer.json()) == (
        200,
        {"outcome": "NOTED", "reason": "a reply", "meeting": meeting},
    )
    assert answer.headers["cache-control"] == "no-store"
    assert await reply_of(story) is Reply.ACCEPTED


@pytest.mark.parametrize("field", ["body-mime", "email", "message"])
async def test_mail_in_a_form_is_noted_as_services_send_it(door: httpx.AsyncClient, story: Story, field: str) -> None:
    form = {"recipient": "replies@meet.example.com", field: (await the_reply(story)).decode()}
    answer = await door.post("/hooks/mail", data=form, headers=BEARER)
    assert answer.json()["outcome"] == "NOTED"


async def test_mail_as_a_file_of_a_form_is_noted(door: httpx.AsyncClient, story: Story) -> None:
    files = {"attachment-1": ("mail.eml", await the_reply(story), "message/rfc822")}
    answer = await door.post("/hooks/mail", data={"from": "x"}, files=files, headers=BEARER)
    assert answer.json()["outcome"] == "NOTED"


async def test_password_of_a_basic_sign_in_is_a_token_too(door: httpx.AsyncClient, story: Story) -> None:
    said = base64.b64encode(f"mail:{TOKEN}".encode()).decode()
    headers = {"authorization": f"Basic {said}", "content-type": "message/rfc822"}
    assert (await door.post("/hooks/mail", content=await the_reply(story), headers=headers)).status_code == 200


@pytest.mark.parametrize(
    "authorization",
    [
        "",
        "Bearer",
        "Bearer wrong",
        f"Bearer {TOKEN}x",
        f"Token {TOKEN}",
        "Basic ///",
        "Basic bWFpbDp3cm9uZw==",
        "Bearer ł",
    ],
)
async def test_without_the_token_nothing_is_taken(door: httpx.AsyncClient, story: Story, authorization: str) -> None:
    headers = {"authorization": authorization.encode(), "content-type": "message/rfc822"}
    answer = await door.post("/hooks/mail", content=await the_reply(story), headers=headers)
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, 'Bearer, Basic realm="mail"')
    assert await reply_of(story) is Reply.NEEDS_ACTION


async def test_without_a_token_in_the_settings_there_is_no_door(
    door: httpx.AsyncClient, in_use: settings.Settings
) -> None:
    settings.use(in_use)
    answer = await door.post("/hooks/mail", content=b"x", headers={"authorization": "Bearer "})
    assert answer.status_code == 404


async def test_other_mail_is_taken_and_changes_nothing(door: httpx.AsyncClient) -> None:
    answer = await door.post("/hooks/mail", content=b"Subject: hello\r\n\r\nJust words\r\n", headers=MAIL)
    assert (answer.status_code, answer.json()) == (
        200,
        {"outcome": "IGNORED", "reason": "it carries no calendar message", "meeting": None},
    )


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"", "message/rfc822"),
        (b"a=b", "application/x-www-form-urlencoded"),
        (b"--x\r\nbroken", "multipart/form-data; boundary=x"),
        (b"broken", "multipart/form-data"),
    ],
)
async def test_what_holds_no_mail_is_refused(door: httpx.AsyncClient, content: bytes, kind: str) -> None:
    answer = await door.post("/hooks/mail", content=content, headers=BEARER | {"content-type": kind})
    assert (answer.status_code, answer.text == "") == (400, False)


async def test_looking_is_not_possible(door: httpx.AsyncClient) -> None:
    assert (await door.get("/hooks/mail", headers=BEARER)).status_code == 405
