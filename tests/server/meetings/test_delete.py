"""A meeting is taken away."""

from __future__ import annotations

import pytest

from server import database
from server.errors import ErrorCode, Refused
from server.meetings import queries
from server.meetings.delete import delete
from server.meetings.schedule import schedule
from server.models import BusySpan, Change, Job, Meeting, Reminder
from server.models.enums import JobKind, ReminderState
from server.reminders.plan import LeadTime
from tests.factories import a_meeting, a_user, an_account
from tests.server.booking.scene import NOW, a_rotation, at, monday, turns_of
from tests.server.meetings.scene import a_new_meeting, viewer_of


@pytest.mark.capability("S2-48")
async def test_delete_leaves_a_tombstone_and_takes_the_turn_back_once(db: str) -> None:
    account = await an_account()
    ines, piotr = await a_user(account), await a_user(account, "Piotr Zima")
    rotation = await a_rotation(account, piotr)
    with at():
        new = a_new_meeting(rotation_id=rotation.id, reminders=(LeadTime(1, "HOURS"),))
        meeting_id = (await schedule(viewer_of(ines), new)).meeting_id
        assert meeting_id is not None
        assert await delete(viewer_of(ines), meeting_id, expected_version=1) == meeting_id
        with pytest.raises(Refused) as caught:
            await delete(viewer_of(ines), meeting_id)
        rows = queries.meeting(viewer_of(ines), meeting_id)
        found = await database.fetch(f"SELECT t.id FROM meeting t WHERE {rows.condition}", *rows.parameters)
    assert [one.code for one in caught.value.complaints] == [ErrorCode.NOT_FOUND]
    assert list(found) == []
    meeting = await Meeting.get(id=meeting_id)
    assert (meeting.deleted_at is not None, meeting.version, meeting.ical_sequence) == (True, 2, 1)
    assert await turns_of(rotation.id) == [(piotr.id, 0, 1)]
    assert await BusySpan.all().count() == 0
    assert await Reminder.all().values_list("state", flat=True) == [ReminderState.DROPPED]
    told = [job for job in await Job.all().values_list("kind", "payload") if job[1].get("kind") == "canceled"]
    assert sorted(told, key=lambda job: job[0]) == [
        (JobKind.CONFIRMATION_MAIL, {"kind": "canceled", "sequence": 1}),
        (JobKind.HOST_NOTICE_MAIL, {"kind": "canceled", "sequence": 1}),
    ]
    assert await Change.all().order_by("number").values_list("number", "kind") == [
        (1, "MEETING_SCHEDULED"),
        (2, "MEETING_DELETED"),
    ]


async def test_delete_what_is_over_or_was_canceled_tells_nobody(db: str) -> None:
    ines = await a_user(await an_account())
    past, canceled = await a_meeting(ines, monday(9)), await a_meeting(ines, monday(13), canceled_at=NOW)
    with at(monday(10)):
        for meeting in (past, canceled):
            await delete(viewer_of(ines), meeting.id)
    assert await Job.all().count() == 0


async def test_delete_again_with_the_same_key_gives_the_first_result(db: str) -> None:
    ines = await a_user(await an_account())
    meeting = await a_meeting(ines, monday(9))
    with at():
        for _ in range(2):
            assert await delete(viewer_of(ines), meeting.id, idempotency_key="once") == meeting.id
    assert await Change.all().count() == 1
