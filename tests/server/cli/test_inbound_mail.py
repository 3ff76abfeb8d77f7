"""`parley receive-mail`, as Postfix runs it."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest

from server import database
from server.models import Attendee
from server.models.enums import Reply
from tests import factories
from tests.server.cli.conftest import Command, facts
from tests.server.replies.mails import a_reply

TRY_LATER = 75


async def _a_reply(url: str) -> bytes:
    await database.connect(url)
    account = await factories.an_account()
    host, contact = await factories.a_user(account), await factories.a_contact(account)
    meeting = await factories.a_meeting(host, datetime(2031, 2, 16, 15, 30, tzinfo=UTC), contact=contact)
    raw = a_reply(meeting, await Attendee.get(contact_id=contact.id), "DECLINED")
    await database.disconnect()
    return raw


async def _reply(url: str) -> Reply:
    await database.connect(url)
    attendee = await Attendee.get(kind="CONTACT")
    await database.disconnect()
    return attendee.reply


def test_reply_on_standard_input_is_noted(command: Command, database_url: str) -> None:
    command("create-account", "Warm up")
    raw = asyncio.run(_a_reply(database_url))
    told = facts(command("receive-mail", "--json", given=raw))
    assert told == {"outcome": "NOTED", "reason": "a reply", "meeting": "mtg_1"}
    assert asyncio.run(_reply(database_url)) is Reply.DECLINED
    assert command("receive-mail", given=raw).stdout == "IGNORED: the same reply is known\n"


def test_other_mail_is_taken_without_a_word_to_its_sender(command: Command, database_url: str) -> None:
    command("create-account", "Warm up")
    done = command("receive-mail", given=b"Subject: hello\r\n\r\nJust words\r\n")
    assert (done.exit_code, done.stdout) == (0, "IGNORED: it carries no calendar message\n")


def test_mail_server_tries_later_what_cannot_be_taken_now(command: Command, surroundings: pytest.MonkeyPatch) -> None:
    surroundings.setenv("PARLEY_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/nothing")
    done = command("receive-mail", given=b"Subject: hello\r\n\r\n")
    assert done.exit_code == TRY_LATER
