"""What became of a payment, asked by the client of whoever pays."""

from __future__ import annotations

import pytest

from server import clock, settings
from server.booking.manage_link import manage_token_of
from server.models import Meeting, Payment
from tests.resolvers.asking import answer
from tests.resolvers.documents import operation
from tests.server.payments.scene import NOW, a_paid_link, told

BOOK = operation("book_meeting")
STANDS = """query ($t: String!) { bookingPayment(token: $t) {
  state isUnderWay amount currency expiresAt booking { id manageUrl } } }"""
STARTS_AT = "2026-11-23T10:00:00Z"


@pytest.fixture(autouse=True)
def demo(in_use: settings.Settings) -> None:
    settings.use(in_use.model_copy(update={"demo": True}))


async def stands(token: str) -> object:
    return (await answer(STANDS, t=token))["bookingPayment"]


@pytest.mark.capability("S1-26", "S1-27")
async def test_a_client_learns_that_the_meeting_stands_once_it_is_paid_for(db: str) -> None:
    _, link = await a_paid_link()
    asked = {"slug": link.slug, "startsAt": STARTS_AT, "email": "tomasz@client.example", "firstName": "Tomasz"}
    with clock.travel(NOW):
        begun = (await answer(BOOK, input=asked))["bookMeeting"]["payment"]
        before = await stands(begun["token"])
        await told(await Payment.get(), "PAID")
        after = await stands(begun["token"])
    meeting = await Meeting.get()
    open_payment = {
        "state": "OPEN",
        "isUnderWay": False,
        "amount": 8000,
        "currency": "EUR",
        "expiresAt": begun["expiresAt"],
        "booking": None,
    }
    assert begun["statusUrl"].endswith(begun["token"])
    assert before == open_payment
    address = settings.current().address(f"/b/{manage_token_of(meeting)}")
    booking = {"id": f"mtg_{meeting.id}", "manageUrl": address}
    assert after == open_payment | {"state": "PAID", "booking": booking}


@pytest.mark.capability("S1-27")
@pytest.mark.parametrize(("notice", "state"), [("FAILED", "FAILED"), ("EXPIRED", "EXPIRED")])
async def test_a_client_learns_that_nothing_came_of_it(db: str, notice: str, state: str) -> None:
    _, link = await a_paid_link()
    asked = {"slug": link.slug, "startsAt": STARTS_AT, "email": "tomasz@client.example", "firstName": "Tomasz"}
    with clock.travel(NOW):
        begun = (await answer(BOOK, input=asked))["bookMeeting"]["payment"]
        await told(await Payment.get(), notice)
        stood = await stands(begun["token"])
    assert isinstance(stood, dict)
    assert (stood["state"], stood["booking"]) == (state, None)


@pytest.mark.capability("S1-27")
async def test_a_client_learns_that_the_money_is_under_way_and_then_that_it_came(db: str) -> None:
    _, link = await a_paid_link()
    asked = {"slug": link.slug, "startsAt": STARTS_AT, "email": "tomasz@client.example", "firstName": "Tomasz"}
    with clock.travel(NOW):
        begun = (await answer(BOOK, input=asked))["bookMeeting"]["payment"]
        stood = []
        for notice in ("UNDER_WAY", "PAID"):
            await told(await Payment.get(), notice)
            stood.append(await stands(begun["token"]))
    found = [(one["state"], one["isUnderWay"], one["expiresAt"]) for one in stood if isinstance(one, dict)]
    assert found == [("OPEN", True, STARTS_AT), ("PAID", False, STARTS_AT)]


async def test_nobody_learns_anything_by_another_token(db: str) -> None:
    assert [await stands(one) for one in ("", "wrong", "\u00e9" * 300)] == [None] * 3
