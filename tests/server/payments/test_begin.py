from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from server import ids, settings
from server.booking.book import Booked, book
from server.booking.errors import SlotTaken
from server.booking.form_hold import hold_for_form
from server.booking.hold import hold_slot
from server.errors import ErrorCode, Refused
from server.models import Account, Hold, KeptResult, Meeting, MeetingLink, Payment
from server.models.enums import AccountKind, PaymentProvider, PaymentState
from server.payments.begin import Checkout, book_or_pay
from server.payments.reserve import LATE_NOTICE
from server.payments.tokens import payment_of
from tests.factories import a_link
from tests.server.booking.scene import a_booking, at, counts, monday, page_of_slug
from tests.server.gateways.payments.fake_stripe import fake_stripe
from tests.server.payments.scene import NOW, a_paid_link, begun, is_near, together, use_stripe

pytestmark = pytest.mark.capability("S1-26")


async def test_a_page_with_a_price_keeps_the_slot_and_opens_a_checkout(db: str) -> None:
    with at():
        host, link = await a_paid_link()
        checkout, payment = await begun(link, guests=())
        hold = await Hold.get(id=payment.hold_id)
        assert is_near(checkout.expires_at, NOW + timedelta(minutes=31))
        assert (checkout.amount, checkout.currency) == (8000, "EUR")
        assert checkout.checkout_url.startswith("https://meet.example.com/pay/test/")
        assert checkout.path.startswith(f"/m/{link.slug}/payment/")
        assert (payment.state, payment.provider) == (PaymentState.OPEN, PaymentProvider.TEST)
        assert (hold.starts_at, hold.expires_at) == (monday(9), checkout.expires_at + timedelta(minutes=2))
        assert await Meeting.all().count() == 0
        with pytest.raises(SlotTaken):
            await book_or_pay(a_booking(link, email="other@client.example"))


async def test_the_token_of_the_page_finds_the_payment_and_nothing_else_does(db: str) -> None:
    with at():
        _, link = await a_paid_link()
        checkout, payment = await begun(link)
        token = checkout.path.rpartition("/")[2]
        found = await payment_of(token)
        assert found is not None
        assert (found.id, found.digest) == (payment.id, ids.digest(token))
        assert await payment_of(payment.digest) is None


async def test_a_page_without_a_price_is_booked_at_once(db: str) -> None:
    with at():
        _, link = await a_paid_link(price_amount=None, price_currency="")
        assert isinstance(await book_or_pay(a_booking(link)), Booked)
        assert await Payment.all().count() == 0


async def test_a_page_with_a_price_cannot_be_booked_past_the_checkout(db: str) -> None:
    with at():
        _, link = await a_paid_link()
        with pytest.raises(Refused) as refused:
            await book(a_booking(link))
        assert [one.code for one in refused.value.complaints] == [ErrorCode.PAYMENT_REQUIRED]
        assert await Meeting.all().count() == 0


async def test_what_is_wrong_with_the_form_is_said_before_anything_is_paid(db: str) -> None:
    with at():
        question = {"key": "topic", "label": "Topic", "kind": "TEXT", "required": True}
        _, link = await a_paid_link(questions=[question])
        before = await counts()
        with pytest.raises(Refused) as refused:
            await book_or_pay(a_booking(link, email="nobody"))
        assert {one.code for one in refused.value.complaints} == {ErrorCode.EMAIL_INVALID, ErrorCode.ANSWER_MISSING}
        assert await counts() == before
        assert await Payment.all().count() == 0


async def test_a_slot_that_was_held_for_the_form_is_kept_on_for_the_payment(db: str) -> None:
    with at():
        _, link = await a_paid_link(notice_minutes=0)
        held = await hold_slot(link.slug, monday(9))
        _, payment = await begun(link, hold_token=held.token)
        kept = await Hold.filter(released_at__isnull=True)
        assert [one.id for one in kept] == [payment.hold_id]


async def test_the_notice_counts_from_when_the_form_was_begun(db: str) -> None:
    with at(monday(8)):
        _, link = await a_paid_link(notice_minutes=60)
        held = await hold_slot(link.slug, monday(9))
    with at(monday(8, 5)):
        _, payment = await begun(link, hold_token=held.token)
        assert is_near((await Hold.get(id=payment.hold_id)).created_at, monday(8))


async def test_the_same_key_and_input_give_the_same_checkout(db: str) -> None:
    with at():
        _, link = await a_paid_link()
        first = await book_or_pay(a_booking(link, idempotency_key="k1"))
        again = await book_or_pay(a_booking(link, idempotency_key="k1"))
        assert first == again
        assert await Payment.all().count() == 1
        assert await Hold.filter(released_at__isnull=True).count() == 1


async def test_the_same_key_with_another_input_is_refused(db: str) -> None:
    with at():
        _, link = await a_paid_link()
        await book_or_pay(a_booking(link, idempotency_key="k1"))
        await KeptResult.all().delete()
        with pytest.raises(Refused) as refused:
            await book_or_pay(a_booking(link, idempotency_key="k1", last_name="Nowak"))
        assert [one.code for one in refused.value.complaints] == [ErrorCode.IDEMPOTENCY_KEY_REUSED]


