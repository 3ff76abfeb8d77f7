"""From the link to the confirmation, as visitors walk it: three languages, four zones, with script and without."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.pages.conftest import Visit

DETAILS_TAKE_MS = 2100


def choose(page: Page, clock: str) -> None:
    """Tuesday, and a time of it."""
    page.locator(".week.is-shown a.day", has_text="24").click()
    expect(page.locator("a.day[aria-current]")).to_contain_text("24")
    page.locator(".chip", has_text=clock).click()
    page.locator(".bar button").click()
    expect(page.locator("#details")).to_be_visible()


def fill_in(page: Page, email: str = "marek@client.example") -> None:
    """What a person types, in the time that a person needs."""
    page.fill("#first_name", "Marek")
    page.fill("#last_name", "Nowicki")
    page.fill("#email", email)
    page.fill("#answer-look", "The sorting arm")
    page.wait_for_timeout(DETAILS_TAKE_MS)


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


@pytest.mark.parametrize("script", [True, False])
def test_the_loser_of_a_race_books_a_near_time_with_two_taps(visit: Visit, slug: str, script: bool) -> None:
    loser = visit(f"/m/{slug}", script=script)
    choose(loser, "10:30")
    winner = visit(f"/m/{slug}", script=script)
    choose(winner, "10:30")
    fill_in(winner, "winner@client.example")
    fill_in(loser, "loser@client.example")
    book(winner)
    expect(winner.locator("h1")).to_have_text("You are booked")
    book(loser)
    box = loser.locator(".box.warn")
    expect(box).to_contain_text("10:30 has just been taken. What you typed is kept.")
    expect(loser.locator("#email")).to_have_value("loser@client.example")
    if script:
        expect(box).to_be_focused()
    box.locator(".chip", has_text="11:00").click()
    box.locator("button[data-main]").click()
    expect(loser.locator("h1")).to_have_text("You are booked")
    expect(loser.locator("dl")).to_contain_text("11:00 - 11:30")


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


def test_a_press_without_a_network_keeps_the_form_and_says_so(visit: Visit, slug: str) -> None:
    page = visit(f"/m/{slug}")
    choose(page, "10:30")
    fill_in(page)
    page.context.set_offline(True)
    book(page)
    expect(page.locator(".offline")).to_be_visible()
    page.context.set_offline(False)
    expect(page.locator(".offline")).to_be_hidden()
    book(page)
    expect(page.locator("h1")).to_have_text("You are booked")
