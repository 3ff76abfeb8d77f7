from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from server import clock, outbox
from server.models import Attendee, Job, Meeting
from server.models.enums import JobKind, JobState, Reply
from server.worker import work_once
from tests.server.deliveries.conftest import STARTS_AT, Story
from tests.server.gateways.mail.receiving import Receiver, words

BEFORE = STARTS_AT - timedelta(minutes=5)


async def _late(story: Story, minutes: int = 10) -> None:
    await outbox.enqueue(
        JobKind.LATE_NOTICE_MAIL,
        account_id=story.account.id,
        meeting_id=story.meeting.id,
        payload={"minutes": minutes, "starts_at": int(STARTS_AT.timestamp())},
    )


@pytest.mark.parametrize(
    ("locale", "minutes", "subject", "opening"),
    [
        ("en", 10, "Running late: Intro call, Tue 16 Feb, 10:30", "Ines Marek will be 10 minutes late."),
        ("en", 1, "Running late: Intro call, Tue 16 Feb, 10:30", "Ines Marek will be 1 minute late."),
        ("pl", 3, "Spóźnienie: Intro call, wt., 16 lut, 10:30", "Ines Marek spóźni się o 3 minuty."),
        ("zh-Hant", 5, "將會遲到：Intro call，2月16日 週二 上午10:30", "Ines Marek將遲到 5 分鐘。"),
    ],
)
async def test_the_contact_hears_it_in_their_language_and_zone(
    receiver: Receiver, story: Story, locale: str, minutes: int, subject: str, opening: str
) -> None:
    await Meeting.all().update(locale=locale)
    with clock.travel(BEFORE):
        await _late(story, minutes)
        await work_once()
    (mail,) = receiver.mails
    assert (str(mail["Subject"]), words(mail).partition("\n")[0]) == (subject, opening)
    assert story.contact.email in str(mail["To"])
    assert "text/calendar" not in [part.get_content_type() for part in mail.walk()]


@pytest.mark.parametrize("became", ["canceled", "deleted", "over", "moved", "declined"])
async def test_nobody_is_told_who_does_not_wait(receiver: Receiver, story: Story, became: str) -> None:
    changes: dict[str, dict[str, Any]] = {
        "canceled": {"canceled_at": BEFORE},
        "deleted": {"deleted_at": BEFORE},
        "over": {"starts_at": BEFORE - timedelta(hours=1), "ends_at": BEFORE},
        "moved": {"starts_at": STARTS_AT + timedelta(days=1), "ends_at": STARTS_AT + timedelta(days=1, hours=1)},
    }
    if became == "declined":
        await Attendee.all().update(reply=Reply.DECLINED)
    else:
        await Meeting.all().update(**changes[became])
    with clock.travel(BEFORE):
        await _late(story)
        await work_once()
    assert receiver.mails == []
    assert (await Job.get()).state is JobState.DONE


async def test_two_delays_are_two_mails_and_one_delay_repeated_is_the_same(receiver: Receiver, story: Story) -> None:
    with clock.travel(BEFORE):
        for minutes in (5, 15):
            await _late(story, minutes)
        while await work_once():
            pass
    assert len({str(mail["Message-ID"]) for mail in receiver.mails}) == 2
