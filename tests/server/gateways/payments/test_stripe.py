from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from starlette.responses import JSONResponse

from server import clock
from server.gateways.errors import PermanentFailure, TemporaryFailure
from server.gateways.payments.port import NewCheckout, OpenCheckout, PaymentNotice, PaymentNoticeKind
from server.gateways.payments.signature import Forged
from server.gateways.payments.stripe import VERSION, StripeGateway
from tests.server.gateways.payments.fake_stripe import SECRET_KEY, WEBHOOK_SECRET, FakeStripe, fake_stripe

pytestmark = pytest.mark.capability("S1-26")

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
PAYMENT = "d" * 64


def new_checkout(**fields: Any) -> NewCheckout:
    given: dict[str, Any] = {
        "key": f"{PAYMENT}:1",
        "payment": PAYMENT,
        "token": "token",
        "amount": 8000,
        "currency": "EUR",
        "title": "Product walkthrough",
        "email": "tomasz@client.example",
        "locale": "pl",
        "paid_url": "https://meet.example.com/m/ines/payment/token?paid=1",
        "back_url": "https://meet.example.com/m/ines/payment/token",
        "expires_at": NOW + timedelta(minutes=31),
    }
    return NewCheckout(**(given | fields))


@pytest.fixture
async def stripe() -> AsyncIterator[FakeStripe]:
    async with fake_stripe(lambda: NOW) as running:
        yield running


def gateway(stripe: FakeStripe, **fields: Any) -> StripeGateway:
    given = {"url": stripe.url, "secret_key": SECRET_KEY, "webhook_secret": WEBHOOK_SECRET} | fields
    return StripeGateway(**given)


async def test_a_checkout_is_opened_with_the_fields_that_stripe_publishes(stripe: FakeStripe) -> None:
    opened = await gateway(stripe).open_checkout(new_checkout())
    session = stripe.sessions[opened.reference]
    assert opened == OpenCheckout(opened.reference, session["url"])
    assert (session["amount_total"], session["currency"], session["locale"]) == (8000, "eur", "pl")
    assert session["metadata"] == session["_intent_metadata"] == {"parley_payment": PAYMENT}
    assert session["success_url"] == "https://meet.example.com/m/ines/payment/token?paid=1"
    ((method, path, headers),) = stripe.asked
    assert (method, path) == ("POST", "/v1/checkout/sessions")
    assert (headers["stripe-version"], headers["idempotency-key"]) == (VERSION, f"{PAYMENT}:1")
    assert headers["content-type"] == "application/x-www-form-urlencoded"


@pytest.mark.parametrize(
    ("locale", "spoken"), [("ar", "auto"), ("en-GB", "en"), ("zh-Hant", "zh-TW"), ("de-AT", "de"), ("zh-Hans", "zh")]
)
async def test_the_checkout_speaks_the_language_of_the_visitor(stripe: FakeStripe, locale: str, spoken: str) -> None:
    opened = await gateway(stripe).open_checkout(new_checkout(locale=locale))
    assert stripe.sessions[opened.reference]["locale"] == spoken


@pytest.mark.parametrize(("currency", "written"), [("JPY", 8000), ("ISK", 800_000), ("KWD", 8000)])
async def test_amounts_are_written_as_stripe_counts(stripe: FakeStripe, currency: str, written: int) -> None:
    opened = await gateway(stripe).open_checkout(new_checkout(currency=currency))
    assert stripe.sessions[opened.reference]["amount_total"] == written
    with clock.travel(NOW):
        body, headers = stripe.notice("checkout.session.completed", stripe.pay(opened.reference))
        notice = gateway(stripe).notice(body, headers["stripe-signature"])
    assert notice is not None
    assert (notice.amount, notice.currency) == (8000, currency)


async def test_the_same_key_opens_one_checkout_also_at_once(stripe: FakeStripe) -> None:
    stripe.pause = 0.1
    ours = gateway(stripe)
    opened = await asyncio.gather(*(ours.open_checkout(new_checkout()) for _ in range(4)))
    assert len(set(opened)) == 1
    assert len(stripe.sessions) == 1


