"""From the link to the confirmation, as visitors walk it: eight languages, four zones, with script and without."""

from __future__ import annotations

import itertools
import os
import re
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from playwright.sync_api import Page, expect

from server.wording import LOCALES, direction, say, when
from tests.pages.conftest import DESKTOP, PHONE, Visit


def choose(page: Page, clock: str) -> None:
    """Tuesday, and a time of it."""
    page.locator('.week.is-shown a.day[href*="2026-11-24"]').click()
    expect(page.locator("a.day[aria-current]")).to_contain_text(re.compile("24|٢٤"))
    page.locator(".chip", has_text=clock).click()
    page.locator(".bar button").click()
    expect(page.locator("#details")).to_be_visible()


def fill_in(page: Page, email: str = "marek@client.example") -> None:
    """What a person types."""
    page.fill("#first_name", "Marek")
    page.fill("#last_name", "Nowicki")
    page.fill("#email", email)
    page.fill("#answer-look", "The sorting arm")


def book(page: Page) -> None:
    """The button at the end of the form."""
    page.locator("#details > .fields button[data-main]").click()


WALKS = [
    (True, "en-GB", "Europe/Warsaw", "10:30", "You are booked", "10:30 - 11:00 Warsaw time (CET, UTC+1)"),
    (False, "pl-PL", "Europe/Warsaw", "10:30", "Spotkanie zarezerwowane", "10:30 - 11:00 czas: Warszawa (CET, UTC+1)"),
    (True, "zh-TW", "Asia/Taipei", "下午5:30", "預約完成", "下午5:30 - 下午6:00 台北時間（CST，UTC+8）"),
    (False, "zh-TW", "America/New_York", "下午5:30", "預約完成", "下午5:30 - 下午6:00 台北時間（CST，UTC+8）"),
    (True, "en-US", "America/New_York", "4:30 AM", "You are booked", "4:30 AM - 5:00 AM New York time (EST, UTC-5)"),
    (False, "en-US", "Asia/Taipei", "10:30 AM", "You are booked", "10:30 AM - 11:00 AM Warsaw time (CET, UTC+1)"),
    (True, "pl-PL", "Asia/Taipei", "17:30", "Spotkanie zarezerwowane", "17:30 - 18:00 czas: Tajpej (CST, UTC+8)"),
    (True, "de-DE", "Europe/Berlin", "10:30", "Ihr Termin ist gebucht", "10:30 - 11:00 Ortszeit Berlin (CET, UTC+1)"),
    (False, "ja-JP", "Asia/Tokyo", "18:30", "予約が完了しました", "18:30 - 19:00 東京時間（JST、UTC+9）"),
    (
        True,
        "ar-EG",
        "Africa/Cairo",
        "١١:٣٠ ص",
        "تم حجز اجتماعك",
        "١١:٣٠ ص \u200f- ١٢:٠٠ م توقيت القاهرة (EET\u200f، UTC+2)",
    ),
    (True, "en-GB", "America/St_Johns", "6:00", "You are booked", "6:00 - 6:30 St John’s time (NST, UTC-3:30)"),
]


@pytest.mark.capability("S1-22", "S1-23", "S1-24")
@pytest.mark.parametrize(("script", "locale", "tz", "clock", "heading", "moment"), WALKS)
def test_a_visitor_books(
    visit: Visit, slug: str, script: bool, locale: str, tz: str, clock: str, heading: str, moment: str
) -> None:
    page = visit(f"/m/{slug}", locale=locale, tz=tz, script=script)
    if script:
        expect(page.locator(f'[data-clock="{tz}"]')).to_be_visible()
    choose(page, clock)
    fill_in(page)
    book(page)
    expect(page.locator("h1")).to_have_text(heading)
    expect(page.locator("dl dd").first).to_contain_text(moment)
    assert "/b/" in page.url


PAIR = ("pl", "America/New_York", DESKTOP, True)

