"""What can be measured of how the pages look: what fits, what shifts, what is big enough to tap."""

from __future__ import annotations

import itertools

import pytest
from playwright.sync_api import Page, Route, expect

from tests.pages.conftest import DESKTOP, PHONE, Visit
from tests.pages.test_walks import book, fill_in

OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
CUT = """() => [...document.querySelectorAll("header *, main *")]
  .filter(one => !one.childElementCount && !one.closest(".vh, .rest, .heard, .trap, .skip, .brief, option, select"))
  .filter(one => getComputedStyle(one).display !== "inline" && one.scrollWidth > one.clientWidth + 1)
  .map(one => one.textContent.trim())"""
ENDS_OF_RANGE = """() => {
  const text = document.getElementById("chosen").firstChild;
  const dash = text.textContent.lastIndexOf("-");
  const before = text.textContent.slice(0, dash), after = text.textContent.slice(dash);
  const place = (from, to) => {
    const range = document.createRange();
    range.setStart(text, from);
    range.setEnd(text, to);
    const { left, right, top } = range.getBoundingClientRect();
    return { left, right, top };
  };
  const starts = before.search(/[^ ]+:/), ends = dash + after.search(/[0-9\u0660-\u0669]/);
  return [place(starts, starts + 4), place(ends, ends + 4)];
}"""
SMALL_TARGETS = """() => [...document.querySelectorAll("a, button, input:not([type=hidden]), select, summary")]
  .filter(one => !one.closest(".trap, .vh, .heard, .skip, p") && one.getClientRects().length)
  .map(one => [one.textContent.trim() || one.name, Math.round(one.getBoundingClientRect().height)])
  .filter(([, height]) => height < 24)"""


SHIFTS = """() => new Promise(done => new PerformanceObserver(list =>
  done(list.getEntries().reduce((sum, one) => sum + one.value, 0)))
  .observe({type: "layout-shift", buffered: true}) || setTimeout(() => done(0), 300))"""
# It may paint before the last word of the header is read, and that word then moves the corner. Without other work it is
# none at all, which tests/pages/test_budget.py holds of the best of three.
OF_A_BUSY_MACHINE = 0.001
BESIDE_ITS_COLUMN = """() => [...document.querySelectorAll(".card p, .card dd, .card h1, .card h2")]
  .filter(one => one.getBoundingClientRect().right > one.closest("section").getBoundingClientRect().right
    || one.scrollWidth > one.clientWidth + 1)
  .map(one => one.textContent.trim())"""


@pytest.mark.parametrize("locale", ["en-GB", "pl-PL", "zh-TW", "de-DE", "ja-JP", "ar-EG"])
def test_eight_times_of_the_first_day_fit_on_a_phone_without_scrolling(visit: Visit, slug: str, locale: str) -> None:
    page = visit(f"/m/{slug}", locale=locale)
    eighth = page.locator(".chip").nth(7).bounding_box()
    assert eighth is not None
    assert eighth["y"] + eighth["height"] <= PHONE["height"]


@pytest.mark.parametrize(
    ("locale", "widths"),
    [
        *itertools.product(["en-GB", "pl-PL", "zh-TW", "en-US"], [(320, 390, 768, 900, 1280)]),
        *itertools.product(["de-DE", "es-MX", "fr-CA", "ja-JP", "ar-EG", "ar-MA"], [(320, 900)]),
    ],
)
def test_nothing_is_wider_than_the_screen(visit: Visit, locale: str, widths: tuple[int, ...]) -> None:
    page, over = visit("/m/walk-59", locale=locale), {}
    for path in ("", "?start=2026-11-24T09:30Z", "?change=zone", "?weeks=all"):
        page.goto(f"/m/walk-59{path}")
        for width in widths:
            page.set_viewport_size({"width": width, "height": 800})
            over[path, width] = page.evaluate(OVERFLOW)
    assert [place for place, pixels in over.items() if pixels > 0] == []


@pytest.mark.parametrize("locale", ["de-DE", "es-ES", "fr-FR", "ja-JP", "pl-PL", "ar"])
def test_no_word_is_cut_on_the_narrowest_phone(visit: Visit, slug: str, locale: str) -> None:
    page = visit(f"/m/{slug}", locale=locale, viewport={"width": 320, "height": 800})
    page.locator(".chip").first.click()
    cut = {"times": page.evaluate(CUT)}
    for name, path in (("details", "?start=2026-11-24T09:30Z"), ("zone", "?change=zone")):
        page.goto(f"/m/{slug}{path}")
        cut[name] = page.evaluate(CUT)
    assert cut == {"times": [], "details": [], "zone": []}


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP])
def test_a_long_address_stays_in_its_column(visit: Visit, slug: str, viewport: dict[str, int]) -> None:
    page = visit(f"/m/{slug}?start=2026-11-24T09:30Z", viewport=viewport)
    fill_in(page, f"wilhelmina.featherstonehaugh@{'kingfisher' * 5}.example")
    book(page)
    expect(page.locator("h1")).to_have_text("You are booked")
    assert page.evaluate(BESIDE_ITS_COLUMN) == []
    assert page.evaluate(OVERFLOW) <= 0


