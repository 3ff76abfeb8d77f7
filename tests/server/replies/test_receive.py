from __future__ import annotations

import dataclasses
from datetime import timedelta
from typing import Any

import pytest

from server import clock
from server.booking.manage_link import manage_token_of
from server.meetings.move import put_at
from server.models import Attendee, Change, Job, Meeting, User
from server.models.enums import AttendeeKind, ChangeKind, JobKind, Reply
from server.reminders.plan import LeadTime
from server.reminders.rows import plan_reminders
from server.replies.receive import Outcome, Received, receive
from server.worker import work_once
from tests import factories
from tests.server.deliveries.conftest import STARTS_AT, Story
from tests.server.gateways.mail.receiving import Receiver, words
from tests.server.replies.mails import LATER, a_reply


async def expected(story: Story) -> Attendee:
    """The contact, as they are expected now."""
    return await Attendee.get(meeting_id=story.meeting.id, contact_id=story.contact.id)


async def changes() -> list[dict[str, Any]]:
    return [one.data for one in await Change.filter(kind=ChangeKind.REPLY_RECEIVED).order_by("number")]


async def told(receiver: Receiver) -> list[tuple[str, str]]:
    while await work_once():
        pass
    return [(str(mail["X-Parley-Kind"]), str(mail["Subject"])) for mail in receiver.mails]


@pytest.mark.capability("S1-35")
@pytest.mark.parametrize(
    ("partstat", "reply", "kind", "subject"),
    [
        ("ACCEPTED", Reply.ACCEPTED, "host_accepted", "Tomasz Lis accepted: Intro call, Tue 16 Feb, 15:30"),
        ("DECLINED", Reply.DECLINED, "host_declined", "Tomasz Lis declined: Intro call, Tue 16 Feb, 15:30"),
        ("TENTATIVE", Reply.TENTATIVE, "host_tentative", "Tomasz Lis may come: Intro call, Tue 16 Feb, 15:30"),
    ],
)
async def test_reply_stands_beside_the_name_and_the_host_is_told(
    receiver: Receiver, story: Story, partstat: str, reply: Reply, kind: str, subject: str
) -> None:
    attendee = await expected(story)
    assert attendee.reply is Reply.NEEDS_ACTION
    received = await receive(a_reply(story.meeting, attendee, partstat, comment="See you\\nthere"))
    assert received == Received(Outcome.NOTED, "a reply", story.meeting.id)
    attendee = await expected(story)
    assert (attendee.reply, attendee.replied_at) == (reply, LATER)
    assert await changes() == [
        {"attendee_id": attendee.id, "reply": reply.value, "previous_reply": "NEEDS_ACTION"},
    ]
    assert await told(receiver) == [(kind, subject)]
    (mail,) = receiver.mails
    assert receiver.recipients == [story.host.email]
    assert str(mail["Reply-To"]) == f"Tomasz Lis <{story.contact.email}>"
    assert "Tomasz Lis wrote: See you there\n" in words(mail)
    assert mail.get_body(("calendar",)) is None


async def test_reply_is_noted_once_however_often_it_comes(receiver: Receiver, story: Story) -> None:
    raw = a_reply(story.meeting, await expected(story))
    assert [(await receive(raw)).reason for _ in range(3)] == ["a reply", *["the same reply is known"] * 2]
    assert (len(await changes()), await Job.filter(kind=JobKind.REPLY_NOTICE_MAIL).count()) == (1, 1)


async def test_of_two_replies_the_later_one_counts_in_whatever_order_they_come(db: str, story: Story) -> None:
    attendee = await expected(story)
    early, between, late = (LATER + timedelta(minutes=minutes) for minutes in (0, 5, 10))
    await receive(a_reply(story.meeting, attendee, "DECLINED", stamp=early))
    await receive(a_reply(story.meeting, attendee, "ACCEPTED", stamp=late))
    assert (
        await receive(a_reply(story.meeting, attendee, "TENTATIVE", stamp=between))
    ).reason == "a later reply is known"
    await receive(a_reply(story.meeting, attendee, "ACCEPTED", stamp=late + timedelta(minutes=10)))
    after = a_reply(story.meeting, attendee, "DECLINED", stamp=late + timedelta(minutes=5))
    assert (await receive(after)).reason == "a later reply is known"
    assert (await expected(story)).reply is Reply.ACCEPTED


async def test_reply_of_a_clock_that_is_ahead_does_not_keep_out_the_next_one(db: str, story: Story) -> None:
    attendee = await expected(story)
    ahead = clock.now() + timedelta(days=400)
    await receive(a_reply(story.meeting, attendee, "ACCEPTED", stamp=ahead))
    assert (await expected(story)).replied_at == clock.now()
    await receive(a_reply(story.meeting, attendee, "DECLINED", stamp=ahead))
    assert (await expected(story)).reply is Reply.DECLINED


