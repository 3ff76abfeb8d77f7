"""Money that went back, by our own hand or by somebody at the provider's."""

from __future__ import annotations

from server import clock, database
from server.changes.data_version import raise_data_version
from server.changes.log import record_change
from server.gateways.errors import PermanentFailure
from server.meetings.refunds import promise_payment_mail
from server.models import Meeting, Payment
from server.models.enums import ChangeKind, PaymentState
from server.payments.provider import gateway_to
from server.payments.release import release


async def refund(payment_id: int) -> str:
    """The money of a payment that is due back is on its way, and the payer will hear so. Outside any transaction; done
    again after a crash, the provider knows it by its key. Returns what there is to note."""
    payment = await Payment.get(id=payment_id)
    if payment.state is not PaymentState.REFUND_DUE:
        return "no longer wanted"
    if not payment.charge:
        raise PermanentFailure("the provider never named the money, so it has to be sent back by hand")
    key = f"{payment.digest}:refund"
    await gateway_to(payment.provider).refund(payment.charge, key=key, payment=payment.digest)
    async with database.transaction():
        await note_refund(await Payment.filter(id=payment.id).select_for_update().get())
        await raise_data_version(payment.account_id)
    return ""


async def note_refund(payment: Payment) -> None:
    """Inside a transaction that has locked the payment: the money went back, which is told once."""
    if payment.state is PaymentState.REFUNDED:
        return
    payment.state, payment.refunded_at = PaymentState.REFUNDED, clock.now()
    await payment.save(update_fields=["state", "refunded_at"])
    await release(payment)
    meeting = await Meeting.get_or_none(payment_id=payment.id)
    await promise_payment_mail(payment, "refunded", meeting_id=meeting.id if meeting is not None else None)
    if meeting is not None:
        await record_change(
            ChangeKind.PAYMENT_REFUNDED,
            account_id=payment.account_id,
            meeting_id=meeting.id,
            actor="system",
            data={"amount": payment.amount, "currency": payment.currency},
        )
