"""The hold of one form: the slot that its visitor fills it in for, renewed as long as they do, and one at a time.

The key of the form is what it is held under, so that loading the page again, or going back for another time, finds the
same hold and never stands in its own way."""

from __future__ import annotations

from datetime import datetime, timedelta

from server import clock, database, ids, settings
from server.booking.assign import assigned
from server.booking.hold import KEPT_FOR, Held, forget_expired, keep_slot
from server.booking.open_page import require_open, with_hosts_locked
from server.changes.data_version import raise_data_version
from server.errors import ErrorCode, refusal
from server.links.pages import SchedulingPage
from server.models import Hold, Payment
from server.models.enums import PaymentState


def form_hold_token(page: SchedulingPage, key: str) -> str | None:
    """The token of the hold that a form with this key has, or would have; None for a form without one."""
    if not key:
        return None
    return ids.secret_from(f"{page.link.id}:{key}", key=settings.current().secret_key, purpose="form-hold")


async def form_hold(page: SchedulingPage, key: str) -> Hold | None:
    """The hold of the form with this key, or of the checkout that it led to, while it lasts."""
    token = form_hold_token(page, key)
    if token is None:
        return None
    live = Hold.filter(link_id=page.link.id, released_at__isnull=True, expires_at__gt=clock.now())
    own = await live.get_or_none(digest=ids.digest(token))
    if own is not None or page.link.price_amount is None:
        return own
    paying = await Payment.filter(form_digest=ids.digest(token), link_id=page.link.id, state=PaymentState.OPEN)
    return await live.filter(id__in=[one.hold_id for one in paying if one.hold_id is not None]).first()


async def hold_for_form(page: SchedulingPage, key: str, starts_at: datetime, duration_minutes: int) -> Held:
    """The slot is kept for the form, for ten minutes from now: renewed if it was kept before, in place of another time
    that the same form held.

    `LINK_INACTIVE`, `SLOT_NOT_OFFERED`, `TIME_IN_PAST`; `SlotTaken`, without alternatives, if somebody was quicker."""
    token = form_hold_token(page, key)
    if token is None:
        raise refusal(ErrorCode.HOLD_EXPIRED, "This form has no key under which a time could be kept.", "key")
    require_open(page)
    expires_at = clock.now() + KEPT_FOR
    async with database.transaction():
        page = await with_hosts_locked(page)
        own = await form_hold(page, key)
        if own is not None and (own.starts_at, own.ends_at - own.starts_at) == (
            starts_at,
            timedelta(minutes=duration_minutes),
        ):
            own.expires_at = expires_at = max(own.expires_at, expires_at)
            await own.save(update_fields=["expires_at"])
        else:
            # Of another time, or one that has ended; its spans go with it.
            await Hold.filter(digest=ids.digest(token)).delete()
            await forget_expired([host.id for host in page.hosts])
            assignment = await assigned(page, starts_at, duration_minutes)
            await keep_slot(
                page, assignment.hosts, starts_at, duration_minutes, digest=ids.digest(token), expires_at=expires_at
            )
        await raise_data_version(page.account.id)
    return Held(token=token, expires_at=expires_at)
