"""Somebody who was invited, or forgot theirs, sets a password in a browser."""

from __future__ import annotations

import json
from pathlib import Path

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from server.wording import direction, say
from tests.pages.conftest import DESKTOP, PHONE, Visit
from tests.pages.test_look import OVERFLOW

PASSWORD = "correct horse battery"
SIGN_IN = "mutation ($input: SignInInput!) { signIn(input: $input) { session { viewer { user { name } } } } }"


@pytest.mark.parametrize(
    ("number", "script", "locale", "viewport", "dark"),
    [
        (0, True, "en", PHONE, False),
        (1, False, "en", DESKTOP, True),
        (2, False, "ar", {"width": 320, "height": 700}, True),
        (3, True, "ar", PHONE, True),
    ],
)
def test_a_password_is_set_once_in_the_language_that_was_chosen(
    visit: Visit,
    site: str,
    folder: Path,
    number: int,
    script: bool,
    locale: str,
    viewport: dict[str, int],
    dark: bool,
) -> None:
    given = json.loads((folder / "passwords").read_text())[number]
    is_invitation = given["path"].startswith("/invitation")
    page = visit(f"{given['path']}?lang={locale}", locale="pl-PL", script=script, viewport=viewport, dark=dark)
    heading = "password.invited" if is_invitation else "password.forgotten"
    expect(page.locator("h1")).to_have_text(say(locale, heading, company="Fernhill Robotics"))
    assert looked_over(page, locale, axe=script) == []
    page.locator("form").evaluate("form => { form.noValidate = true }")
    page.fill("#password", "short")
    if is_invitation:
        page.fill("#name", "")
    page.get_by_role("button", name=say(locale, "password.save")).click()
    wrong = ["name", "password"] if is_invitation else ["password"]
    expect(page.locator(".box.danger a")).to_have_count(len(wrong))
    assert [one.get_attribute("href") for one in page.locator(".box.danger a").all()] == [f"#{one}" for one in wrong]
    expect(page.locator("#password-wrong")).to_have_text(say(locale, "password.too_short"))
    expect(page.locator("#password")).to_have_value("")
    if script:
        expect(page.locator(".box.danger")).to_be_focused()
    assert looked_over(page, locale, axe=script) == []
    page.fill("#password", PASSWORD)
    if is_invitation:
        page.fill("#name", "Nora Lis")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text(say(locale, "password.saved"))
    assert looked_over(page, locale, axe=script) == []
    page.goto(f"{given['path']}?lang={locale}")
    expect(page.locator("h1")).to_have_text(say(locale, "password.wrong_link"))
    assert looked_over(page, locale, axe=script) == []
    signed_in = httpx.post(
        f"{site}/graphql",
        json={"query": SIGN_IN, "variables": {"input": {"email": given["email"], "password": PASSWORD}}},
    ).json()
    name = "Nora Lis" if is_invitation else f"nora{number}"
    assert signed_in["data"]["signIn"]["session"]["viewer"]["user"]["name"] == name


def looked_over(page: Page, locale: str, *, axe: bool) -> list[str]:
    """What axe finds in this state, which is a script, and whether anything is wider than the screen or runs the wrong
    way."""
    found = [str(one["id"]) for one in Axe().run(page).response["violations"]] if axe else []
    if page.evaluate(OVERFLOW) > 0:
        found.append("wider than the screen")
    if page.locator("html").get_attribute("dir") != direction(locale):
        found.append("the wrong way round")
    return found
