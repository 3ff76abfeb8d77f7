from __future__ import annotations

from datetime import timedelta

import pytest

from server import clock
from server.deliveries.notice import expires_at, is_stale, notice_for
from server.devices.notices import NoticeKind, wake_user
from server.meetings.facts import meeting_facts
from server.models import Attendee, Device, Job, Meeting, Session
from server.models.enums import DevicePlatform, JobKind
from tests import factories
from tests.server.deliveries.conftest import STARTS_AT, Story


@pytest.mark.capability("S2-38")
@pytest.mark.parametrize(
    ("author", "hides_details", "body"),
    [
        ("Ines Marek", False, "Ines Marek named you in a note, Tue 16 Feb, 16:30"),
        ("", False, "Linden & Co named you in a note, Tue 16 Feb, 16:30"),
        ("Ines Marek", True, ""),
    ],
)
async def test_a_mention_says_who_and_which_meeting_and_not_what_was_said(
    story: Story, author: str, hides_details: bool, body: str
) -> None:
    piotr = await factories.a_user(story.account, "Piotr Zima", time_zone="Europe/Warsaw")
    session = await Session.create(account=story.account, user=piotr, last_used_at=clock.now())
    given = {"platform": DevicePlatform.ANDROID, "push_token": "x", "hides_details": hides_details}
    await Device.create(account=story.account, user=piotr, session=session, **given)
    with clock.travel(STARTS_AT):
        await wake_user(story.meeting, NoticeKind.MENTIONED, piotr.id, about={"author": author})
    job, facts = await Job.get(kind=JobKind.PUSH), await meeting_facts(story.meeting.id)
    notice = await notice_for(job, facts, await Device.get().select_related("user"))
    assert (notice.kind, notice.title, notice.body) == ("MENTIONED", "You were mentioned", body)
    assert (notice.data["meetingId"], notice.data["actions"]) == (f"mtg_{story.meeting.id}", [])
    assert expires_at(job, facts) == STARTS_AT + timedelta(days=1)
    facts.meeting.canceled_at = STARTS_AT
    assert not is_stale(job, facts)
    facts.meeting.deleted_at = STARTS_AT
    assert is_stale(job, facts)


@pytest.mark.parametrize(("is_host", "who"), [(True, "Tylko Ty"), (False, "Ines Marek")])
async def test_a_meeting_with_nobody_else_names_its_host_or_only_you(story: Story, is_host: bool, who: str) -> None:
    await Attendee.filter(meeting_id=story.meeting.id).delete()
    await Meeting.filter(id=story.meeting.id).update(contact_id=None)
    reader = story.host if is_host else await factories.a_user(story.account, "Piotr Zima")
    session = await Session.create(account=story.account, user=reader, last_used_at=clock.now())
    await Device.create(
        account=story.account, user=reader, session=session, platform=DevicePlatform.IOS, push_token="x", locale="pl"
    )
    with clock.travel(STARTS_AT - timedelta(days=1)):
        await wake_user(story.meeting, NoticeKind.MEETING_SCHEDULED, reader.id, about={})
        facts = await meeting_facts(story.meeting.id)
        notice = await notice_for(await Job.get(kind=JobKind.PUSH), facts, await Device.get().select_related("user"))
    assert notice.body.split(", ")[0] == who