@pytest.mark.parametrize("locale", ["ar", "ar-EG", "ar-MA"])
def test_a_range_of_times_runs_with_the_language(visit: Visit, slug: str, locale: str) -> None:
    """The end of a range stands to the left of its beginning, and both on one line."""
    page = visit(f"/m/{slug}?date=2026-11-24", locale=locale)
    page.locator(".chip").first.click()
    starts, ends = page.evaluate(ENDS_OF_RANGE)
    assert ends["right"] < starts["left"]
    assert ends["top"] == starts["top"]
    assert page.locator(".steps a .mirrored").first.evaluate("one => getComputedStyle(one).transform") == (
        "matrix(-1, 0, 0, 1, 0, 0)"
    )


@pytest.mark.parametrize("path", ["", "?start=2026-11-24T09:30Z", "?weeks=all"])
def test_twice_the_text_size_still_fits(visit: Visit, path: str) -> None:
    page = visit(f"/m/walk-59{path}", viewport={"width": 640, "height": 900})
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert page.evaluate(OVERFLOW) <= 0


@pytest.mark.parametrize("path", ["", "?start=2026-11-24T09:30Z", "?change=zone"])
def test_everything_to_tap_is_big_enough(visit: Visit, path: str) -> None:
    page = visit(f"/m/walk-59{path}")
    assert page.evaluate(SMALL_TARGETS) == []
    for chip in page.locator(".chip").all()[:3]:
        box = chip.bounding_box()
        assert box is not None
        assert box["height"] >= 48


@pytest.mark.parametrize("viewport", [PHONE, {"width": 1280, "height": 800}])
def test_nothing_shifts_while_the_page_loads(visit: Visit, viewport: dict[str, int]) -> None:
    page = visit("/m/walk-59", viewport=viewport)
    page.wait_for_timeout(300)
    assert page.evaluate(SHIFTS) < OF_A_BUSY_MACHINE


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP])
def test_nothing_shifts_while_another_day_is_on_its_way(visit: Visit, viewport: dict[str, int]) -> None:
    """For so long that grey rows stand where its times will be."""
    page = visit("/m/walk-59?tz=Europe/Warsaw", viewport=viewport)
    under_way: list[Route] = []
    page.route("**/m/**", lambda route: under_way.append(route))
    page.locator("a.day:visible", has_text="26").first.click()
    expect(page.locator("#page.slower")).to_have_count(1)
    for one in under_way:
        one.continue_()
    expect(page.locator("#day")).to_have_text("Thursday 26 November")
    assert page.evaluate(SHIFTS) < OF_A_BUSY_MACHINE


def test_the_card_keeps_its_height_when_a_time_is_chosen(visit: Visit) -> None:
    page = visit("/m/walk-59", viewport={"width": 1280, "height": 800})
    before = page.locator(".card").bounding_box()
    page.locator(".chip").first.click()
    expect(page.locator(".bar")).to_be_visible()
    assert page.locator(".card").bounding_box() == before


def test_there_is_no_bar_before_a_time_is_chosen(visit: Visit) -> None:
    page = visit("/m/walk-59")
    expect(page.locator(".bar")).to_be_hidden()
    page.locator(".chip").nth(3).click()
    expect(page.locator("#chosen")).to_contain_text("Mon 23 Nov")
    expect(page.locator("#said")).to_contain_text("Warsaw time")


@pytest.mark.parametrize("dark", [False, True])
def test_the_theme_is_the_devices(visit: Visit, dark: bool) -> None:
    page = visit("/m/walk-59", dark=dark)
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert ground == ("rgb(13, 20, 18)" if dark else "rgb(243, 245, 242)")


def test_the_page_turns_round_for_text_from_right_to_left(visit: Visit) -> None:
    """E-40: nothing overflows and the order of the columns is mirrored."""
    page = visit("/m/walk-59", viewport={"width": 1280, "height": 800})
    page.evaluate("document.documentElement.dir = 'rtl'")
    places = [column_at(page, name) for name in (".about", ".when", ".times")]
    assert places == sorted(places, reverse=True)
    assert page.evaluate(OVERFLOW) <= 0


def column_at(page: Page, selector: str) -> float:
    box = page.locator(selector).first.bounding_box()
    assert box is not None
    return box["x"]
