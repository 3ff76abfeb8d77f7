"""The page behind the manage link: every state, and what its two buttons do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from icalendar import Calendar

from server import clock
from server.booking.book import Booking, book
from server.models import Change, Meeting, MeetingLink
from server.models.enums import ChangeKind, LocationKind
from tests.factories import a_link, a_user, an_account
from tests.server.web.pages.visiting import MONDAY, Seen, visitor

STARTS = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)


@dataclass(frozen=True)
class Booked:
    """A meeting that Marek booked with Ines, and the address of its page."""

    link: MeetingLink
    path: str


async def a_booking(**fields: Any) -> Booked:
    account = await an_account("Fernhill Robotics", contact_email="hello@fernhill.example")
    given = {"slug": "ines", "increment_minutes": 30, "location_kind": LocationKind.VIDEO} | fields
    link = await a_link(await a_user(account, "Ines Almeida"), "Product walkthrough", **given)
    with clock.travel(MONDAY):
        booked = await book(
            Booking("ines", STARTS, "marek@client.example", first_name="Marek", time_zone="Europe/Warsaw", locale="en")
        )
    return Booked(link, f"/b/{booked.manage_token}")


async def seen(path: str, at: datetime = MONDAY, language: str = "en") -> Seen:
    with clock.travel(at):
        async with visitor(language) as visiting:
            return await visiting.get(path)


async def test_the_first_line_is_what_is_booked(db: str) -> None:
    booked = await a_booking()
    page = await seen(booked.path)
    assert page.title == "Your meeting - Product walkthrough"
    assert "Tuesday 24 November 2026 10:30 - 11:00 Warsaw time (CET, UTC+1)" in page.text
    assert page.links()[-6:] == [
        "Move to another time",
        "Cancel the meeting",
        "Google",
        "Outlook",
        "Calendar file",
        "Something else? Write to Ines",
    ]


async def test_looking_changes_nothing(db: str) -> None:
    """Mail scanners open every link before the reader does."""
    booked = await a_booking()
    before = await Meeting.get(), await Change.all().count()
    for path in ("", "/move", "/cancel", "/invite.ics", "?canceled=1", "?moved=1", "?booked=again"):
        await seen(f"{booked.path}{path}")
    after = await Meeting.get(), await Change.all().count()
    assert (dict(before[0]), before[1]) == (dict(after[0]), after[1])


@pytest.mark.capability("S1-36", "S1-38")
async def test_the_contact_cancels_with_a_reason(db: str) -> None:
    booked = await a_booking()
    with clock.travel(MONDAY):
        async with visitor() as visiting:
            question = await visiting.get(f"{booked.path}/cancel")
            done = await visiting.send(question.form(), reason="I am ill")
            again = await visiting.get(booked.path)
            twice = await visiting.send(question.form(), reason="I am ill")
    meeting = await Meeting.get().select_related("outcome")
    assert "Cancel Product walkthrough on Tuesday 24 November, 10:30?" in question.text
    assert (done.title, "Ines has been told." in done.text) == ("Canceled - Product walkthrough", True)
    assert "This meeting was canceled on Monday 23 November, 7:00." in again.text
    assert (meeting.outcome.key, meeting.cancel_reason) == ("CANCELED", "I am ill")
    assert [words for words in again.links() if words == "Book another time"] == ["Book another time"]
    assert await Change.filter(kind=ChangeKind.MEETING_CANCELED).count() == 1
    assert twice.status in (200, 409)


@pytest.mark.capability("S1-36", "S1-39")
async def test_the_contact_moves_it(db: str) -> None:
    booked = await a_booking()
    before = await Meeting.get()
    with clock.travel(MONDAY):
        async with visitor() as visiting:
            picker = await visiting.get(f"{booked.path}/move?date=2026-11-26")
            done = await visiting.send(picker.form("times"), start="2026-11-26T08:00Z")
            later = await visiting.get(booked.path)
    after = await Meeting.get()
    assert "Now: Tuesday 24 November, 10:30 - 11:00" in picker.text
    assert done.title == "Moved to Thursday 26 November, 9:00 - 9:30 - Product walkthrough"
    assert ("was Tuesday 24 November, 10:30" in done.text, "was Tuesday 24 November, 10:30" in later.text) == (
        True,
        True,
    )
    assert (after.id, after.ical_uid, after.starts_at) == (
        before.id,
        before.ical_uid,
        datetime(2026, 11, 26, 8, 0, tzinfo=UTC),
    )


async def test_a_time_taken_while_moving_leaves_the_old_one_and_offers_near_ones(db: str) -> None:
    booked = await a_booking()
    with clock.travel(MONDAY):
        async with visitor() as visiting:
            picker = await visiting.get(f"{booked.path}/move?date=2026-11-26")
            taken = datetime(2026, 11, 26, 8, 0, tzinfo=UTC)
            await book(Booking("ines", taken, "quick@client.example", first_name="Quick"))
            lost = await visiting.send(picker.form("times"), start="2026-11-26T08:00Z")
            done = await visiting.send(lost.form("times"))
    assert (lost.status, "9:00 has just been taken." in lost.text) == (409, True)
    assert done.title.startswith("Moved to ")
    assert await Meeting.filter(starts_at=STARTS).count() == 0


async def test_another_site_cannot_press_the_buttons(db: str) -> None:
    booked = await a_booking()
    with clock.travel(MONDAY):
        async with visitor() as visiting:
            answers = [
                await visiting.client.post(f"{booked.path}/{what}", data={"start": "2026-11-26T08:00Z"}, headers=said)
                for what in ("cancel", "move")
                for said in ({"sec-fetch-site": "cross-site"}, {"origin": "https://evil.example"})
            ]
    meeting = await Meeting.get()
    assert [answer.status_code for answer in answers] == [403] * 4
    assert (meeting.canceled_at, meeting.starts_at) == (None, STARTS)


@pytest.mark.capability("S1-37")
async def test_where_changes_are_switched_off_there_are_no_buttons(db: str) -> None:
    booked = await a_booking(shows_manage_links=False)
    page = await seen(booked.path)
    with clock.travel(MONDAY):
        async with visitor() as visiting:
            refused = await visiting.client.post(f"{booked.path}/cancel", data={"reason": "x"})
    assert "Changes are not possible here." in page.text
    assert {"Move to another time", "Cancel the meeting"} & set(page.links()) == set()
    assert (refused.status_code, (await Meeting.get()).canceled_at) == (409, None)


@pytest.mark.parametrize(
    ("minutes", "heading"), [(-10, "Your meeting"), (5, "This meeting has begun."), (31, "This meeting is over.")]
)
async def test_the_page_knows_what_time_it_is(db: str, minutes: int, heading: str) -> None:
    booked = await a_booking()
    await Meeting.all().update(location_join_url="https://video.example/room")
    page = await seen(booked.path, STARTS + timedelta(minutes=minutes))
    assert page.title == f"{heading} - Product walkthrough"
    assert ("Join the call" in page.links()) == (minutes in (-10, 5))


@pytest.mark.parametrize("token", ["nonsense", "1-", "1-AAAA", "999999-x", "٣-x"])
async def test_a_wrong_link_says_where_the_right_one_is(db: str, token: str) -> None:
    await a_booking()
    for path in ("", "/move", "/cancel", "/invite.ics"):
        page = await seen(f"/b/{token}{path}")
        assert (page.status, "The newest mail has the right one." in page.text) == (404, True)


async def test_the_calendar_file_is_the_same_entry_as_the_invitation(db: str) -> None:
    booked = await a_booking()
    answer = (await seen(f"{booked.path}/invite.ics")).answer
    (event,) = Calendar.from_ical(answer.content).walk("VEVENT")
    meeting = await Meeting.get()
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8; method=PUBLISH"
    assert (str(event["uid"]), event.start, event.end) == (meeting.ical_uid, STARTS, STARTS + timedelta(minutes=30))


async def test_the_page_is_read_in_the_language_and_zone_of_the_booking(db: str) -> None:
    booked = await a_booking()
    await Meeting.all().update(locale="pl", time_zone="Asia/Taipei")
    page = await seen(booked.path, language="zh-TW")
    other = await seen(f"{booked.path}?lang=zh-Hant&tz=America/New_York", language="pl")
    assert "wtorek, 24 listopada 2026 17:30 - 18:00 czas: Tajpej (CST, UTC+8)" in page.text
    assert "2026年11月24日 星期二 凌晨4:30 - 清晨5:00 紐約時間（EST，UTC-5）" in other.text


async def test_the_page_is_kept_from_everybody_else(db: str) -> None:
    booked = await a_booking()
    headers = (await seen(booked.path)).answer.headers
    names = ("cache-control", "referrer-policy", "x-robots-tag")
    assert [headers[name] for name in names] == ["private, no-store", "no-referrer", "noindex"]


@pytest.mark.parametrize("query", ["duration=" + "9" * 5_000, "start=0001-01-01T00:00Z", "start=9999-12-31T23:59Z"])
async def test_numbers_and_times_beyond_all_use_are_as_if_they_were_not_there(db: str, query: str) -> None:
    booked = await a_booking()
    for path in (f"/m/{booked.link.slug}", f"{booked.path}/move"):
        assert (await seen(f"{path}?{query}")).status == 200
