"""A user puts a meeting in."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from server.accounts.viewer import Viewer
from server.errors import ErrorCode, Refused
from server.meetings.associations import Tie
from server.meetings.expected import Expected
from server.meetings.schedule import Location, NewMeeting, schedule
from server.models import (
    Association,
    Attendee,
    BusySpan,
    CalendarAccount,
    Change,
    Job,
    Meeting,
    MeetingType,
    Record,
    VideoAccount,
)
from server.models.enums import (
    AccountKind,
    AttendeeKind,
    JobKind,
    LocationKind,
    MeetingSource,
    RecordKind,
    Reply,
    Role,
    VideoKind,
)
from server.reminders.plan import LeadTime
from server.rotation.pick import replayed
from tests.factories import a_contact, a_meeting, a_user, an_account
from tests.server.booking.scene import NOW, a_rotation, at, counts, monday, turns_of
from tests.server.meetings.scene import a_new_meeting, a_program, viewer_of


async def refused(viewer: Viewer, new: NewMeeting) -> list[tuple[ErrorCode, tuple[str, ...]]]:
    before = await counts()
    with pytest.raises(Refused) as caught:
        await schedule(viewer, new)
    assert await counts() == before
    return [(one.code, one.path) for one in caught.value.complaints]


async def scheduled(viewer: Viewer, new: NewMeeting) -> Meeting:
    result = await schedule(viewer, new)
    assert result.meeting_id is not None
    return await Meeting.get(id=result.meeting_id).select_related("outcome")


@pytest.mark.capability("S2-30")
@pytest.mark.capability("S2-09")
async def test_schedule_for_oneself_makes_host_and_organizer(db: str) -> None:
    account = await an_account()
    ines, contact = await a_user(account), await a_contact(account, time_zone="Asia/Taipei")
    deal = await Record.create(account=account, kind=RecordKind.DEAL, name="Roof")
    new = a_new_meeting(
        attendees=(Expected(contact_id=contact.id), Expected(address="Extra@client.example", name="Ola")),
        location=Location(LocationKind.ADDRESS, " Lipowa 3 "),
        attendee_description="Bring a pen.",
        internal_note="They are in a hurry.",
        reminders=(LeadTime(1, "HOURS"),),
        associations=(Tie(record_id=deal.id),),
        source=MeetingSource.MOBILE_IOS,
    )
    with at():
        meeting = await scheduled(viewer_of(ines), new)
    assert {
        "title": meeting.title,
        "people": (meeting.host_id, meeting.organizer_id, meeting.contact_id),
        "times": (meeting.starts_at, meeting.ends_at, meeting.time_zone),
        "location": (meeting.location_kind, meeting.location_text),
        "texts": (meeting.attendee_description, meeting.internal_notes),
        "outcome": meeting.outcome.key,
        "source": meeting.source,
    } == {
        "title": "Roof plans",
        "people": (ines.id, ines.id, contact.id),
        "times": (monday(9), monday(9, 30), "Europe/Warsaw"),
        "location": (LocationKind.ADDRESS, "Lipowa 3"),
        "texts": ("Bring a pen.", "They are in a hurry."),
        "outcome": "SCHEDULED",
        "source": MeetingSource.MOBILE_IOS,
    }
    people = await Attendee.filter(meeting_id=meeting.id).order_by("id").values_list("kind", "email", "reply")
    assert people == [
        (AttendeeKind.USER, ines.email, Reply.ACCEPTED),
        (AttendeeKind.CONTACT, contact.email, Reply.NEEDS_ACTION),
        (AttendeeKind.GUEST, "extra@client.example", Reply.NEEDS_ACTION),
    ]
    ties = await Association.filter(meeting_id=meeting.id).order_by("id").values_list("record_id", "contact_id")
    assert ties == [(deal.id, None), (None, contact.id)]
    jobs = await Job.all().values_list("kind", "run_at")
    assert sorted(kind for kind, _ in jobs) == [
        JobKind.CONFIRMATION_MAIL,
        JobKind.HOST_NOTICE_MAIL,
        JobKind.REMINDER_MAIL,
    ]
    change = await Change.get()
    assert (change.number, change.kind, change.actor) == (1, "MEETING_SCHEDULED", f"user:{ines.id}")


@pytest.mark.capability("S2-49")
@pytest.mark.capability("S2-50")
async def test_schedule_on_behalf_leaves_the_scheduler_out_unless_added(db: str) -> None:
    account = await an_account()
    ines, piotr = await a_user(account), await a_user(account, "Piotr Zima")
    with at():
        meeting = await scheduled(viewer_of(ines), a_new_meeting(host_id=piotr.id))
        added = a_new_meeting(
            host_id=piotr.id, starts_at=monday(11), ends_at=monday(12), attendees=(Expected(user_id=ines.id),)
        )
        other = await scheduled(viewer_of(ines), added)
    assert (meeting.host_id, meeting.organizer_id) == (piotr.id, ines.id)
    assert await Attendee.filter(meeting_id=meeting.id).values_list("user_id", flat=True) == [piotr.id]
    assert await Attendee.filter(meeting_id=other.id).order_by("id").values_list("user_id", "reply") == [
        (piotr.id, Reply.ACCEPTED),
        (ines.id, Reply.NEEDS_ACTION),
    ]


@pytest.mark.capability("S2-03")
@pytest.mark.capability("S2-42")
async def test_schedule_on_behalf_needs_two_seats_and_a_calendar_that_syncs(db: str) -> None:
    account = await an_account()
    ines, piotr = await a_user(account, has_seat=False), await a_user(account, "Piotr Zima")
    new = a_new_meeting(host_id=piotr.id)
    with at():
        assert await refused(viewer_of(ines), new) == [(ErrorCode.SEAT_REQUIRED, ("host",))]
        ines.has_seat = True
        await CalendarAccount.filter(user_id=piotr.id).update(syncs=False)
        assert await refused(viewer_of(ines), new) == [(ErrorCode.CALENDAR_NOT_CONNECTED, ("host",))]
        await CalendarAccount.filter(user_id=piotr.id).update(syncs=True)
        await schedule(viewer_of(ines), new)
        ines.has_seat = False
        await schedule(viewer_of(ines), a_new_meeting())


@pytest.mark.capability("S2-29")
async def test_schedule_without_a_calendar_says_what_to_connect(db: str) -> None:
    ines = await a_user(await an_account())
    await CalendarAccount.all().delete()
    with at(), pytest.raises(Refused) as caught:
        await schedule(viewer_of(ines), a_new_meeting())
    assert [(one.code, one.message) for one in caught.value.complaints] == [
        (
            ErrorCode.CALENDAR_NOT_CONNECTED,
            f"{ines.name} has no calendar connected. Connect one under Settings > Calendars, then try again.",
        )
    ]


async def test_schedule_over_another_meeting_is_refused_unless_allowed(db: str) -> None:
    ines = await a_user(await an_account())
    with at():
        await a_meeting(ines, monday(9, 15))
        assert await refused(viewer_of(ines), a_new_meeting()) == [(ErrorCode.HOST_BUSY, ("startsAt",))]
        over = await scheduled(viewer_of(ines), a_new_meeting(allow_overlap=True))
        free = await scheduled(
            viewer_of(ines), a_new_meeting(starts_at=monday(12), ends_at=monday(13), allow_overlap=True)
        )
    flags = dict(await BusySpan.all().values_list("meeting_id", "is_overlap_allowed"))
    assert (flags[over.id], flags[free.id]) == (True, False)


@pytest.mark.capability("S2-33")
async def test_schedule_across_midnight(db: str) -> None:
    ines = await a_user(await an_account())
    with at():
        late = a_new_meeting(starts_at=monday(22), ends_at=monday(22) + timedelta(hours=4))
        meeting = await scheduled(viewer_of(ines), late)
    assert (meeting.starts_at, meeting.ends_at) == (monday(22), monday(2) + timedelta(days=1))


async def test_schedule_complains_of_everything_at_once(db: str) -> None:
    account = await an_account()
    ines, stranger = await a_user(account), await a_contact(await an_account())
    new = a_new_meeting(
        title=" ",
        ends_at=monday(9),
        time_zone="Mars/Base",
        attendees=(Expected(contact_id=stranger.id), Expected(address="nobody")),
        location=Location(LocationKind.CUSTOM, "x" * 501),
        meeting_type="DEMO",
        reminders=(LeadTime(1, "HOURS"),) * 4,
        associations=(Tie(contact_id=stranger.id),),
    )
    with at():
        assert sorted(await refused(viewer_of(ines), new)) == sorted(
            [
                (ErrorCode.TIME_RANGE_INVALID, ("endsAt",)),
                (ErrorCode.NOT_FOUND, ("associations", "0")),
                (ErrorCode.TOO_MANY_REMINDERS, ("reminders",)),
                (ErrorCode.NAME_REQUIRED, ("title",)),
                (ErrorCode.TIME_ZONE_INVALID, ("timeZone",)),
                (ErrorCode.NOT_FOUND, ("attendees", "0")),
                (ErrorCode.ATTENDEE_EMAIL_INVALID, ("attendees", "1")),
                (ErrorCode.TEXT_TOO_LONG, ("location", "text")),
                (ErrorCode.MEETING_TYPE_DISABLED, ("meetingType",)),
            ]
        )


@pytest.mark.capability("S2-26")
async def test_schedule_refuses_a_contact_that_no_invitation_can_reach(db: str) -> None:
    account = await an_account()
    ines, contact = await a_user(account), await a_contact(account, email="no-address")
    with at():
        assert await refused(viewer_of(ines), a_new_meeting(attendees=(Expected(contact_id=contact.id),))) == [
            (ErrorCode.ATTENDEE_EMAIL_INVALID, ("attendees", "0"))
        ]


async def test_schedule_refuses_what_is_over_and_what_never_ends(db: str) -> None:
    ines = await a_user(await an_account())
    with at():
        past = a_new_meeting(starts_at=NOW - timedelta(hours=2), ends_at=NOW - timedelta(hours=1))
        assert await refused(viewer_of(ines), past) == [(ErrorCode.TIME_IN_PAST, ("startsAt",))]
        endless = a_new_meeting(ends_at=monday(9) + timedelta(days=8))
        assert await refused(viewer_of(ines), endless) == [(ErrorCode.TIME_RANGE_INVALID, ("endsAt",))]
        await schedule(viewer_of(ines), a_new_meeting(starts_at=NOW - timedelta(minutes=5), ends_at=monday(9)))


async def test_schedule_says_which_limit_a_time_is_beyond(db: str) -> None:
    viewer = viewer_of(await a_user(await an_account()))
    far = datetime(2920, 1, 1, 10, tzinfo=UTC)
    for given, said in (
        ({"starts_at": far, "ends_at": far + timedelta(hours=1)}, "Calendars reach to the year 2200."),
        ({"ends_at": monday(9) + timedelta(days=8)}, "A meeting lasts at most 7 days."),
        ({"time_zone": ""}, "'' is not a time zone known here;"),
    ):
        with at(), pytest.raises(Refused) as caught:
            await schedule(viewer, a_new_meeting(**given))
        assert [one.message[: len(said)] for one in caught.value.complaints] == [said]


async def test_schedule_refuses_a_foreign_host_and_whoever_may_not(db: str) -> None:
    ines, stranger = await a_user(await an_account()), await a_user(await an_account())
    with at():
        assert await refused(viewer_of(ines), a_new_meeting(host_id=stranger.id)) == [(ErrorCode.NOT_FOUND, ("host",))]
        reader = a_program(ines.account_id, "meetings:read")
        assert await refused(reader, a_new_meeting(host_id=ines.id)) == [(ErrorCode.FORBIDDEN, ())]
        assert await refused(a_program(ines.account_id, "meetings:write"), a_new_meeting()) == [
            (ErrorCode.NOT_FOUND, ("host",))
        ]


@pytest.mark.capability("S2-10")
async def test_schedule_with_a_meeting_type_where_they_are_enabled(db: str) -> None:
    account = await an_account(meeting_types_enabled=True)
    ines = await a_user(account)
    demo = await MeetingType.create(account=account, key="DEMO", label="Demo")
    with at():
        assert (await scheduled(viewer_of(ines), a_new_meeting(meeting_type="DEMO"))).meeting_type_id == demo.id


@pytest.mark.capability("S2-18")
async def test_schedule_takes_the_accounts_reminders_unless_it_has_its_own(db: str) -> None:
    account = await an_account(reminders_by_default=True, default_reminders=[{"amount": 2, "unit": "HOURS"}])
    ines = await a_user(account)
    with at():
        await schedule(viewer_of(ines), a_new_meeting())
        await schedule(viewer_of(ines), a_new_meeting(starts_at=monday(12), ends_at=monday(13), reminders=()))
    assert await Job.filter(kind=JobKind.REMINDER_MAIL).values_list("run_at", flat=True) == [monday(7)]


@pytest.mark.capability("S2-40")
async def test_schedule_as_a_dry_run_writes_nothing_and_says_what_would_leave(db: str) -> None:
    account = await an_account()
    ines, contact = await a_user(account), await a_contact(account)
    new = a_new_meeting(attendees=(Expected(contact_id=contact.id),), reminders=(LeadTime(1, "DAYS"),), dry_run=True)
    with at():
        await a_meeting(ines, monday(9))
        before = await counts()
        result = await schedule(viewer_of(ines), replace(new, idempotency_key="x"))
        assert await counts() == before
    preview = result.preview
    assert preview is not None
    assert (preview.is_host_busy, preview.reminders_at) == (True, (monday(9) - timedelta(days=1),))
    assert (preview.facts.host, preview.facts.organizer, preview.facts.contact) == (ines, ines, contact)
    assert [one.email for one in preview.facts.attendees] == [ines.email, contact.email]


@pytest.mark.capability("S2-21")
@pytest.mark.capability("S2-22")
async def test_schedule_keeps_of_the_description_what_may_stand_in_a_mail(db: str) -> None:
    ines = await a_user(await an_account())
    text = '<p onclick="x()">Bring <b>plans</b></p><script>x()</script><a href="javascript:x()">a</a>'
    with at():
        meeting = await scheduled(viewer_of(ines), a_new_meeting(attendee_description=text))
        other = a_new_meeting(starts_at=monday(11), ends_at=monday(12), attendee_description="A < B\nand so on")
        plain = await scheduled(viewer_of(ines), other)
    assert meeting.attendee_description == ('<p>Bring <b>plans</b></p><a rel="noopener noreferrer nofollow">a</a>')
    assert plain.attendee_description == "A &lt; B<br>and so on"


@pytest.mark.capability("S2-33")
async def test_schedule_across_midnight_in_a_zone_of_its_own(db: str) -> None:
    ines = await a_user(await an_account())
    night = a_new_meeting(
        starts_at=monday(22, 30), ends_at=monday(23, 59) + timedelta(minutes=91), time_zone="Asia/Taipei"
    )
    with at():
        meeting = await scheduled(viewer_of(ines), night)
    assert (meeting.starts_at, meeting.ends_at) == (monday(22, 30), monday(22, 30) + timedelta(hours=3))
    assert meeting.time_zone == "Asia/Taipei"


@pytest.mark.capability("S2-10")
@pytest.mark.capability("S2-35")
async def test_schedule_with_a_type_only_while_the_account_uses_types(db: str) -> None:
    account = await an_account()
    ines = await a_user(account)
    kind = await MeetingType.create(account=account, key="DEMO", label="Demo")
    new = a_new_meeting(meeting_type="DEMO")
    with at():
        assert await refused(viewer_of(ines), new) == [(ErrorCode.MEETING_TYPE_DISABLED, ("meetingType",))]
        account.meeting_types_enabled = True
        await account.save()
        assert (await scheduled(viewer_of(ines), new)).meeting_type_id == kind.id
        kind.is_archived = True
        await kind.save()
        again = a_new_meeting(meeting_type="DEMO", starts_at=monday(12), ends_at=monday(13))
        assert await refused(viewer_of(ines), again) == [(ErrorCode.MEETING_TYPE_DISABLED, ("meetingType",))]


@pytest.mark.capability("S2-12")
@pytest.mark.capability("S2-15")
@pytest.mark.capability("S2-37")
@pytest.mark.parametrize("source", [MeetingSource.WEB, MeetingSource.MOBILE_IOS])
async def test_schedule_a_video_call_takes_an_account_under_the_same_address(db: str, source: MeetingSource) -> None:
    account = await an_account()
    ines = await a_user(account)
    new = a_new_meeting(location=Location(LocationKind.VIDEO), source=source)
    with at():
        assert await refused(viewer_of(ines), new) == [(ErrorCode.VIDEO_NOT_CONNECTED, ("location", "kind"))]
        video = await VideoAccount.create(account=account, user=ines, kind=VideoKind.ZOOM, email="ines@other.example")
        assert await refused(viewer_of(ines), new) == [(ErrorCode.VIDEO_EMAIL_MISMATCH, ("location", "kind"))]
        await VideoAccount.all().update(email=ines.email.upper())
        meeting = await scheduled(viewer_of(ines), new)
    assert (meeting.video_account_id, meeting.location_provider) == (video.id, "ZOOM")
    assert (meeting.location_kind, meeting.location_join_url) == (LocationKind.VIDEO, None)


@pytest.mark.capability("S2-38")
async def test_schedule_tells_colleagues_who_are_named_in_the_note(db: str) -> None:
    account = await an_account()
    ines, piotr = await a_user(account), await a_user(account, "Piotr Zima")
    stranger = await a_user(await an_account("Others"))
    with at():
        note = f"Ask @[usr_{piotr.id}]"
        meeting = await scheduled(viewer_of(ines), a_new_meeting(internal_note=note))
        foreign = a_new_meeting(internal_note=f"Ask @[usr_{stranger.id}]", starts_at=monday(11), ends_at=monday(12))
        assert await refused(viewer_of(ines), foreign) == [(ErrorCode.NOT_FOUND, ("internalNote",))]
    assert meeting.internal_notes == f'Ask <span data-mention="usr_{piotr.id}">@Piotr Zima</span>'
    told = await Job.filter(kind=JobKind.MENTION_MAIL).values_list("payload", flat=True)
    assert told == [{"user_id": piotr.id, "author": "Ines Marek"}]


@pytest.mark.capability("S2-46")
@pytest.mark.capability("S2-48")
async def test_schedule_by_rotation_counts_whoever_hosts_also_by_hand(db: str) -> None:
    account = await an_account()
    ines, piotr, ada = [await a_user(account, name) for name in ("Ines", "Piotr", "Ada")]
    rotation = await a_rotation(account, piotr, ada)
    with at():
        first = await scheduled(viewer_of(ines), a_new_meeting(rotation_id=rotation.id))
        later = {"starts_at": monday(12), "ends_at": monday(13), "rotation_id": rotation.id}
        second = await scheduled(viewer_of(ines), a_new_meeting(host_id=piotr.id, **later))
        third = await scheduled(viewer_of(ines), a_new_meeting(**later))
        assert await refused(viewer_of(ines), a_new_meeting(**later)) == [(ErrorCode.HOST_BUSY, ("rotation",))]
    assert [meeting.host_id for meeting in (first, second, third)] == [piotr.id, piotr.id, ada.id]
    assert await turns_of(rotation.id) == [(piotr.id, 2, 2), (ada.id, 1, 3)]
    assert first.organizer_id == ines.id
    assert [replayed(meeting.assignment_trace or []) for meeting in (first, second, third)] == [
        piotr.id,
        piotr.id,
        ada.id,
    ]


@pytest.mark.capability("S2-05")
async def test_schedule_in_a_sandbox_invites_its_own_users_only(db: str) -> None:
    account = await an_account(kind=AccountKind.SANDBOX)
    ines, piotr = await a_user(account), await a_user(account, "Piotr Zima")
    with at():
        new = a_new_meeting(attendees=(Expected(address="a@client.example"), Expected(address=piotr.email)))
        assert await refused(viewer_of(ines), new) == [(ErrorCode.SANDBOX_ONLY, ("attendees", "0"))]


async def test_schedule_again_with_the_same_key_gives_the_first_meeting(db: str) -> None:
    ines = await a_user(await an_account(), role=Role.ADMIN)
    new = a_new_meeting(idempotency_key="once")
    with at():
        first = await schedule(viewer_of(ines), new)
        assert await schedule(viewer_of(ines), new) == first
        assert await refused(viewer_of(ines), replace(new, title="Another")) == [
            (ErrorCode.IDEMPOTENCY_KEY_REUSED, ("idempotencyKey",))
        ]
