from __future__ import annotations

from datetime import timedelta

from server.models import Payment, PaymentNotice
from server.models.enums import PaymentState
from server.payments.forget import forget_old_payments
from tests.server.booking.scene import at, monday
from tests.server.payments.scene import NOW, a_paid_link, begun, told


async def test_what_came_to_nothing_is_forgotten_after_a_month_and_money_never_is(db: str) -> None:
    with at():
        _, link = await a_paid_link()
        _, ended = await begun(link)
        await told(ended, "EXPIRED")
        _, paid = await begun(link, monday(10))
        await told(paid, "PAID")
    with at(NOW + timedelta(days=29)):
        assert await forget_old_payments() == 0
    with at(NOW + timedelta(days=31)):
        assert await forget_old_payments() == 1
        assert await Payment.all().values_list("state", flat=True) == [PaymentState.PAID]
        assert await PaymentNotice.all().count() == 0