EVERYWHERE = itertools.product(
    LOCALES,
    ("Europe/Warsaw", "Asia/Taipei", "America/New_York", "America/St_Johns"),
    (PHONE, DESKTOP),
    (True, False),
)
"""Every language in every zone, on both screens, with script and without."""


@pytest.mark.parametrize(
    ("locale", "tz", "viewport", "script"), list(EVERYWHERE) if os.environ.get("PARLEY_TEST_FULL") == "1" else [PAIR]
)
def test_a_visitor_of_any_language_and_zone_books(
    visit: Visit, slug: str, locale: str, tz: str, viewport: dict[str, int], script: bool
) -> None:
    """What the confirmation says is what the formatter of mails says of the same instant."""
    page = visit(f"/m/{slug}?tz={tz}&lang={locale}&date=2026-11-24", tz=tz, script=script, viewport=viewport)
    page.locator('.chip:has(input[value="2026-11-24T14:00Z"])').click()
    page.locator(".bar button").click()
    fill_in(page)
    book(page)
    expect(page.locator("h1")).to_have_text(say(locale, "booked.heading"))
    assert page.locator("html").get_attribute("dir") == direction(locale)
    starts_at = datetime(2026, 11, 24, 14, tzinfo=UTC)
    words = page.locator("dl dd").first.inner_text()
    assert when.zone_name(tz, starts_at, locale) in words
    assert when.span(starts_at, starts_at + timedelta(minutes=30), tz, locale) in words


@pytest.mark.capability("S1-36", "S1-38", "S1-39")
@pytest.mark.parametrize("script", [True, False])
def test_a_visitor_moves_and_cancels(visit: Visit, slug: str, script: bool) -> None:
    page = visit(f"/m/{slug}", script=script)
    choose(page, "10:30")
    fill_in(page)
    book(page)
    page.get_by_role("link", name="Move to another time").click()
    expect(page.locator("main")).to_contain_text("Now: Tuesday 24 November, 10:30 - 11:00")
    page.locator(".week.is-shown a.day", has_text="26").click()
    expect(page.locator("#day")).to_have_text("Thursday 26 November")
    page.locator(".chip", has_text="9:00").click()
    page.locator(".bar button").click()
    expect(page.locator("h1")).to_have_text("Moved to Thursday 26 November, 9:00 - 9:30")
    expect(page.locator("dl")).to_contain_text("was Tuesday 24 November, 10:30")
    page.get_by_role("link", name="Cancel the meeting").click()
    expect(page.locator("h1")).to_have_text("Cancel Product walkthrough on Thursday 26 November, 9:00?")
    page.get_by_role("button", name="Cancel the meeting").click()
    expect(page.locator("h1")).to_have_text("Canceled")


def test_reload_and_back_do_not_book_twice(visit: Visit, slug: str) -> None:
    page = visit(f"/m/{slug}")
    choose(page, "10:30")
    fill_in(page)
    book(page)
    expect(page.locator("h1")).to_have_text("You are booked")
    address = page.url
    page.reload()
    assert page.url == address
    page.go_back()
    expect(page.locator("#details")).to_be_visible()
    page.reload()
    expect(page.locator(".box.warn")).to_contain_text("the confirmation is in your mail")
    page.locator(".chip").first.click()
    fill_in(page)
    page.locator(".box button[data-main]").click()
    expect(page.locator("h1")).to_have_text("You already booked this. Here it is.")
    expect(page.locator("dl")).to_contain_text("10:30 - 11:00")


def test_the_loser_of_a_race_books_a_near_time_with_two_taps(visit: Visit, slug: str) -> None:
    """Without script nothing is kept while somebody types."""
    loser = visit(f"/m/{slug}", script=False)
    choose(loser, "10:30")
    winner = visit(f"/m/{slug}", script=False)
    choose(winner, "10:30")
    fill_in(winner, "winner@client.example")
    fill_in(loser, "loser@client.example")
    book(winner)
    expect(winner.locator("h1")).to_have_text("You are booked")
    book(loser)
    take_the_next(loser)


