"""The database goes away while a meeting is booked: nobody can say any more whether it stands."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.pages.conftest import PHONE, Visit
from tests.pages.test_walks import book, choose, fill_in

AWAY, BACK = "ALTER TABLE kept_result RENAME TO kept_away", "ALTER TABLE kept_away RENAME TO kept_result"
UNSURE = "We do not know yet whether it was booked; check your mail before trying again."


@pytest.fixture
def rows(site: str, folder: Path) -> Iterator[sqlite3.Connection]:
    """The database of the server, from outside."""
    given: dict[str, Any] = {"isolation_level": None, "timeout": 10, "check_same_thread": False}
    with closing(sqlite3.connect(folder / "pages.sqlite3", **given)) as connection:
        yield connection


@pytest.mark.parametrize(("script", "dark"), [(True, False), (False, True)])
def test_who_cannot_be_told_whether_it_is_booked_is_told_so_and_keeps_the_form(
    visit: Visit, slug: str, rows: sqlite3.Connection, script: bool, dark: bool
) -> None:
    """E-13. What is read before is there, what is written finds that something is missing, and so does the look after
    it."""
    page = visit(f"/m/{slug}", script=script, dark=dark, viewport=PHONE)
    choose(page, "10:30")
    fill_in(page)
    page.wait_for_load_state("networkidle")
    _book_while_it_goes_away(page, rows)
    rows.execute(BACK)
    box = page.locator(".box.danger")
    expect(box).to_contain_text(UNSURE)
    expect(box).to_contain_text("Reference: ")
    expect(page.locator("#email")).to_have_value("marek@client.example")
    expect(page.locator("#answer-look")).to_have_value("The sorting arm")
    assert "Nothing was" not in page.locator("main").inner_text()
    if script:
        assert [one["id"] for one in Axe().run(page).response["violations"]] == []
        expect(box).to_be_focused()
    book(page)
    expect(page.locator("h1")).to_have_text("You are booked")


def _book_while_it_goes_away(page: Page, rows: sqlite3.Connection) -> None:
    """The server has looked whether this form has booked, and waits to write."""
    rows.execute("BEGIN IMMEDIATE")
    going = threading.Timer(1.0, lambda: [rows.execute(one) for one in (AWAY, "COMMIT")])
    going.start()
    book(page)
    going.join()
    expect(page.locator(".box.danger")).to_be_visible()
