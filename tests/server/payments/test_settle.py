from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from server.booking.book import Booked, book
from server.changes.data_version import data_version
from server.models import Attendee, BusySpan, Change, Contact, Hold, Meeting, MeetingLink, Payment, PaymentNotice
from server.models.enums import ChangeKind, MeetingSource, PaymentState
from tests.server.booking.scene import a_booking, at, counts, monday
from tests.server.payments.scene import (
    NOW,
    a_notice,
    a_paid_link,
    begun,
    is_near,
    jobs,
    meetings_of,
    pay_for,
    together,
    told,
    work,
)

pytestmark = [pytest.mark.capability("S1-26"), pytest.mark.capability("S1-27")]


async def test_who_has_paid_has_the_meeting_that_they_asked_for(db: str) -> None:
    with at():
        host, link = await a_paid_link(guests_max=2)
        _, payment = await begun(link, guests=("guest@client.example",), locale="pl")
        paid = await told(payment, "PAID")
        (meeting,) = await meetings_of(paid)
        contact = await Contact.get(id=meeting.contact_id)
        assert (paid.state, paid.charge) == (PaymentState.PAID, f"pi_{payment.id}")
        assert is_near(paid.paid_at, NOW)
        assert (meeting.starts_at, meeting.ends_at) == (monday(9), monday(9, 30))
        assert (meeting.host_id, meeting.time_zone, meeting.locale) == (host.id, "Europe/London", "pl")
        assert (meeting.source, contact.email) == (MeetingSource.MEETING_LINK, "tomasz@client.example")
        assert await Attendee.filter(meeting_id=meeting.id, email="guest@client.example").count() == 1
        assert [span.source for span in await BusySpan.all()] == ["MEETING"]
        assert await Change.filter(meeting_id=meeting.id).values_list("kind", flat=True) == [ChangeKind.MEETING_BOOKED]
        assert await jobs("PAYMENT_MAIL") == [{"payment_id": payment.id, "about": "received"}]


@pytest.mark.capability("S1-44")
async def test_words_that_change_while_somebody_pays_are_kept_as_they_were_shown(db: str) -> None:
    with at():
        _, link = await a_paid_link(consent={"kind": "LEGITIMATE_INTEREST", "text": "We keep your plans.", "boxes": []})
        _, payment = await begun(link, locale="pl", idempotency_key="k")
    other = {"kind": "NOTICE", "text": "We sell your plans.", "boxes": []}
    await MeetingLink.filter(id=link.id).update(consent=other)
    with at(NOW + timedelta(minutes=5)):
        await begun(link, locale="pl", idempotency_key="k")
        paid = await told(payment, "PAID")
        (meeting,) = await meetings_of(paid)
    (kept,) = meeting.consents
    assert (kept["key"], kept["given"], kept["locale"]) == ("interest", False, "pl")
    assert kept["label"].startswith("We keep your plans. Linden & Co ")
    assert is_near(datetime.fromtimestamp(kept["at"], UTC), NOW)
    assert await Payment.all().count() == 1


async def test_a_notice_that_comes_twice_changes_nothing(db: str) -> None:
    with at():
        _, link = await a_paid_link()
        _, payment = await begun(link)
        await told(payment, "PAID")
        before = await counts()
        await told(payment, "PAID")
        await told(payment, "PAID", "evt_another_name")
        assert await counts() == before
        assert await PaymentNotice.all().count() == 2


async def test_ten_notices_at_once_are_one_meeting(db: str) -> None:
    with at():
        _, link = await a_paid_link()
        _, payment = await begun(link)
        outcomes = await together(*(told(payment, "PAID", f"evt_{number % 4}") for number in range(10)))
        assert [one for one in outcomes if isinstance(one, BaseException)] == []
        assert len(await meetings_of(payment)) == 1
        assert await Meeting.all().count() == 1


@pytest.mark.parametrize(("kind", "state"), [("FAILED", PaymentState.FAILED), ("EXPIRED", PaymentState.EXPIRED)])
async def test_a_payment_that_comes_to_nothing_frees_the_slot(db: str, kind: str, state: PaymentState) -> None:
    with at():
        _, link = await a_paid_link()
        _, payment = await begun(link)
        version = await data_version(link.account_id)
        assert (await told(payment, kind)).state is state
        assert await BusySpan.all().count() == 0
        assert await data_version(link.account_id) == version + 1
        await begun(link, email="other@client.example")


async def test_money_that_comes_after_the_start_goes_back(db: str) -> None:
    _, link = await a_paid_link(notice_minutes=0)
    with at(monday(9) - timedelta(minutes=5)):
        _, payment = await begun(link)
    with at(monday(9) + timedelta(minutes=10)):
        paid = await told(payment, "PAID")
    assert paid.state is PaymentState.REFUND_DUE
    assert await Meeting.all().count() == 0
    assert await jobs("REFUND") == [{"payment_id": payment.id}]


async def test_a_late_payment_still_books_if_the_slot_is_free(db: str) -> None:
    with at():
        _, link = await a_paid_link()
        _, payment = await begun(link)
        await told(payment, "EXPIRED")
    with at(NOW + timedelta(hours=1)):
        assert (await told(payment, "PAID")).state is PaymentState.PAID
        assert len(await meetings_of(payment)) == 1


