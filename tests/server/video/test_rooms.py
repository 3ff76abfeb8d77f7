"""The room of a meeting over video, from the promise to the link in everybody's calendar."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import Any

import pytest

from server import clock
from server.booking.book import Booking, book
from server.booking.cancel import cancel as cancel_booking
from server.booking.manage_link import manage_token_of
from server.booking.reschedule import reschedule
from server.deliveries.retry import retry_delivery
from server.meetings.cancel import cancel
from server.meetings.delete import delete
from server.meetings.edit import MeetingEdit, edit
from server.meetings.expected import Expected
from server.meetings.schedule import Location, NewMeeting, schedule
from server.models import Change, Job, Meeting, MeetingLink, User
from server.models.enums import ChangeKind, JobKind, JobState, LocationKind, MeetingLinkKind, MeetingSource
from server.video.accounts import NewVideoAccount, connect_video
from tests.factories import a_link
from tests.server.booking.scene import a_rotation
from tests.server.video.conftest import Cast, signed_in

ALL_DAY = {str(weekday): [[0, 1440]] for weekday in range(7)}
LINK = "https://rooms.example/room-1"


def in_days(days: int) -> datetime:
    return (clock.now() + timedelta(days=days)).replace(minute=0, second=0)


async def a_video_meeting(cast: Cast, host: User | None = None, **fields: Any) -> Meeting:
    given: dict[str, Any] = {
        "title": "Roof plans",
        "starts_at": in_days(2),
        "ends_at": in_days(2) + timedelta(minutes=30),
        "attendees": (Expected(contact_id=cast.contact.id),),
        "location": Location(LocationKind.VIDEO),
        "source": MeetingSource.MOBILE_IOS,
    }
    done = await schedule(signed_in(host or cast.ines), NewMeeting(**(given | fields)))
    return await Meeting.get(id=done.meeting_id)


async def a_video_link(host: User, **fields: Any) -> MeetingLink:
    return await a_link(host, location_kind=LocationKind.VIDEO, weekly_hours=ALL_DAY, **fields)


async def a_booked_meeting(link: MeetingLink, days: int = 2) -> Meeting:
    booked = await book(
        Booking(slug=link.slug, starts_at=in_days(days), email="tomasz@client.example", first_name="Tomasz")
    )
    return await Meeting.get(id=booked.meeting_id)


def calendar_of(mail: EmailMessage) -> str:
    """The invitation inside a mail, its long lines put together again."""
    part = next(one for one in mail.walk() if one.get_content_type() == "text/calendar")
    text = part.get_payload(decode=True)
    assert isinstance(text, bytes)
    return text.decode().replace("\r\n ", "")


def sequence_of(mail: EmailMessage) -> int:
    return int(calendar_of(mail).partition("SEQUENCE:")[2].split()[0])


def mails_to(cast: Cast, address: str) -> list[EmailMessage]:
    return [mail for mail in cast.post.mails if address in str(mail["To"])]


@pytest.mark.capability("S2-13")
@pytest.mark.capability("S2-14")
@pytest.mark.capability("S2-37")
async def test_meeting_scheduled_on_a_phone_has_a_room_whose_link_is_in_the_first_mails(cast: Cast) -> None:
    account = await cast.connect(cast.ines)
    meeting = await a_video_meeting(cast)
    assert (meeting.location_join_url, meeting.location_provider) == (None, "EXTENSION")
    await cast.until_quiet()
    with clock.travel(clock.now() + timedelta(seconds=5)):
        await cast.until_quiet()
    now = await Meeting.get(id=meeting.id)
    assert (now.location_join_url, now.ical_sequence, now.version) == (LINK, 0, 1)
    (asked,) = cast.service.asked
    stamp = "%Y-%m-%dT%H:%M:%SZ"
    assert (asked["type"], asked["data"]) == (
        "room.create",
        {
            "meeting": {
                "id": f"mtg_{meeting.id}",
                "title": "Roof plans",
                "startsAt": meeting.starts_at.strftime(stamp),
                "endsAt": meeting.ends_at.strftime(stamp),
                "timeZone": "Europe/Warsaw",
            },
            "host": {"name": "Ines Marek", "email": cast.ines.email},
            "account": {"id": account.external_id},
        },
    )
    assert cast.service.keys == [f"mtg_{meeting.id}.1.create"]
    mails = cast.post.mails
    assert sorted(str(mail["To"]).partition("<")[2][:-1] for mail in mails) == sorted(
        [cast.contact.email, cast.ines.email]
    )
    assert all(LINK in calendar_of(mail) and sequence_of(mail) == 0 for mail in mails)
    assert await Change.filter(meeting_id=meeting.id).order_by("number").values_list("kind", "actor") == [
        (ChangeKind.MEETING_SCHEDULED, f"user:{cast.ines.id}"),
        (ChangeKind.MEETING_EDITED, "system"),
    ]


@pytest.mark.capability("S2-13")
async def test_room_that_is_late_follows_in_one_more_mail_with_a_higher_sequence(cast: Cast) -> None:
    await cast.connect(cast.ines)
    cast.service.answers.extend([503, 503, 503])
    meeting = await a_video_meeting(cast)
    await cast.until_quiet()
    assert cast.post.mails == []
    start = clock.now()
    for seconds in (3, 8, 12, 20, 40):
        with clock.travel(start + timedelta(seconds=seconds)):
            await cast.until_quiet()
    now = await Meeting.get(id=meeting.id)
    assert (now.location_join_url, now.ical_sequence, now.version) == (LINK, 1, 1)
    assert len(set(cast.service.keys)) == 1
    assert len(cast.service.rooms) == 1
    for address in (cast.contact.email, cast.ines.email):
        first, second = mails_to(cast, address)
        assert (sequence_of(first), sequence_of(second)) == (0, 1)
        assert LINK not in calendar_of(first)
        assert LINK in calendar_of(second)


@pytest.mark.capability("S2-14")
async def test_service_that_refuses_never_loses_the_meeting_and_its_host_is_told(cast: Cast) -> None:
    await cast.connect(cast.ines)
    cast.service.answers.extend([422])
    meeting = await a_video_meeting(cast)
    await cast.until_quiet()
    with clock.travel(clock.now() + timedelta(seconds=5)):
        await cast.until_quiet()
    assert await cast.rooms_of(meeting) == [(JobState.DEAD, "answered 422 Not today")]
    assert await Change.filter(meeting_id=meeting.id, kind=ChangeKind.DELIVERY_FAILED).count() == 1
    subjects = [str(mail["Subject"]) for mail in mails_to(cast, cast.ines.email)]
    assert [subject.partition(":")[0] for subject in subjects] == ["Scheduled", "No video room yet"]
    dead = await Job.get(meeting_id=meeting.id, kind=JobKind.VIDEO_ROOM)
    await retry_delivery(cast.viewer, dead.id)
    await cast.until_quiet()
    now = await Meeting.get(id=meeting.id)
    assert (now.location_join_url, now.ical_sequence) == (LINK, 1)


async def test_service_that_is_away_until_the_meeting_is_given_up_in_time(cast: Cast) -> None:
    await cast.connect(cast.ines)
    cast.service.answers.extend([503] * 3)
    starts_at = clock.now() + timedelta(minutes=11)
    meeting = await a_video_meeting(cast, starts_at=starts_at, ends_at=starts_at + timedelta(minutes=30))
    await cast.until_quiet()
    assert (await cast.rooms_of(meeting))[0][0] is JobState.WAITING
    with clock.travel(clock.now() + timedelta(seconds=70)):
        await cast.until_quiet()
    assert await cast.rooms_of(meeting) == [(JobState.DEAD, "answered 503 Not today; the meeting is about to begin")]


@pytest.mark.parametrize(
    "said",
    [
        "<html>",
        [],
        {"id": "x"},
        {"id": "", "joinUrl": LINK},
        {"id": "x", "joinUrl": "javascript:alert(1)"},
        {"id": "x", "joinUrl": "http://rooms.example/1"},
        {"id": "x", "joinUrl": "https://rooms.example/" + "x" * 1000},
        {"id": "x", "joinUrl": LINK, "more": "x" * 70_000},
    ],
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_answer_that_is_no_room_is_not_taken(cast: Cast, said: Any) -> None:
    await cast.connect(cast.ines)
    cast.service.said = said
    meeting = await a_video_meeting(cast)
    await cast.until_quiet()
    assert [state for state, _ in await cast.rooms_of(meeting)] == [JobState.DEAD]
    assert (await Meeting.get(id=meeting.id)).location_join_url is None


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_redirect_is_not_followed(cast: Cast) -> None:
    await cast.connect(cast.ines)
    cast.service.answers.append(307)
    cast.service.extra = f"location: {cast.service.url}/create\r\n"
    meeting = await a_video_meeting(cast)
    await cast.until_quiet()
    assert (await cast.rooms_of(meeting), len(cast.service.asked)) == ([(JobState.DEAD, "answered 307 Not today")], 1)


async def test_room_is_told_of_what_changes_and_of_nothing_else(cast: Cast) -> None:
    await cast.connect(cast.ines)
    meeting = await a_video_meeting(cast)
    await cast.until_quiet()
    await edit(cast.viewer, MeetingEdit(meeting.id, internal_note="For us"))
    await cast.until_quiet()
    assert cast.service.types == ["room.create"]
    later = meeting.starts_at + timedelta(days=1)
    await edit(cast.viewer, MeetingEdit(meeting.id, title="Roof plans, second look", starts_at=later))
    await cast.until_quiet()
    assert cast.service.types == ["room.create", "room.update"]
    assert cast.service.keys[-1] == f"mtg_{meeting.id}.3.update"
    (room,) = cast.service.rooms.values()
    assert (room["title"], room["startsAt"]) == ("Roof plans, second look", later.strftime("%Y-%m-%dT%H:%M:%SZ"))
    now = await Meeting.get(id=meeting.id)
    assert (now.location_join_url, now.ical_sequence) == (LINK, 1)


async def test_room_is_told_of_the_time_that_a_visitor_chooses(cast: Cast) -> None:
    await cast.connect(cast.ines)
    meeting = await a_booked_meeting(await a_video_link(cast.ines))
    await cast.until_quiet()
    later = in_days(3)
    await reschedule(manage_token_of(meeting), starts_at=later)
    await cast.until_quiet()
    assert cast.service.types == ["room.create", "room.update"]
    (room,) = cast.service.rooms.values()
    assert room["startsAt"] == later.strftime("%Y-%m-%dT%H:%M:%SZ")


async def test_room_that_moves_with_the_meeting_sends_its_new_link(cast: Cast) -> None:
    await cast.connect(cast.ines)
    meeting = await a_video_meeting(cast)
    await cast.until_quiet()
    cast.service.moves_rooms = True
    await edit(cast.viewer, MeetingEdit(meeting.id, starts_at=meeting.starts_at + timedelta(days=1)))
    await cast.until_quiet()
    now = await Meeting.get(id=meeting.id)
    assert (now.location_join_url, now.ical_sequence) == (f"{LINK}-moved", 2)


async def test_room_that_the_service_has_lost_is_made_again(cast: Cast) -> None:
    await cast.connect(cast.ines)
    meeting = await a_video_meeting(cast)
    await cast.until_quiet()
    cast.service.rooms.clear()
    await edit(cast.viewer, MeetingEdit(meeting.id, title="Again"))
    await cast.until_quiet()
    assert cast.service.types == ["room.create", "room.update", "room.create"]
    assert (await Meeting.get(id=meeting.id)).location_join_url == "https://rooms.example/room-2"


async def test_service_with_one_address_makes_rooms_and_is_asked_nothing_else(cast: Cast) -> None:
    extension = cast.extension
    extension.update_url = extension.delete_url = extension.verify_url = extension.accounts_url = ""
    await extension.save()
    await connect_video(cast.viewer, NewVideoAccount(extension.id))
    meeting = await a_video_meeting(cast)
    await cast.until_quiet()
    await edit(cast.viewer, MeetingEdit(meeting.id, title="Other"))
    await cast.until_quiet()
    await cancel(cast.viewer, meeting.id)
    await cast.until_quiet()
    assert cast.service.types == ["room.create"]


@pytest.mark.parametrize("way", ["cancel", "delete", "elsewhere", "visitor"])
async def test_room_is_given_back(cast: Cast, way: str) -> None:
    await cast.connect(cast.ines)
    if way == "visitor":
        meeting = await a_booked_meeting(await a_video_link(cast.ines))
    else:
        meeting = await a_video_meeting(cast)
    await cast.until_quiet()
    assert (await Meeting.get(id=meeting.id)).location_join_url == LINK
    acts = {
        "cancel": lambda: cancel(cast.viewer, meeting.id),
        "delete": lambda: delete(cast.viewer, meeting.id),
        "elsewhere": lambda: edit(
            cast.viewer, MeetingEdit(meeting.id, location=Location(LocationKind.PHONE, "+48 600 100 200"))
        ),
        "visitor": lambda: cancel_booking(manage_token_of(meeting)),
    }
    await acts[way]()
    await cast.until_quiet()
    now = await Meeting.get(id=meeting.id)
    assert (cast.service.rooms, now.location_join_url, now.video_room) == ({}, None, None)
    assert cast.service.types == ["room.create", "room.delete"]


async def test_meeting_canceled_while_its_room_is_made_leaves_no_room(cast: Cast) -> None:
    await cast.connect(cast.ines)
    cast.service.answers.append(503)
    meeting = await a_video_meeting(cast)
    await cast.until_quiet()
    await cancel(cast.viewer, meeting.id)
    with clock.travel(clock.now() + timedelta(seconds=5)):
        await cast.until_quiet()
    assert (cast.service.types, cast.service.rooms) == (["room.create"], {})
    assert await cast.rooms_of(meeting) == [(JobState.DONE, "no longer wanted")]


@pytest.mark.parametrize(("way", "rooms"), [("canceled", []), ("another account", ["room-2"])])
async def test_room_that_is_wanted_no_more_when_it_comes_is_given_back(cast: Cast, way: str, rooms: list[str]) -> None:
    await cast.connect(cast.ines, "one")
    other = await connect_video(cast.viewer, NewVideoAccount(cast.extension.id, external_id="two"))
    meeting = await a_video_meeting(cast)
    place = Location(LocationKind.VIDEO, "", other)
    acts: dict[str, Callable[[], Awaitable[object]]] = {
        "canceled": lambda: cancel(cast.viewer, meeting.id),
        "another account": lambda: edit(cast.viewer, MeetingEdit(meeting.id, location=place)),
    }
    cast.service.meanwhile = acts[way]
    await cast.until_quiet()
    assert list(cast.service.rooms) == rooms
    found = (await Meeting.get(id=meeting.id)).location_join_url
    assert found == (f"https://rooms.example/{rooms[0]}" if rooms else None)


@pytest.mark.capability("S2-13")
async def test_meeting_booked_through_a_link_has_a_room(cast: Cast) -> None:
    await cast.connect(cast.ines)
    meeting = await a_booked_meeting(await a_video_link(cast.ines))
    await cast.until_quiet()
    with clock.travel(clock.now() + timedelta(seconds=5)):
        await cast.until_quiet()
    assert (await Meeting.get(id=meeting.id)).location_join_url == LINK
    (mail,) = mails_to(cast, "tomasz@client.example")
    assert LINK in calendar_of(mail)


@pytest.mark.capability("S2-47")
async def test_move_to_another_host_changes_the_room_to_theirs(cast: Cast) -> None:
    first, second = cast.ines, cast.admin
    await cast.connect(first, "ines-1")
    await cast.connect(second, "ada-1")
    rotation = await a_rotation(cast.account, first, second)
    link = await a_video_link(first, kind=MeetingLinkKind.ROUND_ROBIN, rotation=rotation)
    meeting = await a_booked_meeting(link)
    await cast.until_quiet()
    assert meeting.host_id == first.id
    busy = await a_video_meeting(cast, starts_at=in_days(3), ends_at=in_days(3) + timedelta(hours=1), attendees=())
    await reschedule(manage_token_of(meeting), starts_at=in_days(3))
    await cast.until_quiet()
    now = await Meeting.get(id=meeting.id).select_related("video_account")
    assert now.host_id == second.id
    assert now.video_account is not None
    assert now.video_account.external_id == "ada-1"
    assert sorted(one["id"] for one in cast.service.rooms.values()) == sorted([f"mtg_{meeting.id}", f"mtg_{busy.id}"])
    asked = [
        (one["type"], one["data"].get("account")) for one in cast.service.asked if f"mtg_{busy.id}" not in str(one)
    ]
    assert asked == [("room.create", {"id": "ines-1"}), ("room.delete", None), ("room.create", {"id": "ada-1"})]


async def test_visitor_books_although_the_host_has_no_account_and_the_room_follows_it(cast: Cast) -> None:
    meeting = await a_booked_meeting(await a_video_link(cast.ines))
    await cast.until_quiet()
    (mail,) = mails_to(cast, "tomasz@client.example")
    assert "rooms.example" not in calendar_of(mail)
    await connect_video(cast.viewer, NewVideoAccount(cast.extension.id))
    await cast.until_quiet()
    with clock.travel(clock.now() + timedelta(seconds=5)):
        await cast.until_quiet()
    now = await Meeting.get(id=meeting.id)
    assert (now.location_join_url, now.ical_sequence) == (LINK, 1)
    assert LINK in calendar_of(mails_to(cast, "tomasz@client.example")[-1])


async def test_host_chooses_among_several_accounts(cast: Cast) -> None:
    await cast.connect(cast.ines, "one")
    other = await connect_video(cast.viewer, NewVideoAccount(cast.extension.id, external_id="two"))
    meeting = await a_video_meeting(cast, location=Location(LocationKind.VIDEO, "", other))
    assert meeting.video_account_id == other
    await cast.until_quiet()
    await edit(cast.viewer, MeetingEdit(meeting.id, location=Location(LocationKind.VIDEO)))
    assert (await Meeting.get(id=meeting.id)).video_account_id == other
