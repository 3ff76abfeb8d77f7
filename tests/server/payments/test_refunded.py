from __future__ import annotations

import pytest

from server import database
from server.booking.cancel import cancel
from server.booking.manage_link import manage_token_of
from server.gateways.errors import PermanentFailure
from server.meetings.delete import delete
from server.meetings.refunds import refund_if_promised
from server.models import Change, Job, Meeting, Payment, User
from server.models.enums import ChangeKind, JobKind, JobState, PaymentState
from server.payments.refunded import refund
from tests.server.booking.scene import at
from tests.server.meetings.scene import viewer_of
from tests.server.payments.scene import a_paid_link, begun, jobs, meetings_of, told, work

pytestmark = pytest.mark.capability("S1-27")


async def a_paid_meeting(**fields: object) -> tuple[Payment, Meeting]:
    _, link = await a_paid_link(**fields)
    _, payment = await begun(link)
    await told(payment, "PAID")
    (meeting,) = await meetings_of(payment)
    return payment, meeting


async def test_who_cancels_gets_the_money_back_where_the_link_says_so(db: str) -> None:
    with at():
        payment, meeting = await a_paid_meeting(refunds_on_cancel=True)
        await cancel(manage_token_of(meeting))
        assert (await Payment.get(id=payment.id)).state is PaymentState.REFUND_DUE
        await work()
        assert (await Payment.get(id=payment.id)).state is PaymentState.REFUNDED
        kinds = await Change.filter(meeting_id=meeting.id).order_by("number").values_list("kind", flat=True)
        assert kinds == [ChangeKind.MEETING_BOOKED, ChangeKind.MEETING_CANCELED, ChangeKind.PAYMENT_REFUNDED]
        assert [one["about"] for one in await jobs("PAYMENT_MAIL")] == ["received", "refunded"]


async def test_who_cancels_does_not_where_the_link_does_not(db: str) -> None:
    with at():
        payment, meeting = await a_paid_meeting(refunds_on_cancel=False)
        await cancel(manage_token_of(meeting))
        await work()
        assert (await Payment.get(id=payment.id)).state is PaymentState.PAID
        assert await jobs("REFUND") == []


async def test_who_paid_for_a_meeting_that_its_host_deletes_gets_the_money_back(db: str) -> None:
    with at():
        payment, meeting = await a_paid_meeting()
        await delete(viewer_of(await User.get(id=meeting.host_id)), meeting.id)
        assert (await Payment.get(id=payment.id)).state is PaymentState.REFUND_DUE
        assert await jobs("REFUND") == [{"payment_id": payment.id}]


async def test_a_meeting_called_off_twice_is_paid_back_once(db: str) -> None:
    with at():
        payment, meeting = await a_paid_meeting()
        await cancel(manage_token_of(meeting))
        async with database.transaction():
            await refund_if_promised(await Meeting.get(id=meeting.id))
        await work()
        assert len(await jobs("REFUND")) == 1
        assert (await refund(payment.id), await refund(payment.id)) == ("no longer wanted", "no longer wanted")


async def test_money_without_a_name_is_left_to_a_person(db: str) -> None:
    with at():
        payment, meeting = await a_paid_meeting()
        await Payment.filter(id=payment.id).update(charge="")
        await cancel(manage_token_of(meeting))
        with pytest.raises(PermanentFailure):
            await refund(payment.id)
        await work()
        (job,) = await Job.filter(kind=JobKind.REFUND)
        assert job.state is JobState.DEAD
        assert (await Change.filter(meeting_id=meeting.id).order_by("-number").first() or Change()).kind == (
            ChangeKind.DELIVERY_FAILED
        )


async def test_a_refund_holds_up_no_mail_of_its_meeting(db: str) -> None:
    with at():
        _, meeting = await a_paid_meeting()
        await cancel(manage_token_of(meeting))
        lanes = await Job.filter(meeting_id=meeting.id, kind=JobKind.REFUND).values_list("lane", flat=True)
        assert lanes == ["payment"]
