"""The scheduling page as it answers, in every state."""

from __future__ import annotations

import gzip
from datetime import timedelta

import httpx
import pytest

from server import clock
from server.links.preview import preview_token
from server.models import CalendarAccount, LinkSlug, Meeting, MeetingLink
from tests.factories import a_link, a_user, an_account
from tests.server.web.pages.scene import a_page, details, sent
from tests.server.web.pages.visiting import MONDAY, visitor


@pytest.mark.capability("S1-22")
async def test_the_page_opens_on_the_first_free_day_with_its_times(db: str) -> None:
    """E-2."""
    await a_page()
    with clock.travel(MONDAY):
        async with visitor() as visiting:
            seen = await visiting.get("/m/ines")
    times = seen.form("times")
    assert times.radios["start"][:2] == ["2026-11-23T08:00Z", "2026-11-23T08:30Z"]
    assert seen.links(**{"aria-current": "date"}) == ["Monday 23 November 16 free"]
    assert "Warsaw time (UTC+1, now 7:00)" in seen.text


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "A calendar cannot be reached just now."),
        ("pl", "Jeden z kalendarzy jest chwilowo nieosiągalny."),
        ("zh-Hant", "目前無法連線到其中一個行事曆。"),
    ],
)
async def test_a_page_says_that_a_calendar_cannot_be_reached_and_goes_on(db: str, language: str, words: str) -> None:
    link = await a_page()
    with clock.travel(MONDAY):
        async with visitor(language) as visiting:
            before = await visiting.get("/m/ines")
            await CalendarAccount.filter(user_id=link.owner_id).update(unreachable_since=MONDAY)
            after = await visiting.get("/m/ines")
    assert words not in before.text
    assert words in after.text
    assert after.form("times").radios == before.form("times").radios


async def test_a_full_first_month_is_jumped_over(db: str) -> None:
    await a_page(window_days=90, date_overrides=None, weekly_hours=None)
    host = await MeetingLink.get(slug="ines").select_related("owner")
    blocked = {(MONDAY + timedelta(days=day)).date().isoformat(): [] for day in range(45)}
    await type(host.owner).filter(id=host.owner_id).update(date_overrides=blocked)
    with clock.travel(MONDAY):
        async with visitor() as visiting:
            seen = await visiting.get("/m/ines")
    assert seen.form("times").radios["start"][0] == "2027-01-07T08:00Z"
    assert "Nothing free before Thursday 7 January." in seen.text


async def test_an_unknown_address_says_so(db: str) -> None:
    async with visitor("pl") as visiting:
        seen = await visiting.get("/m/nobody-here")
    assert (seen.status, "Tu nie ma żadnej strony." in seen.text) == (404, True)


