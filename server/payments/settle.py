"""What a provider says becomes of a payment is done, once: a meeting, or the money goes back."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

import structlog

from server import clock, database
from server.booking.book import book_paid
from server.changes.data_version import raise_data_version
from server.errors import Refused
from server.gateways.payments.port import PaymentNotice, PaymentNoticeKind
from server.meetings.refunds import promise_payment_mail, promise_refund
from server.models import Payment
from server.models.enums import PaymentProvider, PaymentState
from server.payments.refunded import note_refund
from server.payments.release import keep_until, release
from server.payments.wish import SEEN, wish_of

_CLAIM = """
    INSERT INTO payment_notice (created_at, provider, reference) VALUES ($1, $2, $3)
    ON CONFLICT (provider, reference) DO NOTHING
"""
_NOT_PAID_YET = (PaymentState.OPEN, PaymentState.EXPIRED, PaymentState.FAILED)
_LONGEST_NOTE = 500

_log = structlog.get_logger(__name__)


async def settle(provider: PaymentProvider, notice: PaymentNotice) -> None:
    """Whatever the notice says is so, however often and in whichever order notices come: who has paid has a meeting or,
    if the slot is lost, will have the money back, never both and neither twice. A payment that is not ours is left."""
    payment = await _payment_of(provider, notice)
    if payment is None:
        _log.info("payment.unknown", provider=provider, kind=notice.kind)
        return
    try:
        await _settle(payment.id, notice)
    except (Refused, database.Overlap) as lost:
        await _settle(payment.id, notice, lost=str(lost) or "the time was taken")


async def _settle(payment_id: int, notice: PaymentNotice, *, lost: str = "") -> None:
    async with database.transaction():
        payment = await Payment.filter(id=payment_id).select_for_update().get()
        if not await _is_new(payment.provider, notice.id):
            return
        if notice.kind is PaymentNoticeKind.PAID and lost:
            await _give_back(payment, notice, lost)
        else:
            await _ACTS[notice.kind](payment, notice)
        await raise_data_version(payment.account_id)


async def _payment_of(provider: PaymentProvider, notice: PaymentNotice) -> Payment | None:
    if notice.payment:
        return await Payment.get_or_none(digest=notice.payment, provider=provider)
    return await Payment.filter(charge=notice.charge, provider=provider).first() if notice.charge else None


async def _is_new(provider: PaymentProvider, name: str) -> bool:
    """Whether a notice of this name comes for the first time; one without a name is an answer to our question."""
    return not name or bool(await database.execute(_CLAIM, clock.now_epoch(), provider.value, name))


async def _paid(payment: Payment, notice: PaymentNotice) -> None:
    if payment.state not in _NOT_PAID_YET:
        return
    if (notice.amount, notice.currency) != (payment.amount, payment.currency):
        await _give_back(payment, notice, f"{notice.amount} {notice.currency} were paid")
        return
    payment.state = PaymentState.PAID
    await _note_money(payment, notice)
    await book_paid(wish_of(payment), payment, seen=payment.booking.get(SEEN))


async def _give_back(payment: Payment, notice: PaymentNotice, reason: str) -> None:
    """The slot was lost to somebody else: the money goes back, and both sides are told."""
    if payment.state not in _NOT_PAID_YET:
        return
    payment.note = reason[:_LONGEST_NOTE]
    await _note_money(payment, notice)
    await promise_refund(payment)
    await promise_payment_mail(payment, "lost")
    await promise_payment_mail(payment, "lost_host")
    await release(payment)
    _log.warning("payment.slot_lost", payment=payment.id, reason=reason)


async def _note_money(payment: Payment, notice: PaymentNotice) -> None:
    payment.paid_at, payment.charge = clock.now(), notice.charge
    await payment.save(update_fields=["state", "paid_at", "charge", "note"])


async def _under_way(payment: Payment, notice: PaymentNotice) -> None:
    """The visitor has done their part and the bank takes its days: the slot is kept until it would begin."""
    starts_at = wish_of(payment).starts_at
    if payment.state is not PaymentState.OPEN or not _is_its_checkout(payment, notice) or starts_at <= clock.now():
        return
    payment.expires_at = starts_at
    await payment.save(update_fields=["expires_at"])
    await keep_until(payment, starts_at)


async def _failed(payment: Payment, notice: PaymentNotice) -> None:
    await _end(payment, notice, PaymentState.FAILED)


async def _expired(payment: Payment, notice: PaymentNotice) -> None:
    await _end(payment, notice, PaymentState.EXPIRED)


async def _end(payment: Payment, notice: PaymentNotice, state: PaymentState) -> None:
    if payment.state is PaymentState.OPEN and _is_its_checkout(payment, notice):
        payment.state = state
        await payment.save(update_fields=["state"])
        await release(payment)


async def _refunded(payment: Payment, notice: PaymentNotice) -> None:
    await note_refund(payment)


def _is_its_checkout(payment: Payment, notice: PaymentNotice) -> bool:
    """A checkout that nobody was ever sent to expires by itself, and that is no matter."""
    return notice.reference == payment.reference


_ACTS: Mapping[PaymentNoticeKind, Callable[[Payment, PaymentNotice], Awaitable[None]]] = {
    PaymentNoticeKind.PAID: _paid,
    PaymentNoticeKind.UNDER_WAY: _under_way,
    PaymentNoticeKind.FAILED: _failed,
    PaymentNoticeKind.EXPIRED: _expired,
    PaymentNoticeKind.REFUNDED: _refunded,
}
