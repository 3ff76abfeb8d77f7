"""What is due to a payment: its end is settled, its money goes back."""

from __future__ import annotations

from server.models import Job
from server.payments.ending import end_checkout
from server.payments.refunded import refund


async def deliver_checkout_end(job: Job) -> str:
    """A checkout that has run out is settled by what its provider says. Returns what there is to note."""
    return await end_checkout(int(job.payload["payment_id"]))


async def deliver_refund(job: Job) -> str:
    """The money is on its way back. Returns what there is to note."""
    return await refund(int(job.payload["payment_id"]))
