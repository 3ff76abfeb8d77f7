"""A slot that is kept anew for a payment of which the provider tells at that moment."""

from __future__ import annotations

from datetime import timedelta

import pytest

from server.models import Meeting, Payment
from server.models.enums import PaymentState
from server.payments.reserve import reserved
from tests.server.booking.scene import NOW, a_booking, at
from tests.server.meetings.held import locking, while_held
from tests.server.payments.scene import a_notice, a_paid_link, pay_for


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_checkout_that_is_kept_for_longer_while_it_is_settled_is_a_meeting(db: str) -> None:
    host, link = await a_paid_link()
    booking = a_booking(link, idempotency_key="k")
    with at():
        payment = await reserved(booking, link, "its token")
    with at(NOW + timedelta(minutes=5)):
        kept, settled = await while_held(
            locking(host), [reserved(booking, link, "its token"), pay_for(a_notice(payment, "PAID"))]
        )
    assert isinstance(kept, Payment)
    assert (kept.id, kept.expires_at - payment.expires_at, settled) == (payment.id, timedelta(minutes=5), None)
    assert (await Payment.get()).state is PaymentState.PAID
    assert (await Meeting.get()).payment_id == payment.id