@pytest.mark.capability("S1-24")
def test_a_time_is_kept_while_somebody_types_and_lost_when_that_is_too_long(visit: Visit, site: str, slug: str) -> None:
    loser = visit(f"/m/{slug}", clock=True)
    choose(loser, "10:30")
    with loser.expect_response("**/hold"):
        fill_in(loser, "loser@client.example")
    winner = visit(f"/m/{slug}?start=2026-11-24T09:30Z&tz=Europe/Warsaw", script=False)
    expect(winner.locator(".box.warn")).to_contain_text("10:30 has just been taken.")
    loser.reload()
    expect(loser.locator("#email")).to_have_value("loser@client.example")
    expect(loser.locator("#hold")).to_be_hidden()
    run_until_shown(loser, "#hold")
    expect(loser.locator("#hold")).to_contain_text("We keep 10:30 for you for 2 more minutes.")
    with loser.expect_response("**/hold"):
        loser.get_by_role("button", name="Keep it longer").click()
    expect(loser.locator("#hold")).to_be_hidden()
    httpx.post(f"{site}/test/later?seconds=620")
    winner.goto(f"/m/{slug}?start=2026-11-24T09:30Z&tz=Europe/Warsaw")
    fill_in(winner, "winner@client.example")
    book(winner)
    expect(winner.locator("h1")).to_have_text("You are booked")
    loser.clock.run_for(605_000)
    take_the_next(loser)


def run_until_shown(page: Page, selector: str) -> None:
    """The browser's clock runs on, in steps, since nothing on the page tells when it has begun to count."""
    for _ in range(100):
        if page.locator(selector).is_visible():
            return
        page.clock.run_for(10_000)


def take_the_next(loser: Page) -> None:
    """One tap for the next time, one to book it; nothing is typed again."""
    box = loser.locator(".box.warn")
    expect(box).to_contain_text("10:30 has just been taken. What you typed is kept.")
    expect(loser.locator("#email")).to_have_value("loser@client.example")
    expect(loser.locator("#answer-look")).to_have_value("The sorting arm")
    box.locator(".chip", has_text="11:00").click()
    box.locator("button[data-main]").click()
    expect(loser.locator("h1")).to_have_text("You are booked")
    expect(loser.locator("dl")).to_contain_text("11:00 - 11:30")


def test_times_that_go_while_one_looks_are_struck_through_or_lead_to_what_is_near(visit: Visit, slug: str) -> None:
    page = visit(f"/m/{slug}?date=2026-11-24")
    with page.expect_request("**/graphql"):
        page.reload()
    chip = page.locator(".chip", has_text="10:30")
    before = chip.bounding_box()
    other = visit(f"/m/{slug}?start=2026-11-24T09:30Z&tz=Europe/Warsaw", script=False)
    fill_in(other)
    book(other)
    expect(other.locator("h1")).to_have_text("You are booked")
    expect(chip.locator("input")).to_be_disabled()
    assert chip.bounding_box() == before
    page.locator(".chip", has_text="14:00").click()
    other.goto(f"/m/{slug}?start=2026-11-24T13:00Z&tz=Europe/Warsaw")
    fill_in(other)
    book(other)
    expect(other.locator("h1")).to_have_text("You are booked")
    expect(page.locator(".box.warn")).to_contain_text("14:00 has just been taken.")


def test_mistakes_are_named_twice_in_the_same_words_and_keep_the_form(visit: Visit, slug: str) -> None:
    page = visit(f"/m/{slug}")
    choose(page, "10:30")
    fill_in(page, "marek@")
    page.fill("#answer-look", " ")
    page.locator("#details").evaluate("form => { form.noValidate = true }")
    book(page)
    box = page.locator(".box.danger")
    expect(box).to_be_focused()
    assert page.title() == "Error: Product walkthrough - Fernhill Robotics"
    expect(box.locator("a").first).to_have_text("Enter an e-mail address like name@example.com")
    expect(page.locator("#email-wrong")).to_have_text("Enter an e-mail address like name@example.com")
    expect(page.locator("#first_name")).to_have_value("Marek")
    box.locator("a").first.click()
    expect(page.locator("#email")).to_be_focused()
    page.fill("#email", "marek@client.example")
    page.fill("#answer-look", "The arm")
    book(page)
    expect(page.locator("h1")).to_have_text("You are booked")