async def test_an_old_address_leads_to_the_new_one_with_its_query(db: str) -> None:
    link = await a_page()
    await LinkSlug.create(link=link, slug="ines-old")
    async with visitor() as visiting:
        answer = await visiting.client.get("/m/ines-old?utm_source=mail&tz=Asia/Taipei", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (308, "/m/ines?utm_source=mail&tz=Asia/Taipei")


async def test_a_page_switched_off_takes_no_bookings_and_is_no_error(db: str) -> None:
    await a_page(is_active=False)
    async with visitor() as visiting:
        seen = await visiting.get("/m/ines")
    assert (seen.status, seen.answer.headers["x-robots-tag"]) == (200, "noindex")
    assert "This page takes no bookings at the moment." in seen.text
    assert "hello@fernhill.example" in seen.text


async def test_nothing_in_the_whole_window_says_until_when(db: str) -> None:
    await a_page(weekly_hours={}, window_days=20)
    with clock.travel(MONDAY):
        async with visitor() as visiting:
            seen = await visiting.get("/m/ines")
    assert (seen.status, seen.page.forms) == (200, [])
    assert "No free times until Sunday 13 December." in seen.text


async def test_a_locked_zone_is_said_and_cannot_be_changed(db: str) -> None:
    await a_page(locks_time_zone=True, time_zone="Asia/Taipei")
    with clock.travel(MONDAY):
        async with visitor() as visiting:
            seen = await visiting.get("/m/ines?tz=Europe/Warsaw")
    assert "All times on this page are in this zone." in seen.text
    assert "Taipei time" in seen.text
    assert [given for given, words in seen.page.links if words.startswith("Change")] == []


async def test_another_zone_is_chosen_with_an_ordinary_form(db: str) -> None:
    await a_page()
    with clock.travel(MONDAY):
        async with visitor() as visiting:
            first = await visiting.get("/m/ines?utm_source=mail")
            form = (await visiting.get(first.href("Change"))).form()
            seen = await visiting.send(form, tz="America/New_York")
    assert seen.answer.url.params["utm_source"] == "mail"
    assert "New York time" in seen.text
    assert seen.form("times").fields["tz"] == ["America/New_York"]


@pytest.mark.parametrize(
    "query",
    ["date=2026-99-99", "date=31", "duration=7", "duration=x", "tz=Mars/Olympus", "start=soon", "lang=xx", "%00"],
)
async def test_whatever_makes_no_sense_is_as_if_it_were_not_there(db: str, query: str) -> None:
    await a_page()
    with clock.travel(MONDAY):
        async with visitor() as visiting:
            seen = await visiting.get(f"/m/ines?{query}")
    assert (seen.status, seen.form("times").radios["start"][0]) == (200, "2026-11-23T08:00Z")


async def test_what_people_wrote_is_never_markup(db: str) -> None:
    nasty = '"><script>alert(1)</script>'
    question = {"key": "q", "label": nasty, "kind": "SELECT", "options": [nasty], "required": True}
    await a_page(title=nasty, description=nasty * 5, location_text=nasty, questions=[question])
    with clock.travel(MONDAY):
        async with visitor() as visiting:
            first = await visiting.get("/m/ines", **{"accept-language": nasty})
            tracked = await visiting.get("/m/ines", **{"user-agent": nasty})
            form = await details(visiting, query="&utm_source=%22%3E%3Cscript%3Ealert(1)")
            wrong = await sent(visiting, form, first_name=nasty, email=nasty)
    for seen in (first, tracked, wrong):
        assert "<script>alert" not in seen.answer.text


async def test_every_page_is_private_strict_and_small(db: str) -> None:
    """E-35: HTML and style sheet together within 20 KB compressed."""
    await a_page(durations_minutes=[15, 30, 60], increment_minutes=15, description="A long description. " * 20)
    with clock.travel(MONDAY):
        async with visitor() as visiting:
            seen = await visiting.get("/m/ines", **{"accept-encoding": "gzip"})
            style = await visiting.client.get("/static/page.css")
    headers = seen.answer.headers
    assert headers["cache-control"] == "private, no-store"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["content-encoding"] == "gzip"
    assert headers["content-security-policy"] == (
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self' data:; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'self'"
    )
    assert " style=" not in seen.answer.text
    assert len(gzip.compress(seen.answer.content)) + len(gzip.compress(style.content)) <= 20 * 1024


async def test_the_companys_colour_is_a_style_sheet_of_its_own(db: str) -> None:
    account = await an_account("Świeża Kawa", accent_color="#ffff00")
    await a_link(await a_user(account), slug="kawa")
    async with visitor() as visiting:
        seen = await visiting.get("/m/kawa")
        sheet = await visiting.client.get("/static/accent/ffff00.css")
        same = await visiting.client.get("/static/accent/ffff00.css", headers={"if-none-match": sheet.headers["etag"]})
        none: httpx.Response = await visiting.client.get("/static/accent/%3B%7Dbody.css")
    assert '<link rel="stylesheet" href="/static/accent/ffff00.css">' in seen.answer.text
    assert sheet.text.startswith(":root{--accent:#8f8f00;--on-accent:#0b1210;")
    assert (same.status_code, none.status_code) == (304, 404)


@pytest.mark.capability("S1-21", "S1-44")
async def test_a_page_that_is_switched_off_can_be_looked_at_and_not_booked(db: str) -> None:
    link = await a_page()
    await MeetingLink.filter(id=link.id).update(is_active=False)
    with clock.travel(MONDAY):
        async with visitor() as visiting:
            closed = await visiting.get("/m/ines?preview=wrong")
            times = await visiting.get(f"/m/ines?preview={preview_token(link.id)}&date=2026-11-24&tz=Europe/Warsaw")
            form = await visiting.send(times.form("times"), start="2026-11-24T09:30Z")
            refused = await sent(visiting, form.form("details"))
    assert "This page takes no bookings at the moment." in closed.text
    for step in (times, form):
        assert "Preview: this page is switched off, so nothing can be booked here yet." in step.text
    assert "2026-11-24T09:30Z" in times.form("times").radios["start"]
    assert "data-follow" not in times.answer.text
    assert 'id="hold"' not in form.answer.text
    assert "This page takes no bookings at the moment." in refused.text
    assert await Meeting.all().count() == 0
