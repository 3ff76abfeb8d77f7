"""A user's meetings, subscribed to by a calendar program."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import httpx
import icalendar
import ics
import pytest
import vobject
from starlette.applications import Starlette

from server import clock, database, settings
from server.account_settings.edit import AccountChanges, edit_account
from server.accounts.calendar_feed import feed_url, renew_feed
from server.accounts.edit_user import reactivate_user
from server.accounts.profile import ProfileChanges, edit_profile
from server.accounts.viewer import Viewer
from server.booking.manage_link import manage_token_of
from server.changes.data_version import raise_data_version
from server.database import connection
from server.links.edit import edit_link
from server.links.settings import LinkSettings
from server.meetings.delete import delete
from server.meetings.edit import MeetingEdit, edit
from server.meetings.notes import add_internal_note
from server.meetings.replies import reply
from server.meetings.schedule import schedule
from server.models import Attendee, Change, Meeting, MeetingLink, User
from server.models.enums import AttendeeKind, ChangeKind, LocationKind, Reply, Role
from server.team.deactivate import deactivate_user
from server.web import calendar_feed
from tests.factories import a_contact, a_link, a_meeting, a_user, an_account
from tests.resolvers.asking import viewer_for
from tests.server.attachments.scene import an_attachment
from tests.server.meetings.scene import a_new_meeting, viewer_of

NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)
NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)


@pytest.fixture
async def program() -> AsyncIterator[httpx.AsyncClient]:
    """A calendar program, at the time of the story."""
    transport = httpx.ASGITransport(app=Starlette(routes=calendar_feed.routes()))
    async with httpx.AsyncClient(transport=transport, base_url="http://parley") as client:
        with clock.travel(NOW):
            yield client


async def path_of(user: User) -> str:
    """Where the user's feed is at present."""
    kept = await User.get(id=user.id)
    return feed_url(kept.id, kept.feed_seed).removeprefix(settings.current().public_url)


async def titles(program: httpx.AsyncClient, user: User) -> list[str]:
    return [str(event["SUMMARY"]) for event in events_in(await program.get(await path_of(user)))]


def events_in(answer: httpx.Response) -> list[Any]:
    assert answer.status_code == 200
    return list(icalendar.Calendar.from_ical(answer.content).walk("VEVENT"))


async def attended_by(meeting: Meeting, user: User) -> None:
    await Attendee.create(
        account_id=meeting.account_id,
        meeting=meeting,
        kind=AttendeeKind.USER,
        user=user,
        name=user.name,
        email=user.email,
        reply=Reply.ACCEPTED,
    )


async def _ada_accepts(ada: Viewer, ines: User, meeting: Meeting, link: MeetingLink) -> None:
    await reply(ada, meeting.id, Reply.TENTATIVE)


async def _held_elsewhere(ada: Viewer, ines: User, meeting: Meeting, link: MeetingLink) -> None:
    async with database.transaction():
        await raise_data_version(ada.account_id)


async def _another_is_booked(ada: Viewer, ines: User, meeting: Meeting, link: MeetingLink) -> None:
    starts_at = NOON + timedelta(hours=2)
    await schedule(ada, a_new_meeting(host_id=ines.id, starts_at=starts_at, ends_at=starts_at + timedelta(hours=1)))


async def _ines_is(ines: User, changes: ProfileChanges) -> None:
    await edit_profile(viewer_for(ines, session_id=1), changes)


# What a feed shows, and what it does not.
ACTS: list[Callable[[Viewer, User, Meeting, MeetingLink], Awaitable[object]]] = [
    _ada_accepts,
    _held_elsewhere,
    _another_is_booked,
    lambda ada, ines, meeting, link: edit(ada, MeetingEdit(meeting.id, title="Roof plans")),
    lambda ada, ines, meeting, link: edit(ada, MeetingEdit(meeting.id, attendee_description="Bring them")),
    lambda ada, ines, meeting, link: edit_account(ada, AccountChanges(sender_name="Linden & Co")),
    lambda ada, ines, meeting, link: edit_account(ada, AccountChanges(accent_color="#074c3f")),
    lambda ada, ines, meeting, link: edit_profile(viewer_for(ines, session_id=1), ProfileChanges(name="Ines Lis")),
    lambda ada, ines, meeting, link: edit_profile(viewer_for(ines, session_id=1), ProfileChanges(locale="pl")),
    lambda ada, ines, meeting, link: edit_profile(
        viewer_for(ines, session_id=1), ProfileChanges(job_title="Architect")
    ),
    lambda ada, ines, meeting, link: edit_link(ada, link.id, LinkSettings(shows_manage_links=False)),
    lambda ada, ines, meeting, link: edit_link(ada, link.id, LinkSettings(increment_minutes=20)),
    lambda ada, ines, meeting, link: add_internal_note(ada, meeting.id, "Nothing that others read"),
]


