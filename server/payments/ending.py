"""A checkout that has run out: what became of it, should its notice have been lost."""

from __future__ import annotations

from dataclasses import replace

from server import clock
from server.gateways.errors import NotYet
from server.gateways.payments.port import PaymentNoticeKind
from server.models import Payment
from server.models.enums import PaymentState
from server.payments.provider import gateway_to
from server.payments.release import give_up_unopened
from server.payments.reserve import LATE_NOTICE
from server.payments.settle import settle
from server.payments.wish import wish_of


async def end_checkout(payment_id: int) -> str:
    """A payment that is open although its time is over is settled by what the provider answers. `NotYet` while there is
    time. Returns what there is to note."""
    payment = await Payment.get(id=payment_id)
    if payment.state is not PaymentState.OPEN:
        return ""
    _require_over(payment)
    note = await settle_by_asking(payment)
    await payment.refresh_from_db()
    if payment.state is PaymentState.OPEN:
        _require_over(payment)
    return note


async def abandon(payment: Payment) -> None:
    """The visitor does not want to pay: the checkout is closed and the slot free, unless they have paid after all."""
    if payment.state is PaymentState.OPEN:
        await settle_by_asking(payment)


async def settle_by_asking(payment: Payment) -> str:
    """The checkout is closed, and the payment settled by what the provider knows of it. Returns what there is to
    note."""
    if payment.reference is None:
        await give_up_unopened(payment)
        return "no checkout was ever opened"
    notice = await gateway_to(payment.provider).ended(payment.reference, payment.digest)
    if notice.kind is PaymentNoticeKind.UNDER_WAY and wish_of(payment).starts_at <= clock.now():
        notice = replace(notice, kind=PaymentNoticeKind.FAILED)
    await settle(payment.provider, notice)
    return f"the provider says: {notice.kind.value.lower()}"


def _require_over(payment: Payment) -> None:
    until = payment.expires_at + LATE_NOTICE
    if until > clock.now():
        raise NotYet("there is still time to pay", until=until)
