from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from server import clock
from server.database import transaction
from server.models import Account, Job, User, Webhook
from server.models.enums import AccountKind, JobState, Role
from server.webhooks.health import disable, note_failure, tell_owner
from server.wording import LOCALES, say
from server.worker import work_once
from tests import factories
from tests.server.gateways.mail.receiving import Receiver, words

NAME = "Front desk"


async def _webhook(**owner: Any) -> Webhook:
    account = await factories.an_account("Linden & Co", contact_email="help@linden.example")
    user = await factories.a_user(account, "Ines Marek", email="ines@linden.example", **owner)
    return await factories.a_webhook(user, "https://hooks.example/in?key=1")


async def _fail_for(webhook: Webhook, days: int) -> None:
    for day in range(days + 1):
        with clock.travel(clock.now() - timedelta(days=days - day)):
            await note_failure(webhook.id, status=503, error="answered 503: busy")


@pytest.mark.parametrize("locale", LOCALES)
async def test_owner_is_warned_in_their_language(receiver: Receiver, locale: str) -> None:
    webhook = await _webhook(locale=locale, time_zone="Europe/Warsaw")
    await _fail_for(webhook, 1)
    await work_once()
    (mail,) = receiver.mails
    assert mail["To"] == "Ines Marek <ines@linden.example>"
    assert mail["Subject"] == say(locale, "mail.webhook_failing.subject", name=NAME)
    assert (mail["X-Parley-Kind"], mail["Reply-To"]) == ("webhook_failing", "Linden & Co <help@linden.example>")
    text = mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]  # every letter of ours has a text
    for said in (
        say(locale, "mail.webhook_failing.opening", name=NAME),
        say(locale, "mail.webhook_failing.next"),
        say(locale, "mail.webhook_kept"),
        "https://hooks.example/in?key=1",
        "answered 503: busy",
        "UTC+1",
    ):
        assert said in text


async def test_owner_hears_before_it_is_disabled_and_when_it_is(receiver: Receiver) -> None:
    await _fail_for(await _webhook(), 4)
    await work_once()
    kinds = [str(mail["X-Parley-Kind"]) for mail in receiver.mails]
    assert kinds == ["webhook_failing", "webhook_disabled"]


async def test_owner_hears_that_a_receiver_is_gone(receiver: Receiver) -> None:
    await disable((await _webhook()).id, status=410, error="answered 410: ")
    await work_once()
    assert [str(mail["X-Parley-Kind"]) for mail in receiver.mails] == ["webhook_gone"]


@pytest.mark.parametrize("locale", LOCALES)
async def test_owner_hears_that_something_was_missed_and_of_no_failure(receiver: Receiver, locale: str) -> None:
    webhook = await _webhook(locale=locale)
    async with transaction():
        await tell_owner(webhook, "missed")
    await work_once()
    (mail,) = receiver.mails
    text = words(mail)
    said = [say(locale, f"mail.webhook_missed.{part}", name=NAME) for part in ("opening", "next")]
    assert mail["Subject"] == say(locale, "mail.webhook_missed.subject", name=NAME)
    assert [" ".join(part.split()) in " ".join(text.split()) for part in said] == [True, True]
    assert say(locale, "mail.webhook_kept") not in text


async def test_administrator_hears_in_place_of_an_owner_who_has_left(receiver: Receiver) -> None:
    webhook = await _webhook(is_active=False)
    account = await Account.get(id=webhook.account_id)
    await factories.a_user(account, "Ada Admin", role=Role.ADMIN, email="ada@linden.example")
    await _fail_for(webhook, 1)
    await work_once()
    assert [mail["To"] for mail in receiver.mails] == ["Ada Admin <ada@linden.example>"]


async def test_nobody_to_tell_is_noted(receiver: Receiver) -> None:
    webhook = await _webhook()
    await _fail_for(webhook, 1)
    await User.all().update(is_active=False)
    await work_once()
    job = await Job.get()
    assert (job.state, job.last_error) == (JobState.DONE, "not sent: the account has nobody to tell")


async def test_sandbox_warns_nobody_outside(receiver: Receiver) -> None:
    webhook = await _webhook()
    await Account.all().update(kind=AccountKind.SANDBOX)
    await _fail_for(webhook, 1)
    await work_once()
    assert receiver.mails == []
