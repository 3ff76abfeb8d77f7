"""Ines's page, the form on it, and somebody who is quicker."""

from __future__ import annotations

from datetime import timedelta

from server import clock
from server.booking.book import Booking, book
from server.models import MeetingLink
from server.models.enums import LocationKind
from tests.factories import a_link, a_user, an_account
from tests.server.web.pages.visiting import MONDAY, Form, Seen, Visitor

TYPED = {"first_name": "Marek", "last_name": "Nowicki", "email": "marek@client.example"}
PERSON = timedelta(seconds=5)


async def a_page(**fields: object) -> MeetingLink:
    """A link of Ines Almeida at Fernhill Robotics."""
    account = await an_account("Fernhill Robotics", contact_email="hello@fernhill.example")
    given = {"slug": "ines", "increment_minutes": 30, "location_kind": LocationKind.VIDEO} | fields
    return await a_link(await a_user(account, "Ines Almeida"), "Product walkthrough", **given)


async def details(visiting: Visitor, start: str = "2026-11-24T09:30Z", query: str = "") -> Form:
    """The form of the second step."""
    return (await visiting.get(f"/m/ines?start={start}&key=one-key{query}")).form("details")


async def sent(visiting: Visitor, form: Form, **typed: str | list[str]) -> Seen:
    """The form, sent back after the time a person takes."""
    with clock.travel(clock.now() + PERSON):
        return await visiting.send(form, **(TYPED | typed))


async def somebody_books(start: str = "2026-11-24T09:30:00+00:00") -> None:
    """Another visitor is quicker."""
    starts_at = MONDAY.fromisoformat(start)
    await book(Booking("ines", starts_at, "quick@client.example", first_name="Quick"))