def test_another_day_needs_no_reload_and_back_leads_to_the_day_before(visit: Visit, slug: str) -> None:
    page = visit(f"/m/{slug}")
    page.evaluate("window.isTheSameDocument = true")
    page.locator(".week.is-shown a.day", has_text="26").click()
    expect(page.locator("#day")).to_have_text("Thursday 26 November")
    expect(page.locator("#day")).to_be_focused()
    expect(page.locator("#said")).to_have_text("Thursday 26 November, 16 times")
    assert page.evaluate("window.isTheSameDocument")
    assert "date=2026-11-26" in page.url
    page.go_back()
    expect(page.locator("#day")).to_have_text("Monday 23 November")


def test_going_back_for_another_time_loses_nothing_typed(visit: Visit, slug: str) -> None:
    page = visit(f"/m/{slug}")
    choose(page, "10:30")
    fill_in(page)
    page.get_by_role("link", name="Change").click()
    choose(page, "14:00")
    expect(page.locator("#email")).to_have_value("marek@client.example")
    expect(page.locator("#answer-look")).to_have_value("The sorting arm")


def test_the_browsers_back_finds_the_time_that_the_form_keeps(visit: Visit, slug: str) -> None:
    page = visit(f"/m/{slug}")
    choose(page, "10:30")
    with page.expect_response("**/hold"):
        fill_in(page)
    page.go_back()
    expect(page.locator(".chip", has_text="10:30").locator("input")).to_be_enabled()
    page.locator(".chip", has_text="10:30").click()
    page.locator(".bar button").click()
    expect(page.locator("#email")).to_have_value("marek@client.example")
    expect(page.locator(".box.warn")).to_have_count(0)
    book(page)
    expect(page.locator("h1")).to_have_text("You are booked")
    page.goto(f"/m/{slug}?date=2026-11-24")
    page.go_back()
    page.go_back()
    page.go_back()
    choose(page, "14:00")
    fill_in(page)
    book(page)
    expect(page.locator("h1")).to_have_text("You are booked")
    expect(page.locator("dl")).to_contain_text("14:00 - 14:30")


def test_the_zone_is_changed_and_the_language_too(visit: Visit, slug: str) -> None:
    page = visit(f"/m/{slug}", script=False)
    page.get_by_role("link", name="Change").click()
    page.select_option("#tz", "Asia/Taipei")
    page.get_by_role("button", name="Show these times").click()
    expect(page.locator("#zone")).to_contain_text("Taipei time (UTC+8, now 15:")
    page.locator(".menu summary").click()
    page.get_by_role("link", name="Polski").click()
    expect(page.locator("#zone")).to_contain_text("czas: Tajpej (UTC+8, teraz 15:")
    assert page.locator("html").get_attribute("lang") == "pl"


def test_a_city_is_found_by_its_first_letters(visit: Visit) -> None:
    page = visit("/m/walk-59?change=zone&tz=Europe/Warsaw")
    page.fill("#tz-search", "taip")
    expect(page.locator("#tz")).to_have_value("Asia/Taipei")
    page.locator("#tz-search").press("Enter")
    expect(page.locator("#zone")).to_contain_text("Taipei time (UTC+8, now 15:")


def test_a_press_without_a_network_keeps_the_form_and_is_made_up_for(visit: Visit, slug: str) -> None:
    page = visit(f"/m/{slug}")
    choose(page, "10:30")
    fill_in(page)
    page.context.set_offline(True)
    book(page)
    expect(page.locator(".offline")).to_be_visible()
    page.context.set_offline(False)
    expect(page.locator(".offline")).to_be_hidden()
    expect(page.locator("h1")).to_have_text("You are booked")