async def test_a_late_payment_for_a_lost_slot_goes_back_and_both_sides_are_told(db: str) -> None:
    with at():
        host, link = await a_paid_link()
        _, payment = await begun(link)
        await told(payment, "EXPIRED")
        other = await begun(link, email="other@client.example")
        await told(other[1], "PAID")
        late = await told(payment, "PAID")
        assert late.state is PaymentState.REFUND_DUE
        assert "SLOT_TAKEN" in late.note or "HOLD_EXPIRED" in late.note
        assert await meetings_of(payment) == []
        mails = [one["about"] for one in await jobs("PAYMENT_MAIL") if one["payment_id"] == payment.id]
        assert mails == ["lost", "lost_host"]
        await work()
        assert (await Payment.get(id=payment.id)).state is PaymentState.REFUNDED
        mails = [one["about"] for one in await jobs("PAYMENT_MAIL") if one["payment_id"] == payment.id]
        assert mails == ["lost", "lost_host", "refunded"]


async def test_a_page_that_closed_while_somebody_paid_gives_the_money_back(db: str) -> None:
    with at():
        _, link = await a_paid_link()
        _, payment = await begun(link)
        await MeetingLink.filter(id=link.id).update(is_active=False)
        assert (await told(payment, "PAID")).state is PaymentState.REFUND_DUE
        assert await Meeting.all().count() == 0
        assert await Hold.filter(released_at__isnull=True).count() == 0


@pytest.mark.parametrize("paid", [{"amount": 1}, {"currency": "PLN"}])
async def test_another_amount_than_asked_goes_back(db: str, paid: dict[str, object]) -> None:
    with at():
        _, link = await a_paid_link()
        _, payment = await begun(link)
        assert (await told(payment, "PAID", **paid)).state is PaymentState.REFUND_DUE
        assert await Meeting.all().count() == 0


async def test_money_that_is_under_way_keeps_the_slot_until_the_meeting_would_begin(db: str) -> None:
    with at():
        _, link = await a_paid_link()
        _, payment = await begun(link)
        kept = await told(payment, "UNDER_WAY")
        assert (kept.state, kept.expires_at) == (PaymentState.OPEN, monday(9))
        assert (await Hold.get(id=kept.hold_id)).expires_at == monday(9)
    with at(NOW + timedelta(days=2)):
        assert (await told(payment, "PAID", "evt_async")).state is PaymentState.PAID
        assert len(await meetings_of(payment)) == 1


async def test_money_that_is_under_way_after_the_meeting_would_have_begun_keeps_nothing(db: str) -> None:
    with at():
        _, link = await a_paid_link()
        _, payment = await begun(link)
    with at(monday(9)):
        assert (await told(payment, "UNDER_WAY")).expires_at == payment.expires_at


async def test_a_failure_after_the_money_came_is_no_matter(db: str) -> None:
    with at():
        _, link = await a_paid_link()
        _, payment = await begun(link)
        await told(payment, "PAID")
        before = await counts()
        for kind in ("EXPIRED", "FAILED", "UNDER_WAY"):
            assert (await told(payment, kind)).state is PaymentState.PAID
        assert await counts() == before


async def test_the_end_of_a_checkout_that_nobody_was_sent_to_is_no_matter(db: str) -> None:
    with at():
        _, link = await a_paid_link()
        _, payment = await begun(link)
        for kind in ("EXPIRED", "FAILED", "UNDER_WAY"):
            left = await told(payment, kind, reference="cs_of_an_earlier_try")
            assert (left.state, left.expires_at) == (PaymentState.OPEN, payment.expires_at)


async def test_a_payment_of_somebody_else_is_left(db: str) -> None:
    with at():
        _, link = await a_paid_link()
        _, payment = await begun(link)
        before = await counts()
        stranger = Payment(id=payment.id, digest="f" * 64, amount=8000, currency="EUR", reference="cs_1")
        await pay_for(a_notice(stranger, "PAID"))
        assert await counts() == before


async def test_a_refund_made_at_the_provider_is_noted_and_told(db: str) -> None:
    with at():
        _, link = await a_paid_link()
        _, payment = await begun(link)
        await told(payment, "PAID")
        (meeting,) = await meetings_of(payment)
        back = await told(payment, "REFUNDED")
        assert back.state is PaymentState.REFUNDED
        assert is_near(back.refunded_at, NOW)
        kinds = await Change.filter(meeting_id=meeting.id).order_by("number").values_list("kind", flat=True)
        assert kinds == [ChangeKind.MEETING_BOOKED, ChangeKind.PAYMENT_REFUNDED]
        assert [one["about"] for one in await jobs("PAYMENT_MAIL")] == ["received", "refunded"]


async def test_a_refund_that_is_told_before_the_payment_books_nothing(db: str) -> None:
    with at():
        _, link = await a_paid_link()
        _, payment = await begun(link)
        await told(payment, "REFUNDED")
        assert (await told(payment, "PAID")).state is PaymentState.REFUNDED
        assert await Meeting.all().count() == 0
        await begun(link, email="other@client.example")


async def test_a_meeting_that_was_not_paid_for_names_no_payment(db: str) -> None:
    with at():
        _, link = await a_paid_link(price_amount=None, price_currency="")
        booked = await book(a_booking(link))
        assert isinstance(booked, Booked)
        assert (await Meeting.get(id=booked.meeting_id)).payment_id is None