async def test_reply_to_an_older_time_counts_no_more(db: str, story: Story) -> None:
    attendee, was = await expected(story), story.meeting.starts_at
    await receive(a_reply(story.meeting, attendee, "ACCEPTED"))
    story.meeting.ical_sequence = 1
    await story.meeting.save(update_fields=["ical_sequence"])
    await put_at(story.meeting, was + timedelta(days=1), was + timedelta(days=1, minutes=30), host_ids=[story.host.id])
    moved = await expected(story)
    assert (moved.reply, moved.replied_at) == (Reply.NEEDS_ACTION, None)
    late = {"stamp": LATER + timedelta(hours=1), "sequence": 0, "starts_at": was}
    assert (
        await receive(a_reply(story.meeting, attendee, "DECLINED", **late))
    ).reason == "the meeting has changed since"
    assert (await receive(a_reply(story.meeting, attendee, "DECLINED"))).outcome is Outcome.NOTED


async def test_reply_to_an_older_invitation_for_the_same_time_counts(db: str, story: Story) -> None:
    await Meeting.filter(id=story.meeting.id).update(ical_sequence=3)
    await receive(a_reply(story.meeting, await expected(story), "ACCEPTED", sequence=0))
    assert (await expected(story)).reply is Reply.ACCEPTED


async def test_host_stays_accepted_when_a_meeting_moves(db: str, story: Story) -> None:
    await Attendee.filter(user_id=story.host.id).update(reply=Reply.ACCEPTED)
    later = STARTS_AT + timedelta(days=1)
    await put_at(story.meeting, later, later + timedelta(minutes=30), host_ids=[story.host.id])
    assert (await Attendee.get(user_id=story.host.id)).reply is Reply.ACCEPTED


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({"sender": "Mallory <mallory@evil.example>"}, "it is not from the attendee that it names"),
        ({"attendee_email": "mallory@evil.example"}, "it is not from the attendee that it names"),
        (
            {"attendee_email": "m@evil.example", "sender": "Mallory <m@evil.example>"},
            "its sender is not expected at the meeting",
        ),
        ({"uid": "somebody-elses@server"}, "it is about no meeting of this server"),
        ({"method": "REQUEST"}, "its calendar message is no reply"),
        ({"method": "CANCEL"}, "its calendar message is no reply"),
        ({"more": ["RECURRENCE-ID:20270216T153000Z"]}, "it is not about one whole meeting"),
        ({"more": ["ATTENDEE;PARTSTAT=DECLINED:mailto:b@b.example"]}, "it is not one attendee's"),
    ],
)
async def test_whatever_is_no_reply_of_an_attendee_changes_nothing(
    db: str, story: Story, said: dict[str, Any], reason: str
) -> None:
    attendee = await expected(story)
    received = await receive(a_reply(story.meeting, attendee, **said))
    assert (received.outcome, received.reason) == (Outcome.IGNORED, reason)
    assert await expected(story) == attendee
    assert (await changes(), await Job.all().count()) == ([], 0)


async def test_two_senders_are_none(db: str, story: Story) -> None:
    attendee = await expected(story)
    sender = f"Mallory <m@evil.example>, Tomasz <{attendee.email}>"
    assert (await receive(a_reply(story.meeting, attendee, sender=sender))).outcome is Outcome.IGNORED


async def test_case_of_an_address_does_not_matter(db: str, story: Story) -> None:
    attendee = await expected(story)
    loud = {"sender": f"TOMASZ <{attendee.email.upper()}>", "attendee_email": attendee.email.upper()}
    assert (await receive(a_reply(story.meeting, attendee, **loud))).outcome is Outcome.NOTED


async def test_meeting_that_is_off_takes_no_replies(db: str, story: Story) -> None:
    await Meeting.filter(id=story.meeting.id).update(canceled_at=LATER)
    received = await receive(a_reply(story.meeting, await expected(story)))
    assert received == Received(Outcome.IGNORED, "the meeting is off")


async def test_answer_that_is_none_and_the_hosts_own_change_nothing(db: str, story: Story) -> None:
    attendee = await expected(story)
    assert (await receive(a_reply(story.meeting, attendee, "NEEDS-ACTION"))).reason == "it gives no answer"
    host = await Attendee.get(user_id=story.host.id)
    assert (await receive(a_reply(story.meeting, host, "DECLINED"))).reason == "the host needs no answer"


