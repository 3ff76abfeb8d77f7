"""What nobody needs to know any more: who wanted to pay and did not, and which notices came."""

from __future__ import annotations

from datetime import timedelta

from server import clock
from server.models import Payment, PaymentNotice
from server.models.enums import PaymentState

KEPT_FOR = timedelta(days=30)
"""Longer than any provider comes again with a notice: Stripe does for three days."""


async def forget_old_payments() -> int:
    """Payments that came to nothing more than thirty days ago are gone, with all that their visitors had written, and
    the names of notices as old with them. Returns how many payments."""
    before = clock.now() - KEPT_FOR
    await PaymentNotice.filter(created_at__lt=before).delete()
    return await Payment.filter(state__in=[PaymentState.FAILED, PaymentState.EXPIRED], expires_at__lt=before).delete()
