"""The mail with which somebody sets their password."""

from __future__ import annotations

from email.message import EmailMessage

import pytest

from server import database
from server.accounts.password_tokens import secret_from, send_password_link
from server.models import Job, PasswordToken
from server.models.enums import JobKind, JobState
from server.worker import work_once
from tests.factories import a_user, an_account
from tests.server.gateways.mail.receiving import Receiver


def words(mail: EmailMessage) -> str:
    part = next(one for one in mail.walk() if one.get_content_type() == "text/plain")
    return str(part.get_content())


@pytest.mark.parametrize(
    ("is_invitation", "locale", "subject", "page"),
    [
        (True, "en", "Ada Admin invites you to Linden & Co", "invitation"),
        (False, "en", "Another password for Linden & Co", "password"),
        (True, "pl", "Ada Admin zaprasza Cię do Linden & Co", "invitation"),
    ],
)
async def test_mail_leads_to_the_page(
    receiver: Receiver, is_invitation: bool, locale: str, subject: str, page: str
) -> None:
    user = await a_user(await an_account(), "Nora", locale=locale)
    async with database.transaction():
        await send_password_link(user, is_invitation=is_invitation, inviter="Ada Admin")
    job = await Job.get(kind=JobKind.PASSWORD_MAIL)
    await work_once()
    (mail,) = receiver.mails
    assert (str(mail["Subject"]), receiver.recipients) == (subject, [user.email])
    assert f"https://meet.example.com/{page}/{secret_from(job.payload['seed'])}" in words(mail)


async def test_link_that_was_replaced_is_not_sent(receiver: Receiver) -> None:
    user = await a_user(await an_account(), "Nora")
    for _ in range(2):
        async with database.transaction():
            await send_password_link(user, is_invitation=True)
    await work_once()
    await work_once()
    assert (len(receiver.mails), await PasswordToken.all().count()) == (1, 1)
    jobs = await Job.all().order_by("id")
    assert [(one.state, one.last_error) for one in jobs] == [
        (JobState.DONE, "no longer wanted"),
        (JobState.DONE, ""),
    ]
