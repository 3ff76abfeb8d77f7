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
from server.repeats import request_digest

_CAME_TO_NOTHING = (PaymentState.FAILED, PaymentState.EXPIRED)


async def key_to_send_under(page: SchedulingPage, booking: Booking) -> str | None:
    """The key under which this form means what it says now: its own while nothing else was begun under that, else one
    that follows from both, the same however often it is pressed. A checkout of the same form for anything else is
    closed, and what it kept is free. None for a form without a key."""
    key = booking.idempotency_key
    if key is None or page.link.price_amount is None:
        return key
    asked = request_digest(VERB, booking_input(booking))
    scope = booking_scope(page.link, booking.email)
    while await _is_spent(page, key, scope, asked):
        key = ids.digest(f"{key}:{asked}")
    return key


async def _is_spent(page: SchedulingPage, key: str, scope: str, asked: str) -> bool:
    """Whether nothing can be begun under this key any more for whoever asks; checkouts for anything else are closed."""
    is_spent = False
    for kept in await KeptResult.filter(account_id=page.account.id, verb=VERB, key=key):
        payment = await Payment.get_or_none(id=kept.result.get("payment_id"), link_id=page.link.id)
        if payment is None:
            continue
        is_same = (kept.scope, kept.input_digest) == (scope, asked)
        if not is_same:
            await abandon(payment)
        if kept.scope == scope:
            is_spent = not is_same or payment.state in _CAME_TO_NOTHING
    return is_spent
