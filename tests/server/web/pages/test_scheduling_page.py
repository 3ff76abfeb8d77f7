"""The scheduling page as it answers: every state, and a booking without any script."""

from __future__ import annotations

import gzip
from datetime import timedelta

import httpx
import pytest

from server import clock
from server.booking.book import Booking, book
from server.links.preview import preview_token
from server.models import Attendee, CalendarAccount, Contact, KeptResult, LinkSlug, Meeting, MeetingLink
from server.models.enums import LocationKind
from tests.factories import a_link, a_user, an_account
from tests.server.web.pages.visiting import MONDAY, Form, Seen, Visitor, visitor

TYPED = {"first_name": "Marek", "last_name": "Nowicki", "email": "marek@client.example"}
PERSON = timedelta(seconds=5)


async def a_page(**fields: object) -> MeetingLink:
    """A link of Ines Almeida at Fernhill Robotics."""
    account = await an_account("Fernhill Robotics", contact_email="hello@fernhill.example")
    given = {"slug": "ines", "increment_minutes": 30, "location_kind": LocationKind.VIDEO} | fields
    return await a_link(await a_user(account, "Ines Almeida"), "Product walkthrough", **given)


async def details(visiting: Visitor, start: str = "2026-11-24T09:30Z", query: str = "") -> Form:
    """The form of the second step."""
    return (await visiting.get(f"/m/ines?start={start}&key=one-key{query}")).form("details")


async def sent(visiting: Visitor, form: Form, **typed: str | list[str]) -> Seen:
    """The form, sent back after the time a person takes."""
    with clock.travel(clock.now() + PERSON):
        return await visiting.send(form, **(TYPED | typed))


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


@pytest.mark.capability("S1-14", "S1-15", "S1-16", "S1-23", "S1-24")
async def test_a_visitor_books_without_script(db: str) -> None:
    await a_page(durations_minutes=[30, 60], guests_max=2)
    with clock.travel(MONDAY):
        async with visitor("pl-PL,pl;q=0.9") as visiting:
            first = await visiting.get("/m/ines?utm_campaign=autumn&utm_source=mail")
            longer = await visiting.get(first.href("60 min"))
            day = await visiting.get(longer.href("24"))
            form = day.form("times")
            second = await visiting.send(form, start=form.radios["start"][1])
            done = await sent(visiting, second.form("details"))
    meeting = await Meeting.get()
    assert done.title == "Spotkanie zarezerwowane - Product walkthrough"
    assert "wtorek, 24 listopada 2026" in done.text
    assert "09:30 - 10:30" in done.text
    assert str(done.answer.url).startswith("https://meet.example.com/b/")
    assert (meeting.starts_at.isoformat(), meeting.ends_at - meeting.starts_at) == (
        "2026-11-24T08:30:00+00:00",
        timedelta(minutes=60),
    )
    assert (meeting.time_zone, meeting.tracking) == ("Europe/Warsaw", {"campaign": "autumn", "source": "mail"})
    contact = await Contact.get()
    assert (contact.email, contact.owner_id) == ("marek@client.example", meeting.organizer_id)
    assert (contact.last_booking_campaign, contact.last_booking_source) == ("autumn", "mail")


async def test_reload_back_and_a_second_press_book_once(db: str) -> None:
    await a_page()
    with clock.travel(MONDAY):
        async with visitor() as visiting:
            form = await details(visiting)
            first = await sent(visiting, form)
            again = await sent(visiting, form)
            changed = await sent(visiting, form, first_name="Mareczek")
    assert await Meeting.all().count() == 1
    assert first.title == "You are booked - Product walkthrough"
    assert {again.title, changed.title} == {"You already booked this. Here it is. - Product walkthrough"}


async def test_mistakes_keep_what_was_typed_and_say_how_to_mend_it(db: str) -> None:
    question = {"key": "look", "label": "What should we look at?", "kind": "LONG_TEXT", "required": True}
    await a_page(questions=[question], guests_max=1)
    with clock.travel(MONDAY):
        async with visitor() as visiting:
            form = await details(visiting)
            seen = await sent(visiting, form, email="marek@", first_name=" ", last_name="", guest="who")
    kept = seen.form("details").fields
    assert (seen.status, seen.title) == (422, "Error: Product walkthrough - Fernhill Robotics")
    assert [words for given, words in seen.page.links if given["href"].startswith("#")] == [
        "Enter your first name",
        "Enter an e-mail address like name@example.com",
        'Answer "What should we look at?"',
        "Enter an e-mail address like name@example.com",
    ]
    assert (kept["email"], kept["guest"], kept["key"]) == (["marek@"], ["who"], ["one-key"])
    assert not await Meeting.exists()


@pytest.mark.capability("S1-24")
async def test_every_kind_of_question_reaches_the_meeting(db: str) -> None:
    questions = [
        {"key": "size", "label": "How many?", "kind": "NUMBER", "required": True},
        {"key": "arm", "label": "Which arm?", "kind": "SELECT", "options": ["Sorter", "Packer"], "required": True},
        {"key": "days", "label": "Which days?", "kind": "MULTI_SELECT", "options": ["Mon", "Tue"], "required": True},
        {"key": "news", "label": "Newsletter?", "kind": "CHECKBOX", "required": False},
        {"key": "note", "label": "Anything else?", "kind": "LONG_TEXT", "required": False},
    ]
    await a_page(questions=questions)
    with clock.travel(MONDAY):
        async with visitor() as visiting:
            form = await details(visiting)
            answers = {
                "answer-size": "12",
                "answer-arm": "Packer",
                "answer-days": ["Mon", "Tue"],
                "answer-news": "true",
            }
            await sent(visiting, form, **answers)
    assert [(one["question"], one["value"]) for one in (await Meeting.get()).answers] == [
        ("size", "12"),
        ("arm", "Packer"),
        ("days", "Mon, Tue"),
        ("news", "true"),
    ]


