"""Notices come twice, late, out of order and for checkouts that are over; slots are lost and pages close meanwhile.
Whatever happens, who has paid has exactly one meeting or exactly one refund, and who has not has neither."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from server import clock, database
from server.booking.book import book_paid
from server.errors import Refused
from server.models import Account, BusySpan, Hold, Meeting, MeetingLink, Payment, PaymentNotice
from server.models.enums import BusySource, PaymentProvider, PaymentState
from server.payments.ending import end_checkout
from tests.server.booking.scene import a_booking, at, monday
from tests.server.payments.scene import NOW, a_notice, a_paid_link, begun, jobs, meetings_of, pay_for, work

pytestmark = [pytest.mark.capability("S1-26"), pytest.mark.capability("S1-27")]

EXAMPLES = 150 if os.environ.get("PARLEY_TEST_FULL") else 25

NOTICES = ("PAID", "UNDER_WAY", "FAILED", "EXPIRED")
STEPS = st.one_of(
    st.tuples(st.just("notice"), st.sampled_from(NOTICES), st.integers(1, 3)),
    st.tuples(st.just("minutes"), st.just(""), st.sampled_from([1, 20, 34, 60 * 24, 60 * 80])),
    st.tuples(st.sampled_from(["rival", "close", "work"]), st.just(""), st.just(0)),
)


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    phases=[Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink],
)
@given(steps=st.lists(STEPS, max_size=10))
async def test_exactly_one_meeting_or_one_refund(db: str, steps: Sequence[tuple[str, str, int]]) -> None:
    await _emptied()
    now = NOW
    with at(now):
        _, link = await a_paid_link()
        _, payment = await begun(link)
    paid = False
    for step, kind, number in steps:
        with at(now):
            if step == "minutes":
                now += timedelta(minutes=number)
            elif step == "notice":
                paid = paid or kind == "PAID"
                await pay_for(a_notice(payment, kind, f"evt_{kind}_{number}"))
            elif step == "rival":
                await _rival_books(link)
            elif step == "close":
                await MeetingLink.filter(id=link.id).update(is_active=False)
            else:
                await work()
    with at(now + timedelta(days=30)):
        await work()
        expected = "one meeting" if await meetings_of(payment) else "one refund"
        assert await _came_to(payment) == (expected if paid else "nothing")


async def _came_to(payment: Payment) -> str:
    """What the payment came to in the end, as the tables tell it."""
    settled = await Payment.get(id=payment.id)
    meetings = await meetings_of(payment)
    refunds = [one for one in await jobs("REFUND") if one["payment_id"] == payment.id]
    mails = [one["about"] for one in await jobs("PAYMENT_MAIL") if one["payment_id"] == payment.id]
    held = await Hold.filter(released_at__isnull=True, expires_at__gt=clock.now()).count()
    found = (settled.state, len(meetings), len(refunds), mails, held)
    outcomes = {
        "one meeting": (PaymentState.PAID, 1, 0, ["received"], 0),
        "one refund": (PaymentState.REFUNDED, 0, 1, ["lost", "lost_host", "refunded"], 0),
        "nothing": (settled.state, 0, 0, [], 0),
    }
    assert settled.state is not PaymentState.OPEN
    return next((name for name, expected in outcomes.items() if found == expected), str(found))


async def _rival_books(link: MeetingLink) -> None:
    """Somebody else pays for the same time and is quicker, if the page lets them."""
    rival = Payment(
        account_id=link.account_id,
        link_id=link.id,
        digest=f"{await Payment.all().count():064}",
        provider=PaymentProvider.TEST,
        amount=8000,
        currency="EUR",
        expires_at=NOW,
    )
    try:
        async with database.transaction():
            await rival.save()
            await book_paid(a_booking(link, monday(9), email="rival@client.example"), rival)
    except (Refused, database.Overlap):
        return


async def _emptied() -> None:
    """The tables as they were, for the next example."""
    for model in (BusySpan, Meeting, Payment, Hold, PaymentNotice, MeetingLink, Account):
        await model.all().delete()


async def test_the_end_of_a_checkout_may_come_before_its_notice(db: str) -> None:
    with at():
        _, link = await a_paid_link()
        _, payment = await begun(link)
    with at(NOW + timedelta(minutes=40)):
        await end_checkout(payment.id)
        await pay_for(a_notice(payment, "PAID"))
        assert await _came_to(payment) == "one meeting"
        assert [span.source for span in await BusySpan.all()] == [BusySource.MEETING]
