"""Where a form leads that came in: the confirmation, the next site, or back with what to mend."""

from __future__ import annotations

import pytest

from server import clock, database
from server.models import Contact, Meeting
from tests.server.web.pages.scene import TYPED, a_page, details, sent
from tests.server.web.pages.visiting import MONDAY, visitor

THANKS = "https://www.fernhill.example/thanks?from=page"


@pytest.mark.capability("S1-44")
@pytest.mark.parametrize(
    ("with_details", "target"),
    [
        (False, THANKS),
        (
            True,
            f"{THANKS}&firstName=Marek&lastName=Nowicki&email=marek%40client.example&startsAt=2026-11-24T09%3A30Z"
            "&endsAt=2026-11-24T10%3A00Z&timeZone=Europe%2FWarsaw",
        ),
    ],
)
async def test_the_link_alone_says_where_a_booking_leads(db: str, with_details: bool, target: str) -> None:
    await a_page(redirect_url=THANKS, redirects_with_details=with_details)
    with clock.travel(MONDAY):
        async with visitor() as visiting:
            visiting.client.follow_redirects = False
            look = await visiting.get(
                "/m/ines?start=2026-11-24T09:30Z&key=k&redirect_url=https://evil.example&next=//x"
            )
            seen = await sent(visiting, look.form("details"))
            inside = await sent(visiting, await details(visiting, "2026-11-25T09:30Z", "&embed=1&key=another"))
    assert (seen.status, seen.answer.headers["location"]) == (303, target)
    assert "form-action 'self' https://www.fernhill.example;" in look.answer.headers["content-security-policy"]
    assert inside.answer.headers["location"].startswith("/b/")


@pytest.mark.capability("S1-44")
async def test_the_links_own_words_stand_on_the_confirmation_and_nowhere_later(db: str) -> None:
    await a_page(confirmation_message="Bring <b>drawings</b>.", redirect_url="")
    with clock.travel(MONDAY):
        async with visitor() as visiting:
            seen = await sent(visiting, await details(visiting))
            later = await visiting.get(seen.answer.url.path)
    assert "Bring &lt;b&gt;drawings&lt;/b&gt;." in seen.answer.text
    assert "drawings" not in later.answer.text


async def test_from_inside_a_frame_the_visitor_goes_on_by_themselves(db: str) -> None:
    await a_page(redirect_url=THANKS)
    with clock.travel(MONDAY):
        async with visitor() as visiting:
            seen = await sent(visiting, await details(visiting, query="&embed=1"))
    assert seen.href("Continue") == THANKS
    assert seen.links(target="_top") == ["Continue"]


async def test_a_fault_of_ours_says_that_nothing_was_booked_and_keeps_the_form(db: str) -> None:
    """E-13."""
    await a_page()
    with clock.travel(MONDAY):
        async with visitor() as visiting:
            form = await details(visiting)
            await database.execute("ALTER TABLE job RENAME TO job_away")
            seen = await sent(visiting, form)
            await database.execute("ALTER TABLE job_away RENAME TO job")
            again = await sent(visiting, seen.form("details"))
    assert (seen.status, seen.form("details").fields["email"]) == (500, [TYPED["email"]])
    assert "Something went wrong on our side. Nothing was booked." in seen.text
    assert again.title == "You are booked - Product walkthrough"
    assert await Meeting.all().count() == 1


async def test_a_character_that_no_text_can_hold_does_not_break_the_form(db: str) -> None:
    await a_page()
    with clock.travel(MONDAY):
        async with visitor() as visiting:
            form = await details(visiting)
            form.fields["key"] = ["k\0ey"]
            seen = await sent(visiting, form, email="marek\0@client.example", first_name="Marek\0")
    assert seen.title == "You are booked - Product walkthrough"
    assert await Contact.all().values_list("first_name", "email") == [("Marek", "marek@client.example")]


async def test_a_link_whose_price_nobody_can_take_says_so_and_keeps_the_form(db: str) -> None:
    await a_page(price_amount=8000, price_currency="EUR")
    with clock.travel(MONDAY):
        async with visitor() as visiting:
            seen = await sent(visiting, await details(visiting))
    assert (seen.status, seen.form("details").fields["email"]) == (422, [TYPED["email"]])
    assert "No payment can be made at the moment. Nothing was charged." in seen.text
