from __future__ import annotations

import pytest

from server import clock, outbox
from server.models import Job, User
from server.models.enums import JobKind, JobState
from server.worker import work_once
from tests import factories
from tests.server.deliveries.conftest import STARTS_AT, Story
from tests.server.gateways.mail.receiving import Receiver, words


async def _named(story: Story, user: User, author: str = "Ines Marek") -> None:
    await outbox.enqueue(
        JobKind.MENTION_MAIL,
        account_id=story.account.id,
        meeting_id=story.meeting.id,
        payload={"user_id": user.id, "author": author},
    )


@pytest.mark.capability("S2-38")
@pytest.mark.parametrize(
    ("locale", "author", "subject", "opening"),
    [
        ("en", "Ines Marek", "Mentioned: Intro call, Tue 16 Feb, 16:30", "Ines Marek named you in an internal note."),
        ("en", "", "Mentioned: Intro call, Tue 16 Feb, 16:30", "Linden & Co named you in an internal note."),
        ("pl", "Ines Marek", "Wzmianka: Intro call, wt., 16 lut, 16:30", "Ines Marek wspomina o Tobie"),
        ("zh-Hant", "Ines Marek", "有人提到您：Intro call", "Ines Marek 在內部備註中提到您。"),
    ],
)
async def test_a_colleague_reads_who_named_them_and_not_what_was_said(
    receiver: Receiver, story: Story, locale: str, author: str, subject: str, opening: str
) -> None:
    piotr = await factories.a_user(story.account, "Piotr Zima", time_zone="Europe/Warsaw", locale=locale)
    with clock.travel(STARTS_AT):
        await _named(story, piotr, author)
        await work_once()
    (mail,) = receiver.mails
    assert str(mail["Subject"]).startswith(subject)
    assert words(mail).startswith(opening)
    assert piotr.email in str(mail["To"])
    assert "price" not in mail.as_string()
    assert "text/calendar" not in [part.get_content_type() for part in mail.walk()]


@pytest.mark.parametrize("became", ["put out", "deleted"])
async def test_nobody_is_told_where_there_is_nothing_to_read(receiver: Receiver, story: Story, became: str) -> None:
    piotr = await factories.a_user(story.account, "Piotr Zima", is_active=became != "put out")
    if became == "deleted":
        story.meeting.deleted_at = clock.now()
        await story.meeting.save()
    await _named(story, piotr)
    await work_once()
    job = await Job.get(kind=JobKind.MENTION_MAIL)
    assert (job.state, job.last_error, receiver.mails) == (JobState.DONE, "no longer wanted", [])
