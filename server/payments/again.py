"""A form that led to a checkout, and is sent once more: after the browser's Back, or after a payment that came to
nothing."""

from __future__ import annotations

from server import ids
from server.booking.already_booked import VERB, booking_scope
from server.booking.book import Booking, booking_input
from server.links.pages import SchedulingPage
from server.models import KeptResult, Payment
from server.models.enums import PaymentState
from server.payments.ending import abandon
from server.payments.tokens import payment_token
from server.repeats import request_digest

_CAME_TO_NOTHING = (PaymentState.FAILED, PaymentState.EXPIRED)


async def key_to_send_under(page: SchedulingPage, booking: Booking) -> str | None:
    """The key under which this form means what it says now: its own while nothing else was begun under that, else one
    that follows from both, the same however often it is pressed. Every checkout of the same form for anything else is
    closed, and what it kept is free. None for a form without a key."""
    key = booking.idempotency_key
    if key is None or page.link.price_amount is None:
        return key
    asked = request_digest(VERB, booking_input(booking))
    scope = booking_scope(page.link, booking.email)
    while await _is_spent(page, key, scope, asked):
        key = ids.digest(f"{key}:{asked}")
    await _close_others(page, booking, key)
    return key


async def _is_spent(page: SchedulingPage, key: str, scope: str, asked: str) -> bool:
    """Whether something else was begun under this key, or the same came to nothing."""
    kept = await KeptResult.get_or_none(account_id=page.account.id, verb=VERB, scope=scope, key=key)
    begun = kept.result.get("payment_id") if kept is not None else None
    payment = await Payment.get_or_none(id=begun, link_id=page.link.id) if begun is not None else None
    if kept is None or payment is None:
        return False
    return kept.input_digest != asked or payment.state in _CAME_TO_NOTHING


async def _close_others(page: SchedulingPage, booking: Booking, key: str) -> None:
    if booking.hold_token is None:
        return
    mine = ids.digest(payment_token(page.link, booking.email, key))
    begun = Payment.filter(form_digest=ids.digest(booking.hold_token), link_id=page.link.id, state=PaymentState.OPEN)
    for payment in await begun.exclude(digest=mine):
        await abandon(payment)
