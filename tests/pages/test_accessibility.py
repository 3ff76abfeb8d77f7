"""What assistive technology meets: axe-core finds nothing in any state, and the tree that a screen reader reads."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.pages.conftest import DESKTOP, PHONE, ZONE_IS_SETTLED, Visit

START = "start=2026-11-24T09:30Z&tz=Europe/Warsaw"
STILL = {
    "times": "/m/walk-58?tz=Europe/Warsaw",
    "all weeks": "/m/walk-58?weeks=all",
    "a zone": "/m/walk-58?change=zone",
    "a locked zone": "/m/locked-0",
    "a price": "/m/paid-2",
    "a logo": "/m/logo-0?tz=Europe/Warsaw",
    "a logo beside the name": "/m/logo-1?tz=Europe/Warsaw",
    "nothing free": "/m/full-0",
    "a form of every kind": f"/m/questions-2?{START}",
    "a form with boxes": f"/m/asked-2?{START}",
    "a time too soon": "/m/walk-58?start=2026-11-20T09:30Z",
    "in a frame": "/m/walk-58?embed=1",
    "a group": "/m/group-2",
    "switched off": "/m/closed-0",
    "unknown": "/m/nowhere",
    "a wrong manage link": "/b/1-wrong",
}
SNAPSHOTS = Path(__file__).parent / "snapshots"


LOOKS = [(False, PHONE), (True, DESKTOP)]
if os.environ.get("PARLEY_TEST_FULL") == "1":
    LOOKS += [(False, DESKTOP), (True, PHONE)]


@pytest.mark.parametrize(("dark", "viewport"), LOOKS)
def test_axe_finds_nothing_in_any_state(visit: Visit, dark: bool, viewport: dict[str, int]) -> None:
    """E-24."""
    page = visit("/m/walk-58", dark=dark, viewport=viewport)
    found = {}
    for name in _states(page):
        page.wait_for_function(ZONE_IS_SETTLED)
        found[name] = [
            (one["id"], [node["html"] for node in one["nodes"]]) for one in Axe().run(page).response["violations"]
        ]
    assert {name: one for name, one in found.items() if one} == {}
    assert len(found) == len(STILL) + 9


def _states(page: Page) -> Iterator[str]:
    """Every state of the pages, one after the other, by name."""
    for name, path in STILL.items():
        page.goto(path)
        yield name
    number = next(_numbers)
    page.goto(f"/m/walk-{number}?{START}")
    page.evaluate("document.getElementById('hold').hidden = false; document.body.classList.add('is-offline')")
    yield "a hold about to end, offline"
    page.evaluate("document.getElementById('details').noValidate = true")
    page.get_by_role("button", name="Add another person").click()
    page.fill("#guest-0", "nobody")
    page.evaluate("document.getElementById('details').noValidate = true")
    page.locator("#details > .fields button[data-main]").click()
    expect(page.locator(".box.danger")).to_be_focused()
    yield "mistakes"
    page.get_by_role("button", name="Remove person 1").click()
    page.fill("#first_name", "Marek")
    page.fill("#email", "marek@client.example")
    page.fill("#answer-look", "The arm")
    page.locator("#details > .fields button[data-main]").click()
    expect(page.locator("h1")).to_have_text("You are booked")
    yield "booked"
    booking = page.url.partition("?")[0]
    page.goto(f"/m/walk-{number}?{START}")
    yield "a lost time"
    for name, path in {"a booking": "", "another time": "/move?tz=Europe/Warsaw", "a question": "/cancel"}.items():
        page.goto(f"{booking}{path}")
        yield name
    page.get_by_role("button", name="Cancel the meeting").click()
    yield "just canceled"
    page.goto(booking)
    yield "canceled"


_numbers = iter(range(50, 58))


@pytest.mark.parametrize("state", ["times", "a form of every kind"])
def test_what_a_screen_reader_reads_was_looked_over(visit: Visit, state: str) -> None:
    """E-24. A change of the file is a change of what is heard: read it aloud before it is kept."""
    page = visit(STILL[state])
    lines = page.locator("main").aria_snapshot().splitlines()
    heard = [re.sub(r"now [0-9:]+", "now 8:02", line) for line in lines if "/url:" not in line]
    file = SNAPSHOTS / f"{state.replace(' ', '-')}.yaml"
    assert "\n".join(heard) + "\n" == file.read_text()


def test_forced_colours_still_show_what_is_chosen(visit: Visit) -> None:
    page = visit("/m/walk-58?tz=Europe/Warsaw")
    page.emulate_media(forced_colors="active")
    page.locator(".chip").nth(2).click()
    fills = page.evaluate(
        """() => [".chip input:checked + span", ".chip input:not(:checked) + span",
            ".day[aria-current]", "a.day:not([aria-current])"]
          .map(one => getComputedStyle(document.querySelector(one)).backgroundColor)"""
    )
    assert fills[0] != fills[1]
    assert fills[2] != fills[3]
