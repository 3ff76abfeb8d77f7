"""A user changes a meeting."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from server.accounts.viewer import Viewer
from server.errors import ErrorCode, Refused
from server.meetings.edit import Conflict, MeetingEdit, edit
from server.meetings.expected import Expected
from server.meetings.schedule import Location
from server.models import Attendee, BusySpan, Change, Job, Meeting, Reminder
from server.models.enums import AttendeeKind, JobKind, LocationKind, ReminderState, Reply, Role
from server.reminders.plan import LeadTime
from tests.factories import a_contact, a_meeting, a_user, an_account
from tests.server.booking.scene import NOW, at, counts, monday
from tests.server.meetings.scene import viewer_of


async def refused(viewer: Viewer, wanted: MeetingEdit) -> list[tuple[ErrorCode, tuple[str, ...]]]:
    before = await counts()
    with pytest.raises(Refused) as caught:
        await edit(viewer, wanted)
    assert await counts() == before
    return [(one.code, one.path) for one in caught.value.complaints]


async def mails() -> list[tuple[JobKind, dict[str, Any]]]:
    jobs = await Job.exclude(kind=JobKind.REMINDER_MAIL).values_list("kind", "payload")
    return sorted(jobs, key=lambda job: str(job[0]))


async def test_edit_what_attendees_see_tells_them_with_a_higher_sequence(db: str) -> None:
    account = await an_account()
    ines = await a_user(account)
    with at():
        meeting = await a_meeting(ines, monday(9), contact=await a_contact(account))
        wanted = MeetingEdit(
            meeting.id, expected_version=1, title="Roof plans", location=Location(LocationKind.ADDRESS, "Lipowa 3")
        )
        assert await edit(viewer_of(ines), wanted) == meeting.id
    after = await Meeting.get(id=meeting.id)
    assert (after.title, after.location_text, after.version, after.ical_sequence) == ("Roof plans", "Lipowa 3", 2, 1)
    assert await mails() == [(JobKind.CONFIRMATION_MAIL, {"kind": "changed", "sequence": 1})]
    change = await Change.get()
    assert (change.kind, change.data) == (
        "MEETING_EDITED",
        {"fields": ["location_kind", "location_text", "title"]},
    )


@pytest.mark.capability("S2-23")
async def test_edit_what_attendees_do_not_see_tells_nobody(db: str) -> None:
    ines = await a_user(await an_account())
    with at():
        meeting = await a_meeting(ines, monday(9))
        await edit(viewer_of(ines), MeetingEdit(meeting.id, internal_note="Mind the dog."))
    after = await Meeting.get(id=meeting.id)
    assert (after.internal_notes, after.version, after.ical_sequence) == ("Mind the dog.", 2, 0)
    assert await mails() == []


async def test_edit_by_a_colleague_reaches_the_calendar_of_the_host(db: str) -> None:
    account = await an_account()
    ines, piotr = await a_user(account), await a_user(account, "Piotr Zima")
    with at():
        meeting = await a_meeting(ines, monday(9), organizer=piotr)
        await edit(viewer_of(piotr), MeetingEdit(meeting.id, title="Roof, second floor"))
        await edit(viewer_of(piotr), MeetingEdit(meeting.id, internal_note="Mind the dog."))
    assert await mails() == [
        (JobKind.CONFIRMATION_MAIL, {"kind": "changed", "sequence": 1}),
        (JobKind.HOST_NOTICE_MAIL, {"kind": "changed", "sequence": 1}),
    ]


async def test_edit_the_time_moves_everything_that_hangs_on_it(db: str) -> None:
    ines = await a_user(await an_account())
    with at():
        meeting = await a_meeting(ines, monday(9))
        await edit(viewer_of(ines), MeetingEdit(meeting.id, reminders=(LeadTime(1, "HOURS"),)))
        await edit(viewer_of(ines), MeetingEdit(meeting.id, starts_at=monday(9, 15)))
    after = await Meeting.get(id=meeting.id)
    assert (after.starts_at, after.ends_at, after.version, after.ical_sequence) == (monday(9, 15), monday(9, 45), 3, 1)
    assert await BusySpan.all().values_list("starts", flat=True) == [int(monday(9, 15).timestamp())]
    assert await Reminder.all().order_by("id").values_list("state", "due_at") == [
        (ReminderState.DROPPED, monday(8)),
        (ReminderState.PLANNED, monday(8, 15)),
    ]
    was = {"was_starts_at": int(monday(9).timestamp()), "was_ends_at": int(monday(9, 30).timestamp())}
    assert await mails() == [
        (JobKind.CONFIRMATION_MAIL, {"kind": "moved", "sequence": 1, **was}),
        (JobKind.HOST_NOTICE_MAIL, {"kind": "moved", "sequence": 1, **was}),
    ]
    moved = await Change.get(number=2)
    assert (moved.kind, moved.data["previous_starts_at"]) == ("MEETING_MOVED", monday(9).isoformat())


async def test_edit_onto_a_busy_time_is_refused_unless_allowed(db: str) -> None:
    ines = await a_user(await an_account())
    with at():
        meeting = await a_meeting(ines, monday(9))
        await a_meeting(ines, monday(11))
        wanted = MeetingEdit(meeting.id, starts_at=monday(11, 15))
        assert await refused(viewer_of(ines), wanted) == [(ErrorCode.HOST_BUSY, ("startsAt",))]
        await edit(viewer_of(ines), MeetingEdit(meeting.id, starts_at=monday(11, 15), allow_overlap=True))
    assert (await Meeting.get(id=meeting.id)).starts_at == monday(11, 15)


async def test_edit_the_attendees_keeps_replies_and_finds_the_contact(db: str) -> None:
    account = await an_account()
    ines, first, second = await a_user(account), await a_contact(account), await a_contact(account, "Ola")
    with at():
        meeting = await a_meeting(ines, monday(9), contact=first)
        await Attendee.filter(contact_id=first.id).update(reply=Reply.ACCEPTED)
        people = (Expected(address="guest@client.example"), Expected(contact_id=second.id))
        await edit(viewer_of(ines), MeetingEdit(meeting.id, attendees=(*people, Expected(contact_id=first.id))))
        await edit(viewer_of(ines), MeetingEdit(meeting.id, attendees=people))
    assert await Attendee.all().order_by("id").values_list("kind", "email", "reply") == [
        (AttendeeKind.USER, ines.email, Reply.NEEDS_ACTION),
        (AttendeeKind.GUEST, "guest@client.example", Reply.NEEDS_ACTION),
        (AttendeeKind.CONTACT, second.email, Reply.NEEDS_ACTION),
    ]
    after = await Meeting.get(id=meeting.id)
    assert (after.contact_id, after.version, after.ical_sequence) == (second.id, 3, 2)


async def test_edit_that_changes_nothing_writes_nothing(db: str) -> None:
    ines = await a_user(await an_account())
    with at():
        meeting = await a_meeting(ines, monday(9))
        before = await counts()
        await edit(viewer_of(ines), MeetingEdit(meeting.id, title=meeting.title, starts_at=monday(9)))
        assert await counts() == before
    assert (await Meeting.get(id=meeting.id)).version == 1


async def test_edit_of_a_stale_version_says_which_meeting_to_look_at(db: str) -> None:
    ines = await a_user(await an_account())
    with at():
        meeting = await a_meeting(ines, monday(9))
        await edit(viewer_of(ines), MeetingEdit(meeting.id, expected_version=1, title="One"))
        before = await counts()
        with pytest.raises(Conflict) as caught:
            await edit(viewer_of(ines), MeetingEdit(meeting.id, expected_version=1, title="Two"))
        assert await counts() == before
    assert (caught.value.meeting_id, caught.value.complaints[0].code) == (meeting.id, ErrorCode.CONFLICT)


async def test_edit_refuses_strangers_colleagues_and_what_is_gone(db: str) -> None:
    account = await an_account()
    ines, piotr = await a_user(account), await a_user(account, "Piotr Zima")
    admin, stranger = await a_user(account, "Ada", role=Role.ADMIN), await a_user(await an_account())
    with at():
        meeting = await a_meeting(ines, monday(9))
        gone = await a_meeting(ines, monday(11), deleted_at=NOW)
        canceled = await a_meeting(ines, monday(13), canceled_at=NOW)
        wanted = MeetingEdit(meeting.id, title="Mine")
        assert await refused(viewer_of(stranger), wanted) == [(ErrorCode.NOT_FOUND, ("meeting",))]
        assert await refused(viewer_of(piotr), wanted) == [(ErrorCode.FORBIDDEN, ("meeting",))]
        assert await refused(viewer_of(ines), MeetingEdit(gone.id, title="x")) == [(ErrorCode.NOT_FOUND, ("meeting",))]
        assert await refused(viewer_of(ines), MeetingEdit(canceled.id, title="x")) == [
            (ErrorCode.CONFLICT, ("expectedVersion",))
        ]
        await edit(viewer_of(admin), wanted)
    assert (await Meeting.get(id=meeting.id)).title == "Mine"


async def test_edit_complains_of_everything_at_once(db: str) -> None:
    ines = await a_user(await an_account())
    with at():
        meeting = await a_meeting(ines, monday(9))
        wanted = MeetingEdit(
            meeting.id,
            title="x" * 301,
            ends_at=monday(9) - timedelta(minutes=1),
            time_zone="Nowhere",
            reminders=(LeadTime(0, "HOURS"),),
        )
        assert await refused(viewer_of(ines), wanted) == [
            (ErrorCode.TEXT_TOO_LONG, ("title",)),
            (ErrorCode.TIME_ZONE_INVALID, ("timeZone",)),
            (ErrorCode.TIME_RANGE_INVALID, ("endsAt",)),
            (ErrorCode.TIME_RANGE_INVALID, ("reminders", "0")),
        ]


async def test_edit_to_where_the_calendar_ends_is_refused(db: str) -> None:
    ines = await a_user(await an_account())
    meeting = await a_meeting(ines)
    wanted = MeetingEdit(meeting.id, starts_at=datetime.max.replace(tzinfo=UTC, microsecond=0))
    assert await refused(viewer_of(ines), wanted) == [(ErrorCode.TIME_RANGE_INVALID, ("endsAt",))]
