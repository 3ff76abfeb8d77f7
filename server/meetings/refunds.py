"""What hangs on the payment of a meeting: mails about it, and its way back."""

from __future__ import annotations

from typing import Literal

from server.models import Meeting, MeetingLink, Payment
from server.models.enums import JobKind, PaymentState
from server.outbox import enqueue

LANE = "payment"

PaymentMail = Literal["received", "refunded", "lost", "lost_host"]


async def refund_if_promised(meeting: Meeting) -> None:
    """Inside the transaction that calls the meeting off: whoever paid for it gets the money back, where its link says
    so (S1-25)."""
    if meeting.payment_id is None or not await MeetingLink.exists(id=meeting.link_id, refunds_on_cancel=True):
        return
    payment = await Payment.filter(id=meeting.payment_id, state=PaymentState.PAID).select_for_update().get_or_none()
    if payment is not None:
        await promise_refund(payment, meeting_id=meeting.id)


async def promise_refund(payment: Payment, *, meeting_id: int | None = None) -> None:
    """Inside a transaction that has locked the payment: its money goes back, and the payer will hear of it."""
    payment.state = PaymentState.REFUND_DUE
    await payment.save(update_fields=["state"])
    await enqueue(
        JobKind.REFUND,
        account_id=payment.account_id,
        meeting_id=meeting_id,
        lane=LANE,
        payload={"payment_id": payment.id},
    )


async def promise_payment_mail(payment: Payment, about: PaymentMail, *, meeting_id: int | None = None) -> None:
    """The payer will read what became of the money; with `lost_host` the host, of a time that was lost."""
    await enqueue(
        JobKind.PAYMENT_MAIL,
        account_id=payment.account_id,
        meeting_id=meeting_id,
        payload={"payment_id": payment.id, "about": about},
    )
