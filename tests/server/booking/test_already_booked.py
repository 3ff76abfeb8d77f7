"""What a form's key knows of an earlier booking."""

from __future__ import annotations

from server.booking.already_booked import already_booked, booked_by_form
from server.booking.book import book
from tests.factories import a_link
from tests.server.booking.scene import a_booking, a_host_with_a_link, at, page_of_slug


async def test_already_booked_is_told_to_the_same_key_and_address_on_the_same_page(db: str) -> None:
    _, host, link = await a_host_with_a_link()
    other = await a_link(host, slug="other-page")
    with at():
        booked = await book(a_booking(link, idempotency_key="form-1"))
    page = await page_of_slug(link.slug)
    assert await already_booked(page, "form-1", " Tomasz@Client.example ") == booked.manage_token
    assert await already_booked(page, "form-1", "somebody@client.example") is None
    assert await already_booked(page, "form-2", "tomasz@client.example") is None
    assert await already_booked(page, "", "tomasz@client.example") is None
    assert await already_booked(await page_of_slug(other.slug), "form-1", "tomasz@client.example") is None


async def test_what_a_form_has_booked_is_known_by_its_key_on_its_page(db: str) -> None:
    _, host, link = await a_host_with_a_link()
    other = await a_link(host, slug="other-page")
    page = await page_of_slug(link.slug)
    with at():
        booked = await book(a_booking(link, idempotency_key="form-1"))
    found = {key: [one.id for one in await booked_by_form(page, key)] for key in ("form-1", "form-2", "")}
    assert found == {"form-1": [booked.meeting_id], "form-2": [], "": []}
    assert await booked_by_form(await page_of_slug(other.slug), "form-1") == []