async def test_guest_and_colleague_reply_by_mail_too(receiver: Receiver, story: Story) -> None:
    colleague = await factories.a_user(story.account, "Jonas Weber")
    about = {"account": story.account, "meeting": story.meeting}
    guest = await Attendee.create(**about, kind=AttendeeKind.GUEST, email="guest@client.example")
    user = await Attendee.create(
        **about, kind=AttendeeKind.USER, user_id=colleague.id, name=colleague.name, email=colleague.email
    )
    for one in (guest, user):
        assert (await receive(a_reply(story.meeting, one, "ACCEPTED"))).outcome is Outcome.NOTED
    logged = await Change.filter(kind=ChangeKind.REPLY_RECEIVED).order_by("number")
    assert [one.actor for one in logged] == ["visitor", f"user:{colleague.id}"]
    assert [subject for _, subject in await told(receiver)] == [
        "guest@client.example accepted: Intro call, Tue 16 Feb, 15:30",
        "Jonas Weber accepted: Intro call, Tue 16 Feb, 15:30",
    ]


async def test_host_who_wants_no_such_mails_gets_none(db: str, story: Story) -> None:
    await User.filter(id=story.host.id).update(notifications={"reply_mails": False})
    assert (await receive(a_reply(story.meeting, await expected(story)))).outcome is Outcome.NOTED
    assert await Job.filter(kind=JobKind.REPLY_NOTICE_MAIL).count() == 0


async def test_overtaken_reply_is_no_news_any_more(receiver: Receiver, story: Story) -> None:
    attendee = await expected(story)
    await receive(a_reply(story.meeting, attendee, "DECLINED"))
    await receive(a_reply(story.meeting, attendee, "ACCEPTED", stamp=LATER + timedelta(minutes=1)))
    assert [kind for kind, _ in await told(receiver)] == ["host_accepted"]


async def test_whoever_declined_is_not_reminded(receiver: Receiver, story: Story) -> None:
    await Attendee.create(
        account=story.account, meeting=story.meeting, kind=AttendeeKind.GUEST, email="guest@client.example"
    )
    await receive(a_reply(story.meeting, await expected(story), "DECLINED"))
    await plan_reminders(story.meeting, [LeadTime(1, "HOURS")], rule="BOOKING", tz="America/New_York")
    with clock.travel(STARTS_AT - timedelta(minutes=50)):
        await told(receiver)
    reminders = [str(mail["To"]) for mail in receiver.mails if mail["X-Parley-Kind"] == "reminder"]
    assert reminders == ["guest@client.example"]


async def test_proposal_moves_nothing_and_tells_the_host_what_is_asked_for(receiver: Receiver, story: Story) -> None:
    attendee, later = await expected(story), STARTS_AT + timedelta(days=1)
    said = {
        "method": "COUNTER",
        "starts_at": later,
        "ends_at": later + timedelta(minutes=45),
        "comment": "Better for me",
    }
    raw = a_reply(story.meeting, attendee, "TENTATIVE", **said)
    assert [(await receive(raw)).reason for _ in range(2)] == ["a proposal", "the same proposal is known"]
    meeting = await Meeting.get(id=story.meeting.id)
    assert (meeting.starts_at, meeting.version) == (STARTS_AT, story.meeting.version)
    assert await changes() == [
        {
            "attendee_id": attendee.id,
            "reply": "TENTATIVE",
            "previous_reply": "NEEDS_ACTION",
            "is_proposal": True,
            "proposed_starts_at": int(later.timestamp()),
            "proposed_ends_at": int(later.timestamp()) + 45 * 60,
        }
    ]
    assert await told(receiver) == [
        ("host_proposed", "Tomasz Lis asks for another time: Intro call, Tue 16 Feb, 15:30")
    ]
    text = words(receiver.mails[0])
    assert "Proposed:\n  Wednesday 17 February 2027, 15:30 - 16:15, Lisbon time (WET, UTC+0)\n" in text
    assert "Tomasz Lis wrote: Better for me\n" in text
    assert f"/b/{manage_token_of(story.meeting)}" in text


async def test_proposal_to_an_older_invitation_is_ignored(db: str, story: Story) -> None:
    await Meeting.filter(id=story.meeting.id).update(ical_sequence=2)
    said = {"method": "COUNTER", "starts_at": STARTS_AT + timedelta(days=1), "sequence": 1}
    received = await receive(a_reply(story.meeting, await expected(story), **said))
    assert received.reason == "the meeting has changed since"


def test_what_came_of_a_mail_names_nobody() -> None:
    assert {one.name for one in dataclasses.fields(Received)} == {"outcome", "reason", "meeting_id"}