async def test_guests_are_added_and_removed_without_script(db: str) -> None:
    await a_page(guests_max=2)
    with clock.travel(MONDAY):
        async with visitor() as visiting:
            one = await visiting.send(await details(visiting), **TYPED, do="add-guest")
            two = await visiting.send(one.form("details"), guest=["a@client.example"], do="add-guest")
            form = two.form("details")
            three = await visiting.send(form, guest=["a@client.example", "b@client.example"], do="remove-guest-0")
            kept = three.form("details")
            await sent(visiting, kept)
    assert (form.fields["guest"], kept.fields["guest"], kept.fields["email"]) == (
        ["a@client.example", ""],
        ["b@client.example"],
        ["marek@client.example"],
    )
    guests = await Attendee.filter(kind="GUEST").values_list("email", flat=True)
    assert list(guests) == ["b@client.example"]


async def somebody_books(start: str = "2026-11-24T09:30:00+00:00") -> None:
    """Another visitor is quicker."""
    starts_at = MONDAY.fromisoformat(start)
    await book(Booking("ines", starts_at, "quick@client.example", first_name="Quick"))


async def test_the_loser_of_a_race_books_a_near_time_with_one_more_press(db: str) -> None:
    await a_page()
    with clock.travel(MONDAY):
        async with visitor() as visiting:
            form = await details(visiting)
            await somebody_books()
            lost = await sent(visiting, form)
            offered = lost.form("details")
            done = await sent(visiting, offered)
    assert lost.status == 409
    assert "10:30 has just been taken. What you typed is kept." in lost.text
    assert "Nearest free times on Tuesday 24 November:" in lost.text
    assert offered.radios["start"] == ["2026-11-24T08:30Z", "2026-11-24T09:00Z", "2026-11-24T10:00Z"]
    assert (offered.fields["email"], offered.fields["first_name"]) == (["marek@client.example"], ["Marek"])
    assert done.title == "You are booked - Product walkthrough"
    assert await Meeting.all().count() == 2


async def test_all_times_are_shown_beside_the_form_that_is_kept(db: str) -> None:
    await a_page()
    with clock.travel(MONDAY):
        async with visitor() as visiting:
            form = await details(visiting)
            await somebody_books()
            lost = await sent(visiting, form)
            every = await visiting.send(lost.form("details"), do="see-times")
    times = every.form("details").radios["start"]
    assert "10:30 has just been taken." in every.text
    assert "2026-11-24T09:30Z" not in times
    assert (len(times), times[0], times[-1]) == (15 + 16 + 16, "2026-11-24T08:00Z", "2026-11-26T15:30Z")
    assert every.form("details").fields["email"] == ["marek@client.example"]


async def test_a_time_that_is_gone_is_told_before_anything_is_typed(db: str) -> None:
    await a_page()
    with clock.travel(MONDAY):
        await somebody_books()
        async with visitor() as visiting:
            seen = await visiting.get("/m/ines?start=2026-11-24T09:30Z&key=k")
    assert "10:30 has just been taken." in seen.text


async def test_a_time_that_was_never_offered_is_not_called_taken(db: str) -> None:
    await a_page()
    with clock.travel(MONDAY):
        async with visitor() as visiting:
            past = await visiting.get("/m/ines?start=2026-11-20T09:30Z&key=k")
            form = await details(visiting)
            night = await sent(visiting, form, start="2026-11-24T02:30Z")
    assert "10:30 cannot be booked any more." in past.text
    assert (night.status, "3:30 cannot be booked any more." in night.text) == (409, True)


async def test_a_hurried_form_comes_back_filled_and_passes_the_second_time(db: str) -> None:
    await a_page()
    with clock.travel(MONDAY):
        async with visitor() as visiting:
            hasty = await visiting.send(await details(visiting), **TYPED)
            trapped = await sent(visiting, await details(visiting), homepage="https://spam.example")
            done = await sent(visiting, trapped.form("details"))
    assert (hasty.status, trapped.status) == (422, 422)
    assert "Press the button once more." in hasty.text
    assert hasty.form("details").fields["email"] == ["marek@client.example"]
    assert done.title == "You are booked - Product walkthrough"


async def test_too_many_tries_are_asked_to_wait_and_keep_the_form(db: str) -> None:
    await a_page()
    with clock.travel(MONDAY):
        async with visitor() as visiting:
            form = await details(visiting)
            answers = [await sent(visiting, form, email="marek@") for _ in range(31)]
    last = answers[-1]
    assert (answers[0].status, last.status) == (422, 429)
    assert int(last.answer.headers["retry-after"]) > 0
    assert last.form("details").fields["first_name"] == ["Marek"]


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


async def test_a_kept_key_is_asked_for_by_address_and_key_together(db: str) -> None:
    """Somebody else with the same address bar, but another e-mail address, is not shown the first one's meeting."""
    await a_page()
    with clock.travel(MONDAY):
        async with visitor() as visiting:
            form = await details(visiting)
            await sent(visiting, form)
            other = await sent(visiting, form, email="other@client.example")
            seen = await visiting.get("/m/ines?start=2026-11-24T09:30Z&key=one-key")
    assert await KeptResult.filter(verb="bookMeeting").count() == 1
    assert other.status == 409
    assert "the confirmation is in your mail" in seen.text
    assert "marek@client.example" not in seen.answer.text


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
