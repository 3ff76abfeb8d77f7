"""A page that costs eighty euros, somebody who pays, and what the provider says of it."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import Any

from pydantic import SecretStr

from server import settings
from server.gateways.payments.built_in import reference_of
from server.gateways.payments.port import PaymentNotice, PaymentNoticeKind
from server.models import Job, Meeting, MeetingLink, Payment, User
from server.models.enums import JobState, PaymentProvider
from server.payments.begin import Checkout, book_or_pay
from server.payments.settle import settle
from server.worker import work_once
from tests.server.booking.scene import NOW, a_booking, a_host_with_a_link
from tests.server.gateways.payments.fake_stripe import SECRET_KEY, WEBHOOK_SECRET, FakeStripe

__all__ = [
    "NOW",
    "PRICE",
    "a_notice",
    "a_paid_link",
    "begun",
    "is_near",
    "jobs",
    "meetings_of",
    "pay_for",
    "together",
    "told",
    "use_stripe",
    "work",
]

PRICE = {"price_amount": 8000, "price_currency": "EUR"}


async def a_paid_link(**fields: Any) -> tuple[User, MeetingLink]:
    """A host, and a personal link whose meetings cost eighty euros."""
    _, host, link = await a_host_with_a_link(**(PRICE | fields))
    return host, link


async def begun(link: MeetingLink, starts_at: datetime | None = None, **fields: Any) -> tuple[Checkout, Payment]:
    """Tomasz has filled in the form and stands before the checkout."""
    agreed = await book_or_pay(a_booking(link, starts_at, **fields))
    assert isinstance(agreed, Checkout)
    return agreed, await Payment.all().order_by("-id").first() or Payment()


def a_notice(payment: Payment, kind: str, name: str = "", **fields: Any) -> PaymentNotice:
    """What the provider says of a payment; the name of the notice follows from its kind."""
    given: dict[str, Any] = {
        "reference": payment.reference or reference_of(payment.digest),
        "charge": f"pi_{payment.id}",
        "amount": payment.amount,
        "currency": payment.currency,
    }
    return PaymentNotice(
        name or f"evt_{payment.id}_{kind}", PaymentNoticeKind(kind), payment.digest, **(given | fields)
    )


async def pay_for(notice: PaymentNotice) -> None:
    """The provider says so."""
    await settle(PaymentProvider.TEST, notice)


async def told(payment: Payment, kind: str, name: str = "", **fields: Any) -> Payment:
    """The payment after the provider has said something of it."""
    await pay_for(a_notice(payment, kind, name, **fields))
    return await Payment.get(id=payment.id)


async def meetings_of(payment: Payment) -> list[Meeting]:
    return await Meeting.filter(payment_id=payment.id)


async def jobs(*kinds: str) -> list[dict[str, Any]]:
    """The payloads of the jobs of these kinds, in the order in which they were promised."""
    return [job.payload for job in await Job.filter(kind__in=list(kinds)).order_by("id")]


async def work() -> None:
    """Everything that is due has been done, mails aside, for which there is no server here."""
    await Job.filter(kind__endswith="MAIL").update(state=JobState.DONE)
    while await work_once():
        await Job.filter(kind__endswith="MAIL").update(state=JobState.DONE)


async def together(*acts: Any) -> list[Any]:
    """What each of these, begun at once, came to."""
    return await asyncio.gather(*acts, return_exceptions=True)


def use_stripe(stripe: FakeStripe) -> None:
    """Payments go through this Stripe from here on."""
    secrets = {"stripe_secret_key": SecretStr(SECRET_KEY), "stripe_webhook_secret": SecretStr(WEBHOOK_SECRET)}
    settings.use(settings.current().model_copy(update={"stripe_url": stripe.url, **secrets}))


def is_near(found: datetime | None, expected: datetime) -> bool:
    """Whether these are the same but for what the test itself took: its clock goes on."""
    return found is not None and abs(found - expected) < timedelta(seconds=30)
