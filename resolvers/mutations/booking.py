"""What visitors do: keep a slot, book it, move or cancel what they booked."""

from typing import Any, TypeVar

from resolvers.door import mutation
from resolvers.errors import user_errors
from schema.access import PUBLIC
from schema.context import Info
from schema.inputs.booking import (
    BookMeetingInput,
    CancelBookingInput,
    HoldSlotInput,
    ReleaseSlotInput,
    RescheduleBookingInput,
    booking_from,
)
from schema.inputs.given import Input
from schema.payloads.booking import (
    BookMeetingPayload,
    CancelBookingPayload,
    Hold,
    HoldSlotPayload,
    ReleaseSlotPayload,
    RescheduleBookingPayload,
    SlotPayload,
)
from schema.types.booking import Booking, Payment, booking_of
from schema.types.scheduling_page import slot_of
from server import settings
from server.booking.cancel import cancel
from server.booking.errors import SlotTaken
from server.booking.hold import hold_slot as hold
from server.booking.hold import release_hold
from server.booking.managed import managed
from server.booking.reschedule import reschedule
from server.payments.begin import Checkout, book_or_pay

_BOOKS = (
    "A visitor books a slot: the meeting stands, and the invitations are on their way. Where the page has a price the "
    "slot is kept, and the meeting stands once it is paid for."
)

P = TypeVar("P", bound=SlotPayload)


@mutation(PUBLIC, "A slot is busy to everybody else for some minutes, while a form is filled in.")
async def hold_slot(info: Info, input: Input[HoldSlotInput]) -> HoldSlotPayload:
    try:
        held = await hold(
            input.slug,
            input.starts_at,
            duration_minutes=input.duration_minutes,
            idempotency_key=input.idempotency_key,
        )
    except SlotTaken as taken:
        return _taken(HoldSlotPayload, taken)
    return HoldSlotPayload(hold=Hold(token=held.token, expires_at=held.expires_at))


@mutation(PUBLIC, "A slot that was kept is free again.")
async def release_slot(info: Info, input: Input[ReleaseSlotInput]) -> ReleaseSlotPayload:
    return ReleaseSlotPayload(released=await release_hold(input.token))


@mutation(PUBLIC, _BOOKS)
async def book_meeting(info: Info, input: Input[BookMeetingInput]) -> BookMeetingPayload:
    try:
        agreed = await book_or_pay(booking_from(input))
    except SlotTaken as taken:
        return _taken(BookMeetingPayload, taken)
    if isinstance(agreed, Checkout):
        return BookMeetingPayload(payment=_payment(agreed))
    return BookMeetingPayload(booking=await _booking(agreed.manage_token))


@mutation(PUBLIC, "A visitor moves what they booked; the old slot is free again.")
async def reschedule_booking(info: Info, input: Input[RescheduleBookingInput]) -> RescheduleBookingPayload:
    try:
        await reschedule(
            input.token,
            starts_at=input.starts_at,
            duration_minutes=input.duration_minutes,
            idempotency_key=input.idempotency_key,
        )
    except SlotTaken as taken:
        return _taken(RescheduleBookingPayload, taken)
    return RescheduleBookingPayload(booking=await _booking(input.token))


@mutation(PUBLIC, "A visitor cancels what they booked; everybody is told.")
async def cancel_booking(info: Info, input: Input[CancelBookingInput]) -> CancelBookingPayload:
    await cancel(input.token, reason=input.reason or "", idempotency_key=input.idempotency_key)
    return CancelBookingPayload(booking=await _booking(input.token))


def _payment(checkout: Checkout) -> Payment:
    return Payment(
        token=checkout.token,
        checkout_url=checkout.checkout_url,
        expires_at=checkout.expires_at,
        amount=checkout.amount,
        currency=checkout.currency,
        status_url=settings.current().address(checkout.path),
    )


async def _booking(token: str) -> Booking:
    return booking_of(await managed(token))


def _taken(payload: type[P], taken: SlotTaken) -> P:
    told: dict[str, Any] = {"alternatives": [slot_of(one) for one in taken.alternatives]}
    return payload(user_errors=user_errors(taken), **told)
