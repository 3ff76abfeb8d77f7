"""A slot that is not paid for is free again."""

from __future__ import annotations

from datetime import datetime

from server import database, ids
from server.booking.hold import drop_hold
from server.changes.data_version import raise_data_version
from server.models import Hold, Payment
from server.models.enums import PaymentState


async def release(payment: Payment) -> None:
    """Inside a transaction that raises the data version: the slot that the payment kept is free."""
    hold = await Hold.get_or_none(id=payment.hold_id, released_at__isnull=True)
    if hold is not None:
        await drop_hold(hold)


async def keep_until(payment: Payment, until: datetime) -> None:
    """Inside a transaction: the slot stays kept until then, if it is still."""
    await Hold.filter(id=payment.hold_id, released_at__isnull=True).update(expires_at=until)


async def give_up_unopened(payment: Payment) -> None:
    """Of a payment whose checkout was never opened nothing is left but its row: its slot and its key are free."""
    async with database.transaction():
        still = await Payment.filter(id=payment.id).select_for_update().get()
        if still.state is not PaymentState.OPEN or still.reference is not None:
            return
        still.state, still.digest = PaymentState.FAILED, ids.digest(ids.new_secret())
        still.note = "no checkout could be opened"
        await still.save(update_fields=["state", "digest", "note"])
        await release(still)
        await raise_data_version(still.account_id)
