"""The mails about a payment, as they arrive."""

from __future__ import annotations

import pytest

from server import settings
from server.booking.cancel import cancel
from server.booking.manage_link import manage_token_of
from server.models import Meeting, Payment
from server.wording import LOCALES, money, say
from server.worker import work_once
from tests.server.booking.scene import at
from tests.server.gateways.mail.receiving import Receiver
from tests.server.payments.scene import a_paid_link, begun, told

pytestmark = [pytest.mark.capability("S1-27")]

KINDS = ("payment_received", "payment_lost", "payment_lost_host", "payment_refunded")


@pytest.fixture(autouse=True)
def demo(receiver: Receiver) -> None:
    """Payments go through the built-in provider, mails to the receiver of this test."""
    settings.use(settings.current().model_copy(update={"demo": True}))


def of_payments(receiver: Receiver) -> list[tuple[str, str]]:
    """Kind and addressee of each mail about a payment, in the order in which they came."""
    return [(str(mail["X-Parley-Kind"]), str(mail["To"])) for mail in receiver.mails if mail["X-Parley-Kind"] in KINDS]


def text_of(receiver: Receiver, kind: str) -> tuple[str, str, str]:
    """Subject, text and HTML of the one mail of that kind."""
    (mail,) = [one for one in receiver.mails if one["X-Parley-Kind"] == kind]
    bodies = [mail.get_body((form,)) for form in ("plain", "html")]
    text, html = (str(body.get_content()) for body in bodies if body is not None)
    return str(mail["Subject"]), text, html


async def everything_is_sent() -> None:
    while await work_once():
        pass


@pytest.mark.parametrize("locale", LOCALES)
async def test_who_paid_gets_a_receipt_in_their_language_and_zone(receiver: Receiver, locale: str) -> None:
    with at():
        _, link = await a_paid_link()
        _, payment = await begun(link, locale=locale, first_name="Tomasz & <b>", last_name="")
        await told(payment, "PAID")
        await everything_is_sent()
    amount = money.spell(8000, "EUR", locale)
    subject, text, html = text_of(receiver, "payment_received")
    assert of_payments(receiver) == [("payment_received", '"Tomasz & <b>" <tomasz@client.example>')]
    assert subject == say(locale, "mail.payment_received.subject", title="Intro call")
    assert say(locale, "mail.payment_received.opening", amount=amount) in text
    assert "GMT" in text or "UTC" in text
    assert "<b>" not in html.replace("<b ", "")


async def test_both_sides_hear_of_a_lost_time_and_the_payer_of_the_money(receiver: Receiver) -> None:
    with at():
        host, link = await a_paid_link()
        _, payment = await begun(link)
        await told(payment, "EXPIRED")
        _, other = await begun(link, email="other@client.example")
        await told(other, "PAID")
        await everything_is_sent()
        receiver.mails.clear()
        await told(payment, "PAID")
        await everything_is_sent()
    assert sorted(of_payments(receiver)) == [
        ("payment_lost", "Tomasz Lis <tomasz@client.example>"),
        ("payment_lost_host", f"Ines Marek <{host.email}>"),
        ("payment_refunded", "Tomasz Lis <tomasz@client.example>"),
    ]
    _, text, _ = text_of(receiver, "payment_lost")
    assert f"https://meet.example.com/m/{link.slug}" in text
    assert "Your payment of €80 came through, but the time had been taken by then." in text
    subject, text, _ = text_of(receiver, "payment_lost_host")
    assert subject == "Paid, but not booked: Tomasz Lis"
    assert "Monday 23 November 2026, 10:00" in text
    assert "Europe/Warsaw" in text or "Warsaw time" in text


async def test_who_cancels_hears_of_the_money_once(receiver: Receiver) -> None:
    with at():
        _, link = await a_paid_link()
        _, payment = await begun(link)
        await told(payment, "PAID")
        await cancel(manage_token_of(await Meeting.get(payment_id=payment.id)))
        await everything_is_sent()
        await told(payment, "REFUNDED")
        await everything_is_sent()
    assert [kind for kind, _ in of_payments(receiver)] == ["payment_received", "payment_refunded"]
    assert (await Payment.get(id=payment.id)).refunded_at is not None
