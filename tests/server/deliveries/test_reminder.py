from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from server import clock, outbox
from server.database import transaction
from server.meetings.move import put_at
from server.models import Attendee, Contact, Job, Meeting, Reminder
from server.models.enums import (
    AttendeeKind,
    JobKind,
    JobState,
    LeadTimeUnit,
    ReminderState,
    ReminderZoneRule,
    Reply,
)
from server.worker import work_once
from tests.server.deliveries.conftest import STARTS_AT, Story
from tests.server.gateways.mail.receiving import Receiver, words

DUE_AT = STARTS_AT - timedelta(days=1)


async def _planned(story: Story, **said: Any) -> Reminder:
    given = {"due_at": DUE_AT, "starts_at": STARTS_AT, "zone_rule": ReminderZoneRule.BOOKING} | said
    reminder = await Reminder.create(
        account=story.account, meeting=story.meeting, amount=1, unit=LeadTimeUnit.DAYS, **given
    )
    await outbox.enqueue(
        JobKind.REMINDER_MAIL,
        account_id=story.account.id,
        meeting_id=story.meeting.id,
        payload={"reminder_id": reminder.id},
        run_at=reminder.due_at,
    )
    return reminder


@pytest.mark.capability("S2-16")
async def test_attendees_are_reminded_when_it_is_due(receiver: Receiver, story: Story) -> None:
    reminder = await _planned(story)
    assert await work_once() == 0
    with clock.travel(DUE_AT):
        await work_once()
    (mail,) = receiver.mails
    assert str(mail["Subject"]) == "Tomorrow 10:30: Intro call with Ines Marek"
    text = words(mail)
    assert text.startswith("Your meeting with Ines Marek is coming up.\n")
    assert "Cannot make it? Move or cancel the meeting:\n" in text
    assert "text/calendar" not in [one.get_content_type() for one in mail.walk()]
    assert (await Reminder.get(id=reminder.id)).state is ReminderState.SENT


@pytest.mark.capability("S2-20")
@pytest.mark.parametrize("includes", [True, False])
async def test_attendee_description_stands_in_the_mail_if_it_was_asked_for(
    receiver: Receiver, story: Story, includes: bool
) -> None:
    await _planned(story, includes_description=includes)
    with clock.travel(DUE_AT):
        await work_once()
    (mail,) = receiver.mails
    parts = [mail.get_body((kind,)) for kind in ("plain", "html")]
    assert ["Bring a photo of your line." in part.get_content() for part in parts if part] == [includes, includes]


async def test_meeting_that_moves_between_two_letters_sends_no_more_of_them(receiver: Receiver, story: Story) -> None:
    about = {"account_id": story.account.id, "meeting": story.meeting, "kind": AttendeeKind.GUEST}
    await Attendee.create(**about, name="Guest", email="guest@client.example")
    reminder = await _planned(story)
    receiver.seconds_to_answer = 0.3
    with clock.travel(DUE_AT):
        working = asyncio.create_task(work_once())
        await receiver.was_asked.wait()
        async with transaction():
            await put_at(
                story.meeting, STARTS_AT + timedelta(days=1), STARTS_AT + timedelta(days=1, hours=1), host_ids=[]
            )
        await working
    job = await Job.get(kind=JobKind.REMINDER_MAIL, state=JobState.DONE)
    assert (len(receiver.mails), job.state, job.last_error) == (1, JobState.DONE, "no longer wanted")
    assert (await Reminder.get(id=reminder.id)).state is ReminderState.DROPPED


@pytest.mark.parametrize(
    "happened",
    [
        {"starts_at": STARTS_AT + timedelta(hours=1), "ends_at": STARTS_AT + timedelta(hours=2)},
        {"canceled_at": STARTS_AT - timedelta(days=2)},
        {"deleted_at": STARTS_AT - timedelta(days=2)},
    ],
)
async def test_moved_canceled_or_deleted_meeting_sends_no_old_reminder(
    receiver: Receiver, story: Story, happened: dict[str, Any]
) -> None:
    await _planned(story)
    await Meeting.filter(id=story.meeting.id).update(**happened)
    with clock.travel(DUE_AT):
        await work_once()
    job = await Job.get()
    assert (receiver.mails, job.state, job.last_error) == ([], JobState.DONE, "no longer wanted")


async def test_dropped_reminder_is_not_sent(receiver: Receiver, story: Story) -> None:
    await _planned(story, state=ReminderState.DROPPED)
    with clock.travel(DUE_AT):
        await work_once()
    assert receiver.mails == []


async def test_reminder_that_comes_after_the_start_is_not_sent(receiver: Receiver, story: Story) -> None:
    await _planned(story)
    with clock.travel(STARTS_AT):
        await work_once()
    assert receiver.mails == []


async def test_reminder_that_comes_late_says_what_is_true_then(receiver: Receiver, story: Story) -> None:
    await _planned(story)
    with clock.travel(STARTS_AT - timedelta(hours=2)):
        await work_once()
    assert str(receiver.mails[0]["Subject"]) == "Today 10:30: Intro call with Ines Marek"


async def test_attendee_who_declined_is_not_reminded(receiver: Receiver, story: Story) -> None:
    await _planned(story)
    await Attendee.filter(meeting_id=story.meeting.id, email=story.contact.email).update(reply=Reply.DECLINED)
    with clock.travel(DUE_AT):
        await work_once()
    assert receiver.mails == []


@pytest.mark.capability("S2-19")
@pytest.mark.parametrize(
    ("rule", "zone"),
    [
        (ReminderZoneRule.CONTACT, "Taipei time (CST, UTC+8)"),
        (ReminderZoneRule.BOOKING, "New York time (EST, UTC-5)"),
        (ReminderZoneRule.ACCOUNT, "Warsaw time (CET, UTC+1)"),
    ],
)
async def test_reminder_is_written_in_the_zone_of_its_rule(
    receiver: Receiver, story: Story, rule: ReminderZoneRule, zone: str
) -> None:
    await Contact.filter(id=story.contact.id).update(time_zone="Asia/Taipei")
    await _planned(story, zone_rule=rule)
    with clock.travel(DUE_AT):
        await work_once()
    assert zone in words(receiver.mails[0])


async def test_reminder_is_sent_once_although_the_worker_died_before_it_said_so(
    receiver: Receiver, story: Story
) -> None:
    await _planned(story)
    with clock.travel(DUE_AT):
        await work_once()
        await Job.all().update(state=JobState.RUNNING, leased_by="killed", leased_until=DUE_AT)
        await work_once()
    assert len(receiver.mails) == 1
