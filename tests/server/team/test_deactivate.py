"""Somebody leaves: their meetings, links, turns and sessions."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import groupby

import icalendar
import pytest

from server import clock, database, settings
from server.accounts.edit_user import reactivate_user
from server.accounts.password_tokens import send_password_link
from server.accounts.sessions import open_session
from server.accounts.viewer import Viewer
from server.changes.data_version import data_version
from server.deliveries.occasion import occasion_of
from server.errors import ErrorCode, Refused
from server.meetings.facts import meeting_facts
from server.models import (
    Account,
    ApiToken,
    Attendee,
    BusySpan,
    Change,
    Job,
    LinkMember,
    Meeting,
    MeetingLink,
    PasswordToken,
    Reminder,
    RotationMember,
    Session,
    User,
)
from server.models.enums import (
    AttendeeKind,
    BusySource,
    ChangeKind,
    JobKind,
    JobState,
    MeetingLinkKind,
    MeetingSource,
    ReminderState,
    Reply,
    Role,
)
from server.reminders.plan import LeadTime
from server.reminders.rows import plan_reminders
from server.team.deactivate import deactivate_user
from server.team.hand_over import hand_over_meetings
from server.worker import work_once
from tests.factories import a_busy_span, a_contact, a_link, a_meeting, a_user, an_account
from tests.server.booking.scene import a_rotation, turns_of
from tests.server.gateways.mail.receiving import Receiver, receiving
from tests.server.meetings.scene import viewer_of


class Team:
    """Ada administers, Leo leaves, Nora takes over, Ines works beside them."""

    account: Account
    ada: User
    leo: User
    nora: User
    ines: User

    @property
    def viewer(self) -> Viewer:
        return viewer_of(self.ada)


@pytest.fixture
async def team(db: str) -> Team:
    made = Team()
    made.account = await an_account()
    made.ada = await a_user(made.account, "Ada Admin", role=Role.ADMIN, password_hash="x")
    made.leo = await a_user(made.account, "Leo Leaver", password_hash="x")
    made.nora = await a_user(made.account, "Nora Next")
    made.ines = await a_user(made.account, "Ines Marek")
    return made


def in_hours(hours: float) -> datetime:
    return clock.now().replace(minute=0, second=0) + timedelta(days=3, hours=hours)


async def refusal_of(team: Team, user: User, to: User | None = None, viewer: Viewer | None = None) -> ErrorCode:
    with pytest.raises(Refused) as caught:
        await deactivate_user(viewer or team.viewer, user.id, hand_over_to=to.id if to else None)
    assert (await User.get(id=user.id)).is_active is True
    return caught.value.complaints[0].code


async def many_meetings(team: Team, count: int) -> list[Meeting]:
    """Half-hour meetings of Leo's, one after another, each with its own contact and a reminder the day before; booked
    and scheduled in turn, every tenth organized by Ines."""
    contacts = [await a_contact(team.account, f"Contact{number}", "Lis") for number in range(5)]
    made = []
    async with database.transaction():
        for number in range(count):
            meeting = await a_meeting(
                team.leo,
                in_hours(number / 2),
                contact=contacts[number % 5],
                title=f"Meeting {number}",
                source=MeetingSource.MEETING_LINK if number % 2 else MeetingSource.CRM,
                organizer_id=team.ines.id if number % 10 == 0 else team.leo.id,
            )
            await plan_reminders(meeting, [LeadTime(1, "DAYS")], rule="BOOKING", tz=meeting.time_zone)
            made.append(meeting)
    return made


async def test_two_hundred_meetings_keep_every_meeting_invitation_and_reminder(team: Team) -> None:
    meetings = await many_meetings(team, 200)
    past = await a_meeting(team.leo, clock.now() - timedelta(days=2), title="Past")
    canceled = await a_meeting(team.leo, in_hours(300), canceled_at=clock.now(), title="Canceled")
    taken = [await a_meeting(team.nora, in_hours(number / 2), title="Nora's own") for number in (3, 7)]
    reminders = await Reminder.all().order_by("id").values("id", "meeting_id", "due_at", "state")
    done = await deactivate_user(team.viewer, team.leo.id, hand_over_to=team.nora.id)
    assert (done.count, done.left, done.overlapping) == (200, 0, (meetings[3].id, meetings[7].id))
    now = await Meeting.filter(id__in=[one.id for one in meetings]).order_by("id")
    for before, after in zip(meetings, now, strict=True):
        organizer = team.ines.id if before.organizer_id == team.ines.id else team.nora.id
        assert (after.host_id, after.organizer_id) == (team.nora.id, organizer)
        kept = ("starts_at", "ends_at", "title", "contact_id", "ical_uid", "outcome_id", "canceled_at")
        assert [getattr(after, name) for name in kept] == [getattr(before, name) for name in kept]
        assert (after.ical_sequence, after.version) == (1, 2)
    spans = await BusySpan.filter(meeting_id__in=[one.id for one in meetings]).order_by("meeting_id")
    assert [(one.meeting_id, one.host_id, one.starts) for one in spans] == [
        (one.id, team.nora.id, int(one.starts_at.timestamp())) for one in meetings
    ]
    assert await BusySpan.filter(host_id=team.leo.id, ends__gt=clock.now_epoch()).count() == 0
    attending = await Attendee.filter(meeting_id__in=[one.id for one in meetings]).order_by("meeting_id", "id")
    for _, group in groupby(attending, lambda one: one.meeting_id):
        people = list(group)
        assert {(one.kind, one.user_id, one.reply) for one in people if one.user_id} == {
            (AttendeeKind.USER, team.nora.id, Reply.ACCEPTED)
        }
        assert [one.kind for one in people if one.user_id is None] == [AttendeeKind.CONTACT]
    assert await Reminder.all().order_by("id").values("id", "meeting_id", "due_at", "state") == reminders
    assert {one["state"] for one in reminders} == {ReminderState.PLANNED}
    assert await Job.filter(kind=JobKind.REMINDER_MAIL, state=JobState.WAITING).count() == 200
    promised = await Job.filter(kind__in=[JobKind.CONFIRMATION_MAIL, JobKind.HOST_NOTICE_MAIL]).order_by("id")
    said = [(one.meeting_id, one.kind.value, one.payload["kind"], one.payload["sequence"]) for one in promised]
    assert said == [
        (one.id, kind, what, 1)
        for one in meetings
        for kind, what in (
            ("CONFIRMATION_MAIL", "changed"),
            ("HOST_NOTICE_MAIL", "booked"),
            ("HOST_NOTICE_MAIL", "gone"),
        )
    ]
    assert (await Meeting.get(id=past.id)).host_id == team.leo.id
    assert (await Meeting.get(id=canceled.id)).host_id == team.leo.id
    assert {one.host_id for one in await Meeting.filter(id__in=[own.id for own in taken])} == {team.nora.id}
    assert await Change.filter(meeting_id__in=[one.id for one in meetings]).count() == 200


async def test_calendars_of_all_sides_follow(team: Team, in_use: settings.Settings) -> None:
    contact = await a_contact(team.account)
    meeting = await a_meeting(team.leo, in_hours(0), contact=contact)
    await deactivate_user(team.viewer, team.leo.id, hand_over_to=team.nora.id)
    async with receiving() as post:
        settings.use(in_use.model_copy(update={"smtp_url": post.url}))
        for _ in range(4):
            await work_once()
    assert sorted(_events(post)) == sorted(
        [
            (contact.email, "REQUEST", meeting.ical_uid, 1, team.nora.email),
            (team.nora.email, "REQUEST", meeting.ical_uid, 1, team.nora.email),
            (team.leo.email, "CANCEL", meeting.ical_uid, 1, team.leo.email),
        ]
    )


def _events(post: Receiver) -> list[tuple[str, str, str, int, str]]:
    found = []
    for mail in post.mails:
        (part,) = [one for one in mail.walk() if one.get_content_type() == "text/calendar"][:1]
        calendar = icalendar.Calendar.from_ical(part.get_payload(decode=True))  # type: ignore[arg-type]  # bytes
        event = calendar.walk("VEVENT")[0]
        to = str(mail["To"]).partition("<")[2].rstrip(">")
        organizer = str(event["ORGANIZER"]).removeprefix("mailto:")
        found.append((to, str(calendar["METHOD"]), str(event["UID"]), int(event["SEQUENCE"]), organizer))
    return found


async def test_whoever_left_is_out_at_once_and_may_come_back(team: Team) -> None:
    async with database.transaction():
        await open_session(team.leo)
        await send_password_link(team.leo, is_invitation=False)
    await ApiToken.create(account=team.account, user=team.leo, name="x", digest="d", scopes=["meetings:read"])
    version = await data_version(team.account.id)
    await deactivate_user(team.viewer, team.leo.id)
    assert await data_version(team.account.id) == version + 1
    leo = await User.get(id=team.leo.id)
    assert (leo.is_active, leo.deactivated_at is not None) == (False, True)
    assert (await Session.get()).end_reason == "DEACTIVATED"
    assert (await ApiToken.get()).revoked_at is not None
    assert await PasswordToken.all().count() == 0
    await reactivate_user(team.viewer, team.leo.id)
    leo = await User.get(id=team.leo.id)
    assert (leo.is_active, leo.deactivated_at) == (True, None)


async def test_nobody_is_lost_or_left_alone(team: Team) -> None:
    await a_meeting(team.leo, in_hours(0))
    assert await refusal_of(team, team.leo) is ErrorCode.CONFLICT
    assert await refusal_of(team, team.ada, team.nora) is ErrorCode.CONFLICT
    assert await refusal_of(team, team.leo, team.leo) is ErrorCode.CONFLICT
    assert await refusal_of(team, team.leo, team.nora, viewer_of(team.ines)) is ErrorCode.FORBIDDEN
    stranger = await a_user(await an_account("Other"), "Else", role=Role.ADMIN)
    assert await refusal_of(team, team.leo, stranger) is ErrorCode.NOT_FOUND
    assert await refusal_of(team, team.leo, team.nora, viewer_of(stranger)) is ErrorCode.NOT_FOUND
    no_seat = await a_user(team.account, "Noah Seatless", has_seat=False)
    assert await refusal_of(team, team.leo, no_seat) is ErrorCode.SEAT_REQUIRED


async def test_two_administrators_who_put_each_other_out_do_not_both_leave(team: Team) -> None:
    other = await a_user(team.account, "Otto Admin", role=Role.ADMIN, password_hash="x")
    told = await asyncio.gather(
        deactivate_user(team.viewer, other.id), deactivate_user(viewer_of(other), team.ada.id), return_exceptions=True
    )
    assert sorted(isinstance(one, Refused) for one in told) == [False, True]
    assert await User.filter(account=team.account, role=Role.ADMIN, is_active=True).count() == 1


@pytest.mark.parametrize("with_successor", [True, False])
async def test_links_and_turns_go_on(team: Team, with_successor: bool) -> None:
    own = await a_link(team.leo, "Leo's call", is_default=True)
    group = await a_link(team.ines, "All of us", kind=MeetingLinkKind.GROUP)
    alone = await a_link(team.ines, "Leo only", kind=MeetingLinkKind.GROUP)
    for link, members in ((group, (team.leo, team.ines)), (alone, (team.leo,))):
        for position, user in enumerate(members):
            await LinkMember.create(link=link, user=user, position=position)
    shared, lone = await a_rotation(team.account, team.leo, team.ines), await a_rotation(team.account, team.leo)
    await deactivate_user(team.viewer, team.leo.id, hand_over_to=team.nora.id if with_successor else None)
    own, group, alone = [await MeetingLink.get(id=one.id) for one in (own, group, alone)]
    hosts = {
        link.id: set(await LinkMember.filter(link_id=link.id).values_list("user_id", flat=True))
        for link in (group, alone)
    }
    turns = {
        rotation.id: set(
            await RotationMember.filter(rotation_id=rotation.id, left_at=None).values_list("user_id", flat=True)
        )
        for rotation in (shared, lone)
    }
    if with_successor:
        assert (own.owner_id, own.is_active, own.is_default, own.retired_at) == (team.nora.id, True, False, None)
        assert hosts == {group.id: {team.nora.id, team.ines.id}, alone.id: {team.nora.id}}
        assert alone.is_active is True
        assert turns == {shared.id: {team.ines.id}, lone.id: {team.nora.id}}
    else:
        assert (own.owner_id, own.is_active, own.retired_at is not None) == (team.leo.id, False, True)
        assert hosts == {group.id: {team.ines.id}, alone.id: set()}
        assert (group.is_active, alone.is_active) == (True, False)
        assert turns == {shared.id: {team.ines.id}, lone.id: set()}


async def test_turn_is_counted_for_whoever_takes_over(team: Team) -> None:
    rotation = await a_rotation(team.account, team.leo, team.nora, assigned=2)
    await a_meeting(team.leo, in_hours(0), rotation=rotation)
    await hand_over_meetings(team.viewer, team.leo.id, team.nora.id)
    assert await turns_of(rotation.id) == [(team.leo.id, 1, 0), (team.nora.id, 3, 1)]


async def test_place_in_a_meeting_of_several_is_taken_too(team: Team) -> None:
    meeting = await a_meeting(team.ines, in_hours(0))
    await a_busy_span(team.leo, meeting)
    await Attendee.create(
        account=team.account, meeting=meeting, kind=AttendeeKind.USER, user=team.leo, name="Leo", email=team.leo.email
    )
    done = await hand_over_meetings(team.viewer, team.leo.id, team.nora.id)
    assert (done.count, done.overlapping) == (1, ())
    hosts = await BusySpan.filter(meeting_id=meeting.id, source=BusySource.MEETING).values_list("host_id", flat=True)
    people = await Attendee.filter(meeting_id=meeting.id).values_list("user_id", flat=True)
    assert (set(hosts), set(people)) == ({team.ines.id, team.nora.id}, {team.ines.id, team.nora.id})
    assert (await Meeting.get(id=meeting.id)).host_id == team.ines.id
    told = await Job.filter(meeting_id=meeting.id, kind__not=JobKind.REMINDER_MAIL).order_by("id")
    assert [(one.kind, one.payload["kind"], one.payload["sequence"]) for one in told] == [
        (JobKind.CONFIRMATION_MAIL, "changed", 1),
        (JobKind.HOST_NOTICE_MAIL, "changed", 1),
        (JobKind.CONFIRMATION_MAIL, "gone", 1),
    ]
    assert [one["email"] for one in told[2].payload["to"]] == [team.leo.email]
    logged = await Change.filter(meeting_id=meeting.id)
    assert [(one.kind, one.data, one.actor) for one in logged] == [
        (ChangeKind.MEETING_EDITED, {"fields": ["attendees"]}, f"user:{team.ada.id}")
    ]


async def test_meetings_of_others_that_they_arranged_are_organized_by_their_hosts(team: Team) -> None:
    meeting = await a_meeting(team.ines, in_hours(0), organizer_id=team.leo.id)
    await deactivate_user(team.viewer, team.leo.id)
    now = await Meeting.get(id=meeting.id)
    assert (now.host_id, now.organizer_id, now.ical_sequence) == (team.ines.id, team.ines.id, 1)


async def test_own_meetings_may_be_handed_over_and_a_colleagues_not(team: Team) -> None:
    meeting = await a_meeting(team.leo, in_hours(0))
    leo = replace(viewer_of(team.leo), session_id=1)
    with pytest.raises(Refused) as caught:
        await hand_over_meetings(replace(viewer_of(team.ines), session_id=2), team.leo.id, team.nora.id)
    assert caught.value.complaints[0].code is ErrorCode.FORBIDDEN
    first = await hand_over_meetings(leo, team.leo.id, team.nora.id, idempotency_key="k")
    assert await hand_over_meetings(leo, team.leo.id, team.nora.id, idempotency_key="k") == first
    assert (first.count, (await Meeting.get(id=meeting.id)).version) == (1, 2)
    facts = await meeting_facts(meeting.id)
    gone = await Job.filter(meeting_id=meeting.id, kind=JobKind.HOST_NOTICE_MAIL).order_by("-id").first()
    assert gone is not None
    assert occasion_of(gone, facts).kind == "gone"