@pytest.mark.parametrize("key", ["", "k" * 256, "k\0"])
@pytest.mark.parametrize("price", [{}, {"price_amount": None, "price_currency": ""}])
async def test_a_key_that_cannot_be_kept_is_refused_before_anything_is_begun(
    db: str, key: str, price: dict[str, object]
) -> None:
    with at():
        _, link = await a_paid_link(**price)
        before = await counts()
        with pytest.raises(Refused) as refused:
            await book_or_pay(a_booking(link, idempotency_key=key))
        assert [(one.code, one.path) for one in refused.value.complaints] == [
            (ErrorCode.TEXT_TOO_LONG, ("idempotencyKey",))
        ]
        assert await counts() == before
        assert await Payment.all().count() == 0


async def test_five_at_once_under_one_key_are_one_payment(db: str) -> None:
    with at():
        _, link = await a_paid_link()
        answers = await together(*(book_or_pay(a_booking(link, idempotency_key="k1")) for _ in range(5)))
        assert len({str(one) for one in answers}) == 1
        assert isinstance(answers[0], Checkout)
        assert await Payment.all().count() == 1


async def test_two_who_want_the_same_slot_are_not_both_asked_to_pay(db: str) -> None:
    with at():
        _, link = await a_paid_link()
        answers = await together(
            book_or_pay(a_booking(link)), book_or_pay(a_booking(link, email="other@client.example"))
        )
        assert sorted(type(one).__name__ for one in answers) == ["Checkout", "SlotTaken"]
        lost = next(one for one in answers if isinstance(one, SlotTaken))
        assert len(lost.alternatives) == 3


async def test_what_was_answered_under_a_key_holds_when_the_price_is_taken_away(db: str) -> None:
    with at():
        _, link = await a_paid_link()
        first = await book_or_pay(a_booking(link, idempotency_key="k1"))
        await MeetingLink.filter(id=link.id).update(price_amount=None, price_currency="", is_active=False)
        assert await book_or_pay(a_booking(link, idempotency_key="k1")) == first


async def test_without_a_provider_nobody_is_asked_to_pay(db: str) -> None:
    settings.use(settings.current().model_copy(update={"demo": False}))
    with at():
        _, link = await a_paid_link()
        before = await counts()
        with pytest.raises(Refused) as refused:
            await book_or_pay(a_booking(link))
        assert [one.code for one in refused.value.complaints] == [ErrorCode.PAYMENT_UNAVAILABLE]
        assert await counts() == before


async def test_a_provider_that_takes_its_time_holds_up_nobody(db: str) -> None:
    """It is asked outside any transaction: others write, and book at the same host, while it thinks."""
    with at():
        host, link = await a_paid_link()
        free = await a_link(host)
        async with fake_stripe() as stripe:
            use_stripe(stripe)
            stripe.pause = 2.0
            slow = asyncio.create_task(book_or_pay(a_booking(link)))
            while not stripe.asked:  # noqa: ASYNC110  the server tells nobody when it is asked
                await asyncio.sleep(0.01)
            began = asyncio.get_running_loop().time()
            assert isinstance(await book(a_booking(free, monday(10))), Booked)
            assert asyncio.get_running_loop().time() - began < 1.5
            assert not slow.done()
            assert isinstance(await slow, Checkout)


async def test_a_provider_that_refuses_frees_the_slot_at_once(db: str) -> None:
    with at():
        _, link = await a_paid_link(price_amount=10)
        async with fake_stripe() as stripe:
            use_stripe(stripe)
            with pytest.raises(Refused) as refused:
                await book_or_pay(a_booking(link, idempotency_key="k1"))
        (payment,) = await Payment.all()
        assert [one.code for one in refused.value.complaints] == [ErrorCode.PAYMENT_UNAVAILABLE]
        assert payment.state is PaymentState.FAILED
        assert await Hold.filter(released_at__isnull=True).count() == 0


async def test_a_form_that_is_held_again_while_it_is_paid_for_keeps_its_slot_as_long(db: str) -> None:
    with at():
        _, link = await a_paid_link()
        page = await page_of_slug(link.slug)
        held = await hold_for_form(page, "form", monday(9), 30)
        _, payment = await begun(link, hold_token=held.token)
        again = await hold_for_form(page, "form", monday(9), 30)
        hold = await Hold.get(id=payment.hold_id)
    assert again.expires_at == hold.expires_at == payment.expires_at + LATE_NOTICE


async def test_a_sandbox_never_reaches_stripe(db: str) -> None:
    with at():
        host, link = await a_paid_link()
        await Account.filter(id=host.account_id).update(kind=AccountKind.SANDBOX)
        async with fake_stripe() as stripe:
            use_stripe(stripe)
            agreed = await book_or_pay(a_booking(link, email=host.email))
            assert isinstance(agreed, Checkout)
            assert stripe.asked == []
        assert agreed.checkout_url.startswith("https://meet.example.com/pay/test/")
