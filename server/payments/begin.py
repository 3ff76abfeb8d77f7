"""A visitor books: at once where it costs nothing, else a slot is kept and a checkout opened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

import structlog

from server import settings
from server.booking.already_booked import VERB, booking_scope
from server.booking.book import Booked, Booking, book, offering_others, once_under_its_key
from server.errors import ErrorCode, refusal
from server.gateways.errors import PermanentFailure, TemporaryFailure
from server.gateways.payments.port import NewCheckout
from server.links.pages import link_of
from server.links.price import price_of
from server.models import MeetingLink, Payment, User
from server.models.enums import PaymentState
from server.payments.provider import gateway_to, provider_for
from server.payments.release import give_up_unopened
from server.payments.reserve import reserved
from server.payments.tokens import payment_path, payment_token
from server.payments.wish import title_of, wish_of
from server.repeats import kept_result, require_usable

_NOBODY_TAKES_MONEY = "This page asks for a payment, but none can be made at the moment. Please write to your host."
_NO_ANSWER = "The payment service does not answer. Nothing was charged. Please try again in a minute."

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Checkout:
    """What is to be paid before the meeting stands: `amount` in minor units of `currency` (ISO 4217). `path` is where
    this server says what became of it, and `token` the key to that; both for the visitor only."""

    token: str
    path: str
    checkout_url: str
    expires_at: datetime
    amount: int
    currency: str


async def book_or_pay(booking: Booking) -> Booked | Checkout:
    """The meeting stands, as in `book`; or, where the link has a price, its slot is kept and the checkout is open
    (S1-26). The same idempotency key and input give the first result again.

    Everything is refused that `book` refuses, before anything is to be paid; `PAYMENT_UNAVAILABLE` if the provider
    cannot open a checkout now."""
    link = await link_of(booking.slug, even_retired=True)
    kept = await _kept(booking, link) if link is not None else None
    if link is None or not (_is_priced(link) if kept is None else "payment_id" in kept):
        return await book(booking)
    token = payment_token(link, booking.email, booking.idempotency_key)
    payment_id = int(kept["payment_id"]) if kept is not None else await _begun(booking, link, token)
    result = await once_under_its_key(booking, link, partial(_agreed, payment_id))
    paid = await Payment.get(id=result["payment_id"])
    return Checkout(token, payment_path(link, token), paid.checkout_url, paid.expires_at, paid.amount, paid.currency)


def _is_priced(link: MeetingLink) -> bool:
    return price_of(link) is not None and link.retired_at is None


async def _kept(booking: Booking, link: MeetingLink) -> dict[str, Any] | None:
    """What a key that was used before was answered: that holds, whatever the link costs by now."""
    key, scope = booking.idempotency_key, booking_scope(link, booking.email)
    if key is None:
        return None
    require_usable(key)
    return await kept_result(VERB, account_id=link.account_id, scope=scope, key=key)


async def _begun(booking: Booking, link: MeetingLink, token: str) -> int:
    """The number of a payment whose slot is kept and whose checkout is open."""
    if provider_for(link.account) is None:
        raise refusal(ErrorCode.PAYMENT_UNAVAILABLE, _NOBODY_TAKES_MONEY, "slug")
    async with offering_others(link, booking):
        payment = await reserved(booking, link, token)
    if payment.reference is None:
        await _open_checkout(payment, link, token, has_key=booking.idempotency_key is not None)
    return payment.id


async def _open_checkout(payment: Payment, link: MeetingLink, token: str, *, has_key: bool) -> None:
    """The provider knows the payment and the payment its checkout. Outside any transaction: if this process ends in
    between, the next try under the same key opens the same checkout."""
    try:
        opened = await gateway_to(payment.provider).open_checkout(await _new_checkout(payment, link, token))
    except (TemporaryFailure, PermanentFailure) as failure:
        _log.warning("payment.no_checkout", payment=payment.id, provider=payment.provider, reason=str(failure))
        if isinstance(failure, PermanentFailure) or not has_key:
            await give_up_unopened(payment)
        raise refusal(ErrorCode.PAYMENT_UNAVAILABLE, _NO_ANSWER, "slug") from failure
    # Of two at once the first counts, and both visitors are sent there.
    mine = Payment.filter(id=payment.id, state=PaymentState.OPEN, expires_at=payment.expires_at, reference__isnull=True)
    await mine.update(reference=opened.reference, checkout_url=opened.url)


async def _new_checkout(payment: Payment, link: MeetingLink, token: str) -> NewCheckout:
    wish = wish_of(payment)
    page = settings.current().address(payment_path(link, token))
    return NewCheckout(
        key=f"{payment.digest}:{int(payment.expires_at.timestamp())}",
        payment=payment.digest,
        token=token,
        amount=payment.amount,
        currency=payment.currency,
        title=title_of(wish, link, owner=(await User.get(id=link.owner_id)).name),
        email=wish.email,
        locale=wish.locale or "en",
        paid_url=f"{page}?paid=1",
        back_url=page,
        expires_at=payment.expires_at,
    )


async def _agreed(payment_id: int) -> dict[str, Any]:
    return {"payment_id": payment_id}
