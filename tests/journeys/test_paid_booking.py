"""The whole way of a paid meeting through the real app: with the built-in provider, and with a Stripe over HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from starlette.responses import JSONResponse

from server import settings
from server.accounts.api_tokens import create_api_token
from server.accounts.scopes import READ_SCOPES, Scope
from server.app import build_app
from server.models import Job, Meeting, Payment, User
from server.models.enums import JobState
from server.worker import work_once
from tests.journeys.office import Phone
from tests.server.booking.scene import a_host_with_a_link, at
from tests.server.gateways.payments.fake_stripe import SECRET_KEY, WEBHOOK_SECRET, FakeStripe, fake_stripe
from tests.server.web.pages.visiting import Visitor

pytestmark = [pytest.mark.capability("S1-25"), pytest.mark.capability("S1-26"), pytest.mark.capability("S1-27")]

CANCEL = "mutation ($input: CancelBookingInput!) { cancelBooking(input: $input) { userErrors { code } } }"


@asynccontextmanager
async def the_app(own: settings.Settings) -> AsyncIterator[httpx.AsyncClient]:
    """A client before the whole app, as uvicorn would run it."""
    settings.use(own)
    transport = httpx.ASGITransport(app=build_app(own))
    async with httpx.AsyncClient(transport=transport, base_url=own.public_url, follow_redirects=True) as client:
        yield client


async def signed_in(client: httpx.AsyncClient, host: User) -> Phone:
    """The phone of a colleague."""
    scopes = [*READ_SCOPES, Scope.MEETINGS_WRITE]
    made = await create_api_token(account_id=host.account_id, user_id=host.id, name="phone", scopes=scopes)
    return Phone(client, made.secret)


def wish(slug: str, **fields: Any) -> dict[str, Any]:
    given = {
        "slug": slug,
        "startsAt": "2026-11-23T10:00:00+01:00",
        "email": "marek@client.example",
        "firstName": "Marek",
        "lastName": "Nowicki",
        "timeZone": "Europe/Warsaw",
        "idempotencyKey": "one-tap",
    }
    return given | fields


async def booked_by(visitor: Phone, slug: str) -> dict[str, Any]:
    """What is to be paid; there is no meeting yet and nothing was wrong."""
    payload = await visitor.tap("book_meeting", input=wish(slug))
    assert (payload["booking"], payload["alternatives"]) == (None, [])
    return dict(payload["payment"])


async def work() -> None:
    """What is due is done; mails aside, for which there is no server here."""
    await Job.filter(kind__endswith="MAIL").update(state=JobState.DONE)
    await work_once()


async def test_a_phone_books_pays_and_is_seen_with_the_built_in_provider(db: str, in_use: settings.Settings) -> None:
    _, host, link = await a_host_with_a_link(price_amount=8000, price_currency="EUR")
    with at():
        async with the_app(in_use.model_copy(update={"demo": True})) as client:
            payment = await booked_by(Phone(client), link.slug)
            again = await booked_by(Phone(client), link.slug)
            browser = Visitor(client)
            checkout = await browser.get(urlsplit(payment["checkoutUrl"]).path)
            paid = await browser.send(checkout.form(), do="pay")
            meeting = await Meeting.get()
            shown = (await (await signed_in(client, host)).tap("meeting", id=f"mtg_{meeting.id}"))["meeting"]
            status = await browser.get(urlsplit(payment["statusUrl"]).path)
    assert (payment["amount"], payment["currency"], again) == (8000, "EUR", payment)
    assert "Paid and booked" in paid.text
    assert paid.text == status.text
    assert shown["payment"] == {"state": "PAID", "amount": 8000, "currency": "EUR"}


async def paid_at(stripe: FakeStripe, client: httpx.AsyncClient, payment: dict[str, Any]) -> dict[str, Any]:
    """The session behind a checkout, after its visitor has paid and Stripe has told of it, twice."""
    session = stripe.pay(payment["checkoutUrl"].rpartition("/")[2])
    body, headers = stripe.notice("checkout.session.completed", session)
    for _ in range(2):
        assert (await client.post("/hooks/stripe", content=body, headers=headers)).status_code == 204
    return session


async def test_stripe_is_paid_tells_of_it_and_gives_the_money_back(db: str, in_use: settings.Settings) -> None:
    _, host, link = await a_host_with_a_link(price_amount=8000, price_currency="EUR", refunds_on_cancel=True)
    with at():
        async with fake_stripe() as stripe, the_app(with_stripe(in_use, stripe)) as client:
            payment = await booked_by(Phone(client), link.slug)
            session = await paid_at(stripe, client, payment)
            (meeting,) = await Meeting.all()
            seen = (await client.get(urlsplit(session["success_url"]).path + "?paid=1")).text
            phone = await signed_in(client, host)
            shown = (await phone.tap("meeting", id=f"mtg_{meeting.id}"))["meeting"]
            token = seen.partition("/b/")[2].partition('"')[0]
            variables = {"input": {"token": token}}
            canceled = await client.post("/graphql", json={"query": CANCEL, "variables": variables})
            await work()
            body, headers = stripe.notice("charge.refunded", stripe.charge_of(session, refunded=True))
            told = await client.post("/hooks/stripe", content=body, headers=headers)
            after = (await phone.tap("meeting", id=f"mtg_{meeting.id}"))["meeting"]
    assert payment["checkoutUrl"].startswith("https://checkout.stripe.com/")
    assert "Paid and booked" in seen
    assert shown["payment"] == {"state": "PAID", "amount": 8000, "currency": "EUR"}
    assert canceled.json() == {"data": {"cancelBooking": {"userErrors": []}}}
    assert [(one["amount"], one["payment_intent"]) for one in stripe.refunds.values()] == [
        (8000, session["payment_intent"])
    ]
    assert told.status_code == 204
    assert after["payment"]["state"] == "REFUNDED"


async def test_a_notice_that_was_lost_is_asked_for_when_the_checkout_ends(db: str, in_use: settings.Settings) -> None:
    _, _, link = await a_host_with_a_link(price_amount=8000, price_currency="EUR")
    with at():
        async with fake_stripe() as stripe, the_app(with_stripe(in_use, stripe)) as client:
            payment = await booked_by(Phone(client), link.slug)
            stripe.pay(payment["checkoutUrl"].rpartition("/")[2])
            await Job.filter(kind="CHECKOUT_END").update(run_at=0)
            await Payment.all().update(expires_at=0)
            await work()
    assert await Meeting.all().count() == 1


async def test_stripe_away_charges_nobody_and_the_next_try_opens_one_checkout(
    db: str, in_use: settings.Settings
) -> None:
    _, _, link = await a_host_with_a_link(price_amount=8000, price_currency="EUR")
    with at():
        async with fake_stripe() as stripe, the_app(with_stripe(in_use, stripe)) as client:
            stripe.fault = JSONResponse({"error": {"type": "api_error"}}, status_code=503)
            refused = await Phone(client).press("book_meeting", input=wish(link.slug))
            payment = await booked_by(Phone(client), link.slug)
    assert [one["code"] for one in refused["userErrors"]] == ["PAYMENT_UNAVAILABLE"]
    assert (refused["booking"], refused["payment"]) == (None, None)
    assert len(stripe.sessions) == 1
    assert payment["amount"] == 8000


def with_stripe(own: settings.Settings, stripe: FakeStripe) -> settings.Settings:
    """The settings of a server that takes payments through this Stripe."""
    return settings.read(
        **{name: getattr(own, name) for name in ("database_url", "public_url", "secret_key", "mail_from")},
        stripe_secret_key=SECRET_KEY,
        stripe_webhook_secret=WEBHOOK_SECRET,
        stripe_url=stripe.url,
    )
