from __future__ import annotations

from datetime import timedelta

import pytest

from server import ids
from server.gateways.errors import NotYet
from server.models import BusySpan, Hold, Job, KeptResult, Payment
from server.models.enums import JobKind, JobState, PaymentState
from server.payments.ending import abandon, end_checkout
from tests.server.booking.scene import at, monday
from tests.server.gateways.payments.fake_stripe import fake_stripe
from tests.server.payments.scene import NOW, a_paid_link, begun, is_near, told, use_stripe, work

pytestmark = pytest.mark.capability("S1-26")

OVER = NOW + timedelta(minutes=34)


async def test_a_checkout_that_nobody_paid_ends_by_the_clock(db: str) -> None:
    with at():
        _, link = await a_paid_link()
        _, payment = await begun(link)
    with at(NOW + timedelta(minutes=32)):
        await work()
        assert (await Payment.get(id=payment.id)).state is PaymentState.OPEN
    with at(OVER):
        await work()
        assert (await Payment.get(id=payment.id)).state is PaymentState.EXPIRED
        assert await BusySpan.all().count() == 0
        (job,) = await Job.filter(kind=JobKind.CHECKOUT_END)
        assert (job.state, job.last_error) == (JobState.DONE, "the provider says: expired")


async def test_the_slot_is_free_at_its_time_even_if_no_worker_runs(db: str) -> None:
    with at():
        _, link = await a_paid_link()
        await begun(link)
    with at(OVER):
        await begun(link, email="other@client.example")


async def test_nothing_ends_that_was_paid(db: str) -> None:
    with at():
        _, link = await a_paid_link()
        _, payment = await begun(link)
        await told(payment, "PAID")
    with at(OVER):
        assert await end_checkout(payment.id) == ""
        assert (await Payment.get(id=payment.id)).state is PaymentState.PAID


async def test_money_under_way_is_waited_for_until_the_meeting_would_begin(db: str) -> None:
    with at():
        _, link = await a_paid_link()
        _, payment = await begun(link)
        await told(payment, "UNDER_WAY")
    with at(OVER), pytest.raises(NotYet) as waits:
        await end_checkout(payment.id)
    assert waits.value.until == monday(9, 2)
    with at(monday(9, 2)):
        await end_checkout(payment.id)
        assert (await Payment.get(id=payment.id)).state is PaymentState.EXPIRED


async def test_money_that_has_not_come_when_the_meeting_would_begin_frees_its_time(db: str) -> None:
    with at():
        async with fake_stripe() as stripe:
            use_stripe(stripe)
            _, link = await a_paid_link()
            _, payment = await begun(link)
            stripe.pay(payment.reference or "", by_bank=True)
            with at(monday(9, 2)):
                assert await end_checkout(payment.id) == "the provider says: failed"
    assert (await Payment.get(id=payment.id)).state is PaymentState.FAILED
    assert await BusySpan.all().count() == 0


async def test_a_payment_whose_checkout_was_never_opened_leaves_slot_and_key_free(db: str) -> None:
    with at():
        _, link = await a_paid_link()
        _, payment = await begun(link, idempotency_key="k1")
        await Payment.filter(id=payment.id).update(reference=None, checkout_url="")
    with at(OVER):
        await work()
        ended = await Payment.get(id=payment.id)
        assert (ended.state, ended.digest == payment.digest) == (PaymentState.FAILED, False)
        assert await BusySpan.all().count() == 0


async def test_who_would_rather_have_another_time_gives_this_one_back(db: str) -> None:
    with at():
        _, link = await a_paid_link()
        _, payment = await begun(link)
        await abandon(payment)
        assert (await Payment.get(id=payment.id)).state is PaymentState.EXPIRED
        assert await Hold.filter(released_at__isnull=True).count() == 0
        await begun(link)


async def test_a_crash_before_the_checkout_is_mended_by_the_next_try(db: str) -> None:
    with at():
        _, link = await a_paid_link()
        first, payment = await begun(link, idempotency_key="k1")
        await Payment.filter(id=payment.id).update(reference=None, checkout_url="")
        await KeptResult.all().delete()
    with at(NOW + timedelta(minutes=5)):
        again, mended = await begun(link, idempotency_key="k1")
        assert again.path == first.path
        assert mended.id == payment.id
        assert is_near(mended.expires_at, NOW + timedelta(minutes=36))
        assert ids.digest(again.path.rpartition("/")[2]) == mended.digest
        assert await Hold.filter(released_at__isnull=True).count() == 1
