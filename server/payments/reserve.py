"""The slot that is kept while it is paid for, and the payment that keeps it."""

from __future__ import annotations

from datetime import timedelta

from server import clock, database, ids
from server.booking.assign import assigned
from server.booking.book import Booking
from server.booking.hold import drop_hold, forget_expired, keep_slot, live_hold
from server.booking.open_page import with_hosts_locked
from server.booking.submitted import checked
from server.changes.data_version import raise_data_version
from server.contacts.upsert import owner_of
from server.errors import ErrorCode, refusal
from server.links.pages import SchedulingPage, page_of
from server.links.price import price_of
from server.meetings.refunds import LANE
from server.models import Hold, MeetingLink, Payment
from server.models.enums import JobKind, PaymentState
from server.outbox import enqueue
from server.payments.provider import provider_for
from server.payments.tokens import hold_token_of
from server.payments.wish import as_kept, is_same_wish, minutes_of, wish_of

TO_PAY = timedelta(minutes=31)
"""Stripe closes no checkout sooner than thirty minutes after it was opened."""

SHORTEST_TO_PAY = timedelta(minutes=30)

LATE_NOTICE = timedelta(minutes=2)
"""For how long the slot is still kept for whoever pays at the last moment."""

_REUSED = "This idempotency key was used before with another request; make a new key for a new request."


async def reserved(booking: Booking, link: MeetingLink, token: str) -> Payment:
    """The payment with this token, and its slot is kept until the checkout expires: a new one, or the one that the same
    request made before, kept for longer if its checkout could not be opened yet.

    Refuses whatever `book` refuses; `IDEMPOTENCY_KEY_REUSED` if the token belongs to another request."""
    page = await page_of(link)
    async with database.transaction():
        form = await checked(booking, page)
        # Before the hosts, as whoever settles it does.
        await Payment.filter(digest=ids.digest(token)).select_for_update().only("id").get_or_none()
        page = await with_hosts_locked(page)
        kept = as_kept(booking, form, link)
        known = await Payment.get_or_none(digest=ids.digest(token))
        if known is not None and not is_same_wish(known, kept):
            raise refusal(ErrorCode.IDEMPOTENCY_KEY_REUSED, _REUSED, "idempotencyKey")
        if known is not None and not _needs_longer(known):
            return known
        payment = known or _new_payment(page, token, form_token=booking.hold_token)
        payment.booking, payment.expires_at = kept, clock.now() + TO_PAY
        payment.hold_id = await _keep_slot(page, payment, booking.hold_token)
        await payment.save()
        await enqueue(
            JobKind.CHECKOUT_END,
            account_id=payment.account_id,
            lane=LANE,
            payload={"payment_id": payment.id},
            run_at=payment.expires_at + LATE_NOTICE,
        )
        await raise_data_version(payment.account_id)
        return payment


def _needs_longer(payment: Payment) -> bool:
    """Whether too little time is left for a checkout that was never opened."""
    is_unopened = payment.state is PaymentState.OPEN and payment.reference is None
    return is_unopened and payment.expires_at < clock.now() + SHORTEST_TO_PAY


def _new_payment(page: SchedulingPage, token: str, *, form_token: str | None) -> Payment:
    price, provider = price_of(page.link), provider_for(page.account)
    if price is None or provider is None:
        raise refusal(
            ErrorCode.CONFLICT, "The price of this page has just changed. Please load the page again.", "slug"
        )
    return Payment(
        account_id=page.account.id,
        link_id=page.link.id,
        digest=ids.digest(token),
        form_digest=ids.digest(form_token) if form_token else "",
        provider=provider,
        amount=price.amount,
        currency=price.currency,
    )


async def _keep_slot(page: SchedulingPage, payment: Payment, form_token: str | None) -> int:
    """The slot is the payment's hold's, in place of the one that its visitor filled in the form under."""
    await forget_expired([host.id for host in page.hosts])
    digest = ids.digest(hold_token_of(payment))
    # Of an earlier try; its spans go with it.
    await Hold.filter(digest=digest).delete()
    wish, minutes = wish_of(payment), minutes_of(payment)
    form_hold = await live_hold(form_token, page, wish.starts_at, minutes)
    is_owners = page.link.contact_owner_first
    assignment = await assigned(
        page,
        wish.starts_at,
        minutes,
        owner_id=await owner_of(page.account.id, wish.email) if is_owners else None,
        hold=form_hold,
        had_hold=form_token is not None,
    )
    if form_hold is not None:
        await drop_hold(form_hold)
    hold = await keep_slot(
        page,
        assignment.hosts,
        wish.starts_at,
        minutes,
        digest=digest,
        expires_at=payment.expires_at + LATE_NOTICE,
        since=form_hold.created_at if form_hold is not None else None,
    )
    return hold.id
