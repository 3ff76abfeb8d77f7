"""A booking without any script, with all that can come in between."""

from __future__ import annotations

from datetime import timedelta

import pytest

from server import clock
from server.models import Attendee, Contact, KeptResult, Meeting
from tests.server.web.pages.scene import TYPED, a_page, details, sent, somebody_books
from tests.server.web.pages.visiting import MONDAY, Seen, Visitor, visitor


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


async def lost_to_somebody(visiting: Visitor) -> Seen:
    """What a visitor sees who sends the form for a time that was booked while they filled it in."""
    form = await details(visiting)
    await somebody_books()
    return await sent(visiting, form)


async def test_the_loser_of_a_race_books_a_near_time_with_one_more_press(db: str) -> None:
    await a_page()
    with clock.travel(MONDAY):
        async with visitor() as visiting:
            lost = await lost_to_somebody(visiting)
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
            lost = await lost_to_somebody(visiting)
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
