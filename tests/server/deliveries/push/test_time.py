"""When a notice comes: not in quiet hours, not too late, and not once something else is so."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from server.devices.notices import NoticeKind, plan_nudges, wake_colleagues
from server.models import Job, Meeting, Outcome, User
from server.models.enums import JobState
from server.worker import work_once
from tests import factories
from tests.server.deliveries.push.conftest import NOW, STARTS_AT, Story, shown
from tests.server.gateways.push.apple import Apple
from tests.server.gateways.push.watch import Watch


@pytest.mark.parametrize("overtaken", ["moved", "canceled", "deleted", "recorded", "handed over"])
async def test_a_nudge_that_was_overtaken_is_dropped(phones: Apple, story: Story, watch: Watch, overtaken: str) -> None:
    await plan_nudges(story.meeting)
    hour = timedelta(hours=1)
    changes: dict[str, Any] = {
        "moved": {"starts_at": STARTS_AT + hour, "ends_at": story.meeting.ends_at + hour},
        "canceled": {"canceled_at": NOW},
        "deleted": {"deleted_at": NOW},
        "recorded": {"outcome": await Outcome.get(account=story.account, key="COMPLETED")},
        "handed over": {"host": await factories.a_user(story.account, "Jan Lis")},
    }
    await Meeting.filter(id=story.meeting.id).update(**changes[overtaken])
    with watch.travel(story.meeting.ends_at):
        await work_once()
        await work_once()
    assert (phones.delivered, phones.refused) == ([], [])
    assert {one.state for one in await Job.all()} == {JobState.DONE}


async def test_a_booking_that_was_canceled_meanwhile_is_not_announced(phones: Apple, story: Story) -> None:
    await story.wake(NoticeKind.MEETING_BOOKED)
    await story.wake(NoticeKind.MEETING_CANCELED)
    await Meeting.filter(id=story.meeting.id).update(canceled_at=NOW)
    await work_once()
    await work_once()
    assert shown(phones) == [("Meeting canceled", "Tomasz Lis, Tue 16 Feb, 16:30")]


async def test_quiet_hours_hold_a_notice_back_until_their_end(phones: Apple, story: Story, watch: Watch) -> None:
    await User.all().update(quiet_from_minute=22 * 60, quiet_until_minute=7 * 60)
    night, morning = datetime(2027, 2, 15, 22, 0, tzinfo=UTC), datetime(2027, 2, 16, 6, 0, tzinfo=UTC)
    with watch.travel(night):
        await story.wake(NoticeKind.MEETING_BOOKED)
        await work_once()
        job = await story.job()
        assert (phones.delivered, job.state, job.run_at) == ([], JobState.WAITING, morning)
    with watch.travel(morning):
        await work_once()
        assert shown(phones) == [("New booking", "Tomasz Lis, Tue 16 Feb, 16:30")]
        assert phones.delivered[0].payload["aps"]["interruption-level"] == "active"


async def test_what_cannot_wait_for_the_end_of_the_quiet_hours_comes_without_a_sound(
    phones: Apple, story: Story, watch: Watch
) -> None:
    await User.all().update(quiet_from_minute=14 * 60, quiet_until_minute=17 * 60)
    with watch.travel(STARTS_AT - timedelta(hours=2)):
        await story.wake(NoticeKind.MEETING_BOOKED)
        await work_once()
    assert phones.delivered[0].payload["aps"]["interruption-level"] == "passive"
    await plan_nudges(story.meeting)
    with watch.travel(STARTS_AT - timedelta(minutes=10)):
        await work_once()
        await work_once()
        assert (await story.job()).last_error == "not sent: it would have rung in quiet hours"
    with watch.travel(story.meeting.ends_at):
        await work_once()
    assert len(phones.delivered) == 1


async def test_what_waits_for_the_morning_holds_up_nothing_that_cannot(
    phones: Apple, story: Story, watch: Watch
) -> None:
    await User.all().update(quiet_from_minute=22 * 60, quiet_until_minute=7 * 60)
    with watch.travel(datetime(2027, 2, 15, 22, 0, tzinfo=UTC)):
        await story.wake(NoticeKind.MEETING_BOOKED)
        await work_once()
        was = (STARTS_AT, story.meeting.ends_at)
        starts_at, ends_at = (datetime(2027, 2, 16, 5, minute, tzinfo=UTC) for minute in (0, 30))
        await Meeting.all().update(starts_at=starts_at, ends_at=ends_at)
        await story.meeting.refresh_from_db()
        await wake_colleagues(story.meeting, NoticeKind.MEETING_MOVED, actor="visitor", was=was)
        await work_once()
    assert shown(phones) == [("Meeting moved", "Tomasz Lis, Tue 16 Feb, 6:00, was Tue 16 Feb, 16:30")]
    assert phones.delivered[0].payload["aps"]["interruption-level"] == "passive"


async def test_a_notice_that_comes_too_late_is_left_out(phones: Apple, story: Story, watch: Watch) -> None:
    await story.wake(NoticeKind.MEETING_BOOKED)
    with watch.travel(STARTS_AT + timedelta(minutes=1)):
        await work_once()
    assert (phones.delivered, (await story.job()).last_error) == ([], "not sent: too late")