async def test_a_refusal_is_for_good_and_names_its_code_but_no_secret(stripe: FakeStripe) -> None:
    with pytest.raises(PermanentFailure, match=r"^Stripe answered 400 amount_too_small$"):
        await gateway(stripe).open_checkout(new_checkout(amount=10))
    with pytest.raises(PermanentFailure) as refused:
        await gateway(stripe, secret_key="sk_test_wrong").open_checkout(new_checkout())
    assert "sk_test" not in str(refused.value)


@pytest.mark.parametrize("status", [429, 500, 503])
async def test_trouble_at_stripe_passes(stripe: FakeStripe, status: int) -> None:
    stripe.fault = JSONResponse({"error": {"type": "api_error"}}, status_code=status, headers={"retry-after": "7"})
    with pytest.raises(TemporaryFailure) as failure:
        await gateway(stripe).open_checkout(new_checkout())
    assert failure.value.retry_after == 7
    await gateway(stripe).open_checkout(new_checkout())


async def test_nobody_there_is_trouble_that_passes() -> None:
    ours = StripeGateway(url="http://127.0.0.1:9", secret_key=SECRET_KEY, webhook_secret=WEBHOOK_SECRET)
    with pytest.raises(TemporaryFailure, match="did not answer"):
        await ours.open_checkout(new_checkout())


async def test_asking_for_the_end_closes_an_open_checkout(stripe: FakeStripe) -> None:
    ours = gateway(stripe)
    reference = (await ours.open_checkout(new_checkout())).reference
    ended = await ours.ended(reference, PAYMENT)
    assert (ended.kind, ended.reference) == (PaymentNoticeKind.EXPIRED, reference)
    assert stripe.sessions[reference]["status"] == "expired"
    assert (await ours.ended(reference, PAYMENT)).kind is PaymentNoticeKind.EXPIRED


@pytest.mark.parametrize(("by_bank", "kind"), [(False, "PAID"), (True, "UNDER_WAY")])
async def test_asking_for_the_end_finds_what_was_paid(stripe: FakeStripe, by_bank: bool, kind: str) -> None:
    ours = gateway(stripe)
    reference = (await ours.open_checkout(new_checkout())).reference
    session = stripe.pay(reference, by_bank=by_bank)
    assert await ours.ended(reference, PAYMENT) == PaymentNotice(
        "", PaymentNoticeKind(kind), PAYMENT, reference, session["payment_intent"], 8000, "EUR"
    )


async def test_asking_for_the_end_finds_what_was_paid_while_it_asked(stripe: FakeStripe) -> None:
    ours = gateway(stripe)
    reference = (await ours.open_checkout(new_checkout())).reference
    stripe.is_paid_at_the_last_moment = True
    ended = await ours.ended(reference, PAYMENT)
    assert (ended.kind, ended.charge) == (PaymentNoticeKind.PAID, stripe.sessions[reference]["payment_intent"])


async def test_money_goes_back_once(stripe: FakeStripe) -> None:
    ours = gateway(stripe)
    money = stripe.pay((await ours.open_checkout(new_checkout())).reference)["payment_intent"]
    await ours.refund(money, key="refund-1", payment=PAYMENT)
    await ours.refund(money, key="refund-1", payment=PAYMENT)
    await ours.refund(money, key="after stripe has forgotten the key", payment=PAYMENT)
    assert [one["payment_intent"] for one in stripe.refunds.values()] == [money]


async def test_money_that_never_came_does_not_go_back(stripe: FakeStripe) -> None:
    with pytest.raises(PermanentFailure, match="resource_missing"):
        await gateway(stripe).refund("pi_unknown", key="refund-1", payment=PAYMENT)


async def test_a_notice_that_somebody_else_signed_is_refused(stripe: FakeStripe) -> None:
    ours = gateway(stripe)
    session = stripe.pay((await ours.open_checkout(new_checkout())).reference)
    with clock.travel(NOW):
        body, headers = stripe.notice("checkout.session.completed", session)
        with pytest.raises(Forged):
            gateway(stripe, webhook_secret="whsec_other").notice(body, headers["stripe-signature"])
        with pytest.raises(Forged):
            ours.notice(body.replace(b"paid", b"paud"), headers["stripe-signature"])
        with pytest.raises(Forged):
            gateway(stripe, webhook_secret="").notice(body, headers["stripe-signature"])
        assert ours.notice(body, headers["stripe-signature"]) is not None
