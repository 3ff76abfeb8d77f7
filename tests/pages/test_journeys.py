"""What a link can ask of a visitor beyond a time and a name, walked from the link to the confirmation."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.pages.conftest import DESKTOP, PHONE, Visit

START = "start=2026-11-24T09:30Z&tz=Europe/Warsaw"


def send(page: Page) -> None:
    """The button at the end of the form."""
    page.locator("#details > .fields button[data-main]").click()


def introduce(page: Page, email: str = "marek@client.example") -> None:
    """A name and an address."""
    page.fill("#first_name", "Marek")
    page.fill("#email", email)


@pytest.mark.capability("S1-23", "S1-24", "S1-44")
@pytest.mark.parametrize(
    ("slug", "script", "viewport", "inviting", "length", "span"),
    [
        ("group-0", True, PHONE, "with Ines, Jonas and 1 more", None, "10:30 - 11:00"),
        ("team-0", False, DESKTOP, "Customer care", None, "10:30 - 11:00"),
        ("thanks-0", True, DESKTOP, "Ines Almeida", "60 min", "10:30 - 11:30"),
        ("thanks-1", False, PHONE, "Ines Almeida", "45 min", "10:30 - 11:15"),
    ],
)
def test_a_page_of_each_kind_is_booked(
    visit: Visit, slug: str, script: bool, viewport: dict[str, int], inviting: str, length: str | None, span: str
) -> None:
    page = visit(f"/m/{slug}?tz=Europe/Warsaw", script=script, viewport=viewport)
    expect(page.locator(".who")).to_contain_text(inviting)
    if length:
        page.get_by_role("link", name=length).click()
        expect(page.locator(".segments [aria-current]")).to_have_text(length)
    page.locator("a.day:visible", has_text="24").first.click()
    expect(page.locator("#day")).to_have_text("Tuesday 24 November")
    page.locator(".chip", has_text="10:30").click()
    page.get_by_role("button", name="Continue").click()
    introduce(page)
    send(page)
    expect(page.locator("h1")).to_have_text("You are booked")
    expect(page.locator("dl dd").first).to_contain_text(span)
    if slug.startswith("thanks"):
        expect(page.locator(".own-words")).to_have_text(
            "Bring a drawing.\nThe door is on the left.", use_inner_text=True
        )


@pytest.mark.capability("S1-24")
@pytest.mark.parametrize(("slug", "script"), [("questions-0", True), ("questions-1", False)])
def test_every_kind_of_question_is_asked_mended_and_kept(visit: Visit, slug: str, script: bool) -> None:
    page = visit(f"/m/{slug}?{START}", script=script)
    introduce(page)
    page.fill("#answer-topic", "The <b>arm</b>")
    page.fill("#answer-detail", "Two lines\nof it")
    page.fill("#answer-people", "3")
    page.check("input[name=answer-days][value=Tue]")
    page.check("#answer-visit")
    page.fill("#answer-since", "2024-05-01")
    page.fill("#answer-call", "nobody")
    page.get_by_role("button", name="Add another person").click()
    page.fill("#guest-0", "first@client.example")
    page.get_by_role("button", name="Add another person").click()
    page.fill("#guest-1", "second@client.example")
    page.get_by_role("button", name="Remove person 1").click()
    expect(page.locator("#guest-0")).to_have_value("second@client.example")
    expect(page.locator("#guest-1")).to_have_count(0)
    page.locator("#details").evaluate("form => { form.noValidate = true }")
    send(page)
    expect(page.locator(".box.danger li")).to_have_text(
        ['Answer "Which arm?"', 'Check your answer to "Whom may we call?"']
    )
    assert kept(page) == ["The <b>arm</b>", "Two lines\nof it", "3", "", "2024-05-01", "nobody"]
    expect(page.locator("input[name=answer-days][value=Tue]")).to_be_checked()
    expect(page.locator("#answer-visit")).to_be_checked()
    page.select_option("#answer-arm", "Packer")
    page.fill("#answer-call", "+48 600 100 200")
    send(page)
    expect(page.locator("h1")).to_have_text("You are booked")


def kept(page: Page) -> list[str]:
    """What the form still holds."""
    return [page.input_value(f"#answer-{key}") for key in ("topic", "detail", "people", "arm", "since", "call")]


@pytest.mark.capability("S1-24", "S1-44")
@pytest.mark.parametrize(("slug", "script"), [("asked-0", True), ("asked-1", False)])
def test_boxes_are_never_ticked_and_the_required_ones_are_waited_for(visit: Visit, slug: str, script: bool) -> None:
    page = visit(f"/m/{slug}?{START}", script=script)
    introduce(page)
    page.fill("#last_name", "Nowicki")
    page.locator("#details").evaluate("form => { form.noValidate = true }")
    send(page)
    assert page.locator("input[name=consent]:checked").count() == 0
    expect(page.locator(".box.danger li")).to_have_text(['Fill in "Company"', "Tick the box to agree"])
    page.fill("#company", "Client Ltd")
    page.check("#consent-processing")
    send(page)
    expect(page.locator("h1")).to_have_text("You are booked")


@pytest.mark.capability("S1-28", "S1-31", "S1-44")
@pytest.mark.parametrize(("slug", "script"), [("prefill-0", True), ("prefill-1", False)])
def test_only_the_device_that_booked_finds_its_details_again(visit: Visit, slug: str, script: bool) -> None:
    page = visit(f"/m/{slug}?{START}", script=script)
    expect(page.locator(".note")).to_have_count(0)
    introduce(page)
    page.fill("#phone", "+48 600 100 200")
    page.fill("#answer-look", "Something secret")
    send(page)
    expect(page.locator("h1")).to_have_text("You are booked")
    (cookie,) = page.context.cookies()
    assert (cookie["httpOnly"], cookie["sameSite"], cookie["path"]) == (True, "Lax", "/m")
    another_day = f"/m/{slug}?start=2026-11-25T09:30Z&tz=Europe/Warsaw"
    page.goto(another_day)
    expect(page.locator("#email")).to_have_value("marek@client.example")
    expect(page.locator("#phone")).to_have_value("+48 600 100 200")
    expect(page.locator("#answer-look")).to_have_value("")
    expect(page.locator(".note")).to_contain_text("Filled in from your last booking on this device.")
    elsewhere = visit(another_day, script=script)
    expect(elsewhere.locator("#email")).to_have_value("")
    page.get_by_role("button", name="Not you?").click()
    expect(page.locator("#email")).to_have_value("")
    assert page.context.cookies() == []
    page.goto(another_day)
    expect(page.locator("#first_name")).to_have_value("")


@pytest.mark.capability("S1-29")
def test_a_contact_whom_the_site_knows_finds_what_they_submitted_there(visit: Visit, token: str) -> None:
    known = f"/m/prefill-2?visitor={token}&tz=Europe/Warsaw"
    page = visit(known)
    page.locator(".chip").first.click()
    page.get_by_role("button", name="Continue").click()
    expect(page.locator("#email")).to_have_value("")
    introduce(page, "tomasz@client.example")
    page.fill("#answer-look", "Something secret")
    send(page)
    expect(page.locator("h1")).to_have_text("You are booked")
    other_device = visit(f"{known}&start=2026-11-25T09:30Z")
    expect(other_device.locator("#email")).to_have_value("tomasz@client.example")
    expect(other_device.locator("#answer-look")).to_have_value("")
    stranger = visit("/m/prefill-2?start=2026-11-25T09:30Z&tz=Europe/Warsaw")
    expect(stranger.locator("#email")).to_have_value("")
    forger = visit(f"{known.replace(token, '1' + token)}&start=2026-11-25T09:30Z")
    expect(forger.locator("#email")).to_have_value("")


@pytest.mark.capability("S1-30")
@pytest.mark.parametrize(("slug", "script", "viewport"), [("auto-0", True, PHONE), ("auto-1", False, DESKTOP)])
def test_the_second_booking_of_a_device_needs_no_form(
    visit: Visit, slug: str, script: bool, viewport: dict[str, int]
) -> None:
    page = visit(f"/m/{slug}?{START}", script=script, viewport=viewport)
    introduce(page)
    send(page)
    expect(page.locator("h1")).to_have_text("You are booked")
    page.goto(f"/m/{slug}?date=2026-11-25&tz=Europe/Warsaw")
    expect(page.locator(".known")).to_contain_text("Booking as Marek, marek@client.example")
    page.locator(".chip", has_text="10:30").click()
    page.get_by_role("button", name="Book the meeting").click()
    expect(page.locator("h1")).to_have_text("You are booked")
    expect(page.locator(".done")).to_contain_text("We used the details from your last booking on this device.")
    expect(page.locator("dl")).to_contain_text("Wednesday 25 November 2026")
    page.goto(f"/m/{slug}?tz=Europe/Warsaw")
    page.get_by_role("button", name="Not you?").click()
    expect(page.locator(".known")).to_have_count(0)
    expect(page.locator(".bar button")).to_have_text("Continue")


def test_a_known_visitor_whose_chosen_time_goes_stays_and_sends_nothing(visit: Visit) -> None:
    page = visit(f"/m/auto-2?{START}")
    introduce(page)
    send(page)
    expect(page.locator("h1")).to_have_text("You are booked")
    with page.expect_request("**/graphql"):
        page.goto("/m/auto-2?date=2026-11-25&tz=Europe/Warsaw")
    chip = page.locator(".chip", has_text="10:30")
    chip.click()
    expect(page.locator(".bar")).to_be_visible()
    other = visit("/m/auto-2?start=2026-11-25T09:30Z&tz=Europe/Warsaw", script=False)
    introduce(other, "winner@client.example")
    send(other)
    expect(other.locator("h1")).to_have_text("You are booked")
    expect(chip.locator("input")).to_be_disabled()
    expect(chip.locator("input")).not_to_be_checked()
    expect(page.locator(".bar")).to_be_hidden()
    expect(page.locator(".known")).to_be_visible()


@pytest.mark.capability("S1-25", "S1-26", "S1-27")
@pytest.mark.parametrize(("slug", "script", "viewport"), [("paid-0", True, PHONE), ("paid-1", False, DESKTOP)])
def test_a_visitor_pays_and_is_booked(visit: Visit, slug: str, script: bool, viewport: dict[str, int]) -> None:
    page = visit(f"/m/{slug}?date=2026-11-24&tz=Europe/Warsaw", script=script, viewport=viewport)
    price, times = page.locator(".price").bounding_box(), page.locator("#zone").bounding_box()
    assert price is not None
    assert times is not None
    assert price["y"] < times["y"]
    expect(page.locator(".price")).to_have_text("€80, paid in the next step")
    page.locator(".chip", has_text="10:30").click()
    page.get_by_role("button", name="Continue").click()
    introduce(page)
    page.get_by_role("button", name="Continue to payment").last.click()
    expect(page.locator("h1")).to_have_text("A payment to try out")
    page.get_by_role("button", name="Pay €80").click()
    expect(page.locator("h1")).to_have_text("Paid and booked")


@pytest.mark.parametrize("script", [True, False])
def test_who_goes_back_from_paying_finds_their_own_time(visit: Visit, script: bool) -> None:
    """Under a second key: the first try did not go through."""
    slug = "paid-3" if script else "paid-4"
    page = visit(f"/m/{slug}?date=2026-11-24&tz=Europe/Warsaw", script=script)
    page.locator(".chip", has_text="10:30").click()
    page.get_by_role("button", name="Continue").click()
    form = page.url
    for outcome in ("declined", ""):
        page.goto(form)
        expect(page.locator(".summary")).to_contain_text("10:30 - 11:00")
        introduce(page)
        page.get_by_role("button", name="Continue to payment").last.click()
        expect(page.locator("h1")).to_have_text("A payment to try out")
        if outcome:
            page.get_by_role("button", name="Let it be declined").click()
            expect(page.locator("h1")).to_have_text("The payment did not go through")
    back_to(page, f"/m/{slug}?", "start=")
    expect(page.locator(".summary")).to_contain_text("10:30 - 11:00")
    expect(page.locator(".box.warn")).to_have_count(0)
    page.get_by_role("button", name="Continue to payment").last.click()
    page.get_by_role("button", name="Pay €80").click()
    expect(page.locator("h1")).to_have_text("Paid and booked")
    page.goto(form)
    expect(page.locator(".box.warn")).to_contain_text("10:30 is booked already.")
    if script:
        expect(page.locator("#email")).to_have_value("")


def back_to(page: Page, *parts: str) -> None:
    """The button of the browser, until the address has all of these parts."""
    for _ in range(6):
        page.go_back()
        if all(part in page.url for part in parts):
            return
    raise AssertionError(page.url)


@pytest.fixture
def token(site: str, folder: Path) -> str:
    """The signed token of a contact whom the account knows."""
    return (folder / "token").read_text()
