"""Without a pointer: the same walk with Tab, arrows, Space and Enter (E-24)."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.pages.conftest import Visit

FOCUSED = "document.activeElement.matches.bind(document.activeElement)"


def tab_to(page: Page, selector: str, *, most: int = 60) -> None:
    """Tab until the focus is on what `selector` names."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate(f"({FOCUSED})({selector!r})"):
            return
    raise AssertionError(f"Tab never reached {selector}")


@pytest.mark.parametrize("script", [True, False])
def test_the_keyboard_alone_books_moves_and_cancels(visit: Visit, slug: str, script: bool) -> None:
    page = visit(f"/m/{slug}?tz=Europe/Warsaw", script=script)
    tab_to(page, ".skip", most=1)
    page.keyboard.press("Enter")
    tab_to(page, ".chip input", most=3)
    page.keyboard.press("Space")
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    expect(page.locator(".chip input:checked")).to_have_value("2026-11-23T09:30Z")
    page.keyboard.press("Enter")
    expect(page.locator("#details")).to_be_visible()
    for field, text in (("first_name", "Marek"), ("email", "marek@client.example"), ("answer-look", "The arm")):
        tab_to(page, f"#{field}")
        page.keyboard.type(text)
    tab_to(page, ".fields > button[data-main]")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("You are booked")
    tab_to(page, 'a[href*="/move"]')
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("Now: Monday 23 November, 10:30 - 11:00")
    tab_to(page, ".times .chip input")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("Moved to Monday 23 November")
    tab_to(page, 'a[href*="/cancel"]')
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("Cancel Product walkthrough")
    tab_to(page, "button.danger")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Canceled")


def test_enter_in_a_field_books_and_adds_no_guest(visit: Visit, slug: str) -> None:
    page = visit(f"/m/{slug}?tz=Europe/Warsaw&start=2026-11-24T09:30Z")
    page.fill("#first_name", "Marek")
    page.fill("#answer-look", "The arm")
    page.fill("#email", "marek@client.example")
    page.locator("#email").press("Enter")
    expect(page.locator("h1")).to_have_text("You are booked")


def test_days_and_times_have_whole_names(visit: Visit, slug: str) -> None:
    page = visit(f"/m/{slug}")
    chosen = page.get_by_role("link", name="Monday 23 November 16 free")
    expect(chosen).to_have_attribute("aria-current", "date")
    expect(page.get_by_role("radiogroup", name="Monday 23 November")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text("Product walkthrough")
    expect(page.get_by_role("link", name="Saturday")).to_have_count(0)


def test_the_focus_ring_shows_and_is_never_under_the_bar(visit: Visit, slug: str) -> None:
    page = visit(f"/m/{slug}")
    page.locator(".chip").first.click()
    page.locator(".chip input").last.focus()
    seen = page.evaluate(
        """() => {
          const radio = document.activeElement, bar = document.querySelector(".bar").getBoundingClientRect();
          radio.scrollIntoView({block: "nearest"});
          const box = radio.getBoundingClientRect();
          return [box.bottom <= bar.top, getComputedStyle(radio.nextElementSibling).outlineWidth];
        }"""
    )
    assert seen == [True, "3px"]