@contextmanager
def counted(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The statements that are sent inside the block."""
    sent: list[str] = []
    client = type(connection.client())
    with monkeypatch.context() as patch:
        for name in ("read", "execute_query"):
            original = getattr(client, name)

            async def noted(self: Any, sql: str, *rest: Any, original: Any = original) -> Any:
                sent.append(sql)
                return await original(self, sql, *rest)

            patch.setattr(client, name, noted)
        yield sent


@pytest.mark.capability("S1-33")
async def test_a_feed_says_of_a_meeting_what_its_invitation_says(db: str, program: httpx.AsyncClient) -> None:
    account = await an_account("Linden & Co")
    ines = await a_user(account, "Ines Marek", email="ines@linden.example")
    tomasz = await a_contact(account, email="tomasz@client.example")
    meeting = await a_meeting(
        ines,
        NOON,
        contact=tomasz,
        link=await a_link(ines, shows_manage_links=False),
        title="Roof, next steps",
        location_kind=LocationKind.VIDEO,
        location_join_url="https://rooms.example.com/7",
        attendee_description="<p>Bring <b>plans</b></p>",
        ical_sequence=3,
        ical_uid="5b0f",
    )
    changed_at = NOW - timedelta(hours=2)
    given = {"kind": ChangeKind.MEETING_EDITED, "occurred_at": changed_at, "actor": "system"}
    await Change.create(account=account, number=1, meeting=meeting, **given)
    answer = await program.get(await path_of(ines))
    assert answer.text.replace("\r\n ", "").splitlines() == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Parley//Meetings//EN",
        "CALSCALE:GREGORIAN",
        "NAME:Ines Marek\\, Linden & Co",
        "X-WR-CALNAME:Ines Marek\\, Linden & Co",
        "REFRESH-INTERVAL;VALUE=DURATION:PT30M",
        "X-PUBLISHED-TTL:PT30M",
        "BEGIN:VEVENT",
        "SUMMARY:Roof\\, next steps",
        "DTSTART:20261125T120000Z",
        "DTEND:20261125T123000Z",
        "DTSTAMP:20261124T060000Z",
        "UID:5b0f",
        "SEQUENCE:3",
        'ATTENDEE;CN="Ines Marek";CUTYPE=INDIVIDUAL;PARTSTAT=ACCEPTED;ROLE=REQ-PARTICIPANT;RSVP=FALSE'
        ":mailto:ines@linden.example",
        'ATTENDEE;CN="Tomasz Lis";CUTYPE=INDIVIDUAL;PARTSTAT=NEEDS-ACTION;ROLE=REQ-PARTICIPANT;RSVP=FALSE'
        ":mailto:tomasz@client.example",
        "DESCRIPTION:Join the call: https://rooms.example.com/7\\n\\nBring plans",
        "LAST-MODIFIED:20261124T060000Z",
        "LOCATION:Video call: https://rooms.example.com/7",
        'ORGANIZER;CN="Ines Marek":mailto:ines@linden.example',
        "STATUS:CONFIRMED",
        "TRANSP:OPAQUE",
        f"URL:{settings.current().address(f'/b/{manage_token_of(meeting)}')}",
        "END:VEVENT",
        "END:VCALENDAR",
    ]


async def test_three_readers_find_the_same_meetings(db: str, program: httpx.AsyncClient) -> None:
    ines = await a_user(await an_account(), time_zone="Europe/Warsaw")
    for day in range(3):
        await a_meeting(ines, NOON + timedelta(days=day), title=f"Zażółć; {day}\nand on")
    answer = await program.get(await path_of(ines))
    wanted = [(f"Zażółć; {day}\nand on", NOON + timedelta(days=day)) for day in range(3)]
    by_vobject = vobject.readOne(answer.text).vevent_list
    by_ics = sorted(ics.Calendar(answer.text).events, key=lambda one: one.begin)
    assert [(str(one["SUMMARY"]), one["DTSTART"].dt) for one in events_in(answer)] == wanted
    assert [(one.summary.value, one.dtstart.value) for one in by_vobject] == wanted
    assert [(one.name, one.begin.datetime) for one in by_ics] == wanted


async def test_a_feed_holds_what_somebody_hosts_organizes_or_attends(db: str, program: httpx.AsyncClient) -> None:
    account, elsewhere = await an_account(), await an_account("Elsewhere")
    ines, piotr = await a_user(account), await a_user(account, "Piotr Zima")
    await a_meeting(ines, NOON, title="hosted")
    await a_meeting(piotr, NOON, title="organized", organizer_id=ines.id)
    await attended_by(await a_meeting(piotr, NOON + timedelta(hours=1), title="attended"), ines)
    await a_meeting(piotr, NOON + timedelta(hours=2), title="a colleague's")
    await a_meeting(await a_user(elsewhere), NOON, title="another account's")
    await a_meeting(ines, NOON + timedelta(hours=4), title="canceled", canceled_at=NOW)
    await a_meeting(ines, NOON + timedelta(hours=4), title="deleted", deleted_at=NOW)
    for days, title in ((-32, "long ago"), (-29, "a month ago"), (364, "in a year"), (366, "later")):
        await a_meeting(ines, NOW + timedelta(days=days), title=title)
    assert await titles(program, ines) == ["a month ago", "hosted", "organized", "attended", "in a year"]


@pytest.mark.capability("S2-23")
async def test_a_feed_holds_nothing_that_only_the_team_reads(
    db: str, program: httpx.AsyncClient, tmp_path: Any, in_use: settings.Settings
) -> None:
    settings.use(in_use.model_copy(update={"files_url": tmp_path.as_uri()}))
    ines = await a_user(await an_account())
    told = {"attendee_description": "Kanarie held back", "told_description": "As told before"}
    meeting = await a_meeting(ines, NOON, internal_notes="Kanarie own", **told)
    await add_internal_note(viewer_of(ines), meeting.id, "Kanarie note")
    await an_attachment(viewer_of(ines), meeting, b"x", name="Kanarie.txt", content_type="text/plain")
    answer = await program.get(await path_of(ines))
    settings.use(in_use)
    assert "Kanarie" not in answer.text
    assert [str(one["DESCRIPTION"]) for one in events_in(answer)] == ["As told before"]


async def test_an_entry_leads_to_the_contact_where_the_account_keeps_them_elsewhere(
    db: str, program: httpx.AsyncClient, in_use: settings.Settings
) -> None:
    ines = await a_user(await an_account())
    tomasz = await a_contact(await ines.account)
    await a_meeting(ines, NOON, contact=tomasz)
    settings.use(in_use.model_copy(update={"record_url": "https://crm.example/contacts/{id}"}))
    (event,) = events_in(await program.get(await path_of(ines)))
    settings.use(in_use)
    assert str(event["URL"]) == f"https://crm.example/contacts/con_{tomasz.id}"


async def test_a_feed_follows_its_meetings(db: str, program: httpx.AsyncClient) -> None:
    ines = await a_user(await an_account())
    meeting, path = await a_meeting(ines, NOON, title="Before"), await path_of(ines)
    first = await program.get(path)
    known = {"if-none-match": f'"another", W/{first.headers["etag"]}'}
    same = await program.get(path, headers=known)
    assert (same.status_code, same.content, same.headers["etag"]) == (304, b"", first.headers["etag"])
    with clock.travel(NOW + timedelta(minutes=5)):
        await edit(viewer_of(ines), MeetingEdit(meeting.id, title="After", starts_at=NOON + timedelta(hours=1)))
        moved = await program.get(path, headers=known)
    before, after = events_in(first)[0], events_in(moved)[0]
    assert (str(after["SUMMARY"]), after["DTSTART"].dt) == ("After", NOON + timedelta(hours=1))
    assert (str(after["UID"]), after["SEQUENCE"] > before["SEQUENCE"]) == (str(before["UID"]), True)
    assert after["DTSTAMP"].dt == after["LAST-MODIFIED"].dt == NOW + timedelta(minutes=5)
    await delete(viewer_of(ines), meeting.id)
    assert await titles(program, ines) == []


async def test_whoever_is_told_that_nothing_changed_has_the_feed_as_it_is(
    db: str, program: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever happens, in an order that is made up: 304 is said if the bytes are the same, and only then."""
    account = await an_account()
    ada, ines = await a_user(account, role=Role.ADMIN), await a_user(account, "Ines Marek")
    link = await a_link(ines)
    meeting = await a_meeting(ines, NOON, contact=await a_contact(account), link=link)
    await attended_by(meeting, ada)
    path, shown = await path_of(ines), 0
    held = await program.get(path)
    for number, act in enumerate(Random(7).sample(ACTS, len(ACTS))):
        with clock.travel(NOW + timedelta(minutes=number)):
            await act(viewer_of(ada), ines, meeting, link)
            known = {"if-none-match": held.headers["etag"]}
            told, held, before = await program.get(path, headers=known), await program.get(path), held
            assert (told.status_code == 304, told.headers["etag"]) == (
                held.content == before.content,
                held.headers["etag"],
            )
            shown += told.status_code == 200
            with counted(monkeypatch) as statements:
                again = await program.get(path, headers={"if-none-match": held.headers["etag"]})
            assert (again.status_code, again.content, len(statements)) == (304, b"", 1)
    assert (shown, len(ACTS) - shown) == (8, 5)


async def test_a_feed_goes_on_with_the_days(db: str, program: httpx.AsyncClient) -> None:
    ines = await a_user(await an_account())
    await a_meeting(ines, NOW - timedelta(days=30), title="thirty days ago")
    path = await path_of(ines)
    first = await program.get(path)
    with clock.travel(NOW + timedelta(days=1)):
        second = await program.get(path, headers={"if-none-match": first.headers["etag"]})
    assert [len(events_in(one)) for one in (first, second)] == [1, 0]


async def test_a_feed_is_for_its_reader_alone(db: str, program: httpx.AsyncClient) -> None:
    path = await path_of(await a_user(await an_account()))
    answer, head = await program.get(path), await program.head(path)
    nowhere = await program.get("/calendar/1-made-up.ics")
    assert (head.status_code, head.content, head.headers["etag"]) == (200, b"", answer.headers["etag"])
    assert re.fullmatch('"[0-9a-f]{32}"', answer.headers["etag"])
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    for one in (answer, head, nowhere):
        assert one.headers["cache-control"] == "private, no-cache"
        assert (one.headers["referrer-policy"], one.headers["x-content-type-options"]) == ("no-referrer", "nosniff")
    assert (await program.post(path)).status_code == 405


async def test_no_other_address_opens_a_feed(db: str, program: httpx.AsyncClient) -> None:
    account, elsewhere = await an_account(), await an_account("Elsewhere")
    ines, other = await a_user(account), await a_user(elsewhere)
    number, secret = (await path_of(ines)).removesuffix(".ics").removeprefix("/calendar/").split("-", 1)
    wrong = [f"{other.id}-{secret}", f"{number}-{secret[:-1]}", f"{number}-", number, "", f"-{secret}"]
    wrong += [f"{number}-{ines.feed_seed}", f"{'9' * 30}-{secret}", "²-x", f"{number}-ł%00"]
    answers = [await program.get(f"/calendar/{one}.ics") for one in wrong]
    assert [one.status_code for one in answers] == [404] * len(wrong)
    assert len({one.text for one in answers if one.text != "Not Found"}) == 1


async def test_an_address_ends_when_it_is_renewed(db: str, program: httpx.AsyncClient) -> None:
    ines = await a_user(await an_account())
    old = await path_of(ines)
    await renew_feed(viewer_for(ines, session_id=1))
    new = await path_of(ines)
    assert [(await program.get(one)).status_code for one in (old, new)] == [404, 200]


async def test_an_address_ends_with_whoever_leaves_and_is_another_when_they_come_back(
    db: str, program: httpx.AsyncClient
) -> None:
    account = await an_account()
    ada, leo = await a_user(account, role=Role.ADMIN), await a_user(account, "Leo Lang")
    old = await path_of(leo)
    await deactivate_user(viewer_of(ada), leo.id)
    gone = await path_of(leo)
    assert [(await program.get(one)).status_code for one in (old, gone)] == [404, 404]
    await reactivate_user(viewer_of(ada), leo.id)
    assert [(await program.get(one)).status_code for one in (old, gone)] == [404, 200]


async def test_any_number_of_meetings_takes_four_statements(
    db: str, program: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = await an_account()
    ines = await a_user(account)
    path, sent = await path_of(ines), []
    for count in (1, 7):
        for number in range(count):
            starts_at = NOON + timedelta(days=count, hours=number)
            await a_meeting(ines, starts_at, contact=await a_contact(account), link=await a_link(ines))
        with counted(monkeypatch) as statements:
            found = events_in(await program.get(path))
        sent.append((len(found), len(statements)))
    assert sent == [(1, 4), (8, 4)]


async def test_guesses_are_counted(program: httpx.AsyncClient, in_use: settings.Settings) -> None:
    settings.use(in_use.model_copy(update={"limit_visitor_requests": "2/minute"}))
    answers = [await program.get("/calendar/made-up.ics") for _ in range(3)]
    settings.use(in_use)
    assert [one.status_code for one in answers] == [404, 404, 429]
    assert int(answers[2].headers["retry-after"]) >= 1
