"""A payment in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from markupsafe import Markup

from server import clock
from server.models.enums import PaymentState
from server.payments.standing import PaymentStanding
from server.wording import money, say, say_html, when

_SOON, _LATER = 3, 20
"""Seconds until the page looks again: while a notice is on its way, and while somebody pays."""


@dataclass(frozen=True, slots=True)
class PaymentWords:
    """What the page says. `seconds` until it looks again, 0 when nothing changes by itself any more."""

    heading: str
    below: tuple[str | Markup, ...]
    amount: str
    title: str
    day: str
    span: str
    zone: str
    is_good: bool = False
    can_pay: bool = False
    offers_other_times: bool = False
    seconds: int = 0


def payment_words(standing: PaymentStanding, locale: str, *, came_back: bool) -> PaymentWords:
    """How the payment stands. `came_back` is what the browser says of itself: that decides nothing but what is waited
    for."""
    heading, below, more = _said(standing, locale, came_back)
    payment, wish = standing.payment, standing.wish
    tz = standing.tz
    return PaymentWords(
        heading=say(locale, heading),
        below=below,
        amount=money.spell(payment.amount, payment.currency, locale),
        title=standing.title,
        day=when.date_in_full(wish.starts_at.astimezone(ZoneInfo(tz)), locale),
        span=when.span(wish.starts_at, standing.ends_at, tz, locale),
        zone=when.zone_name(tz, wish.starts_at, locale),
        **more,
    )


_Said = tuple[str, tuple[str | Markup, ...], dict[str, Any]]


def _said(standing: PaymentStanding, locale: str, came_back: bool) -> _Said:
    payment, wish = standing.payment, standing.wish
    amount = money.spell(payment.amount, payment.currency, locale)
    match payment.state:
        case PaymentState.PAID:
            received = say_html(locale, "payment.received", amount=amount)
            sent = say_html(locale, "payment.sent", email=wish.email)
            return "payment.booked", (received, sent), {"is_good": True}
        case PaymentState.REFUND_DUE if standing.meeting is None:
            return "payment.lost", (say_html(locale, "payment.lost_next", amount=amount),), _ANEW
        case PaymentState.REFUND_DUE:
            return "payment.refunded", (say_html(locale, "payment.canceled_next", amount=amount),), _ANEW
        case PaymentState.REFUNDED:
            return "payment.refunded", (say_html(locale, "payment.refunded_next", amount=amount),), _ANEW
        case PaymentState.FAILED:
            return "payment.failed", (say(locale, "payment.failed_next"),), _ANEW
        case PaymentState.EXPIRED:
            return "payment.expired", (say(locale, "payment.expired_next"),), _ANEW
    return _open(standing, locale, came_back)


def _open(standing: PaymentStanding, locale: str, came_back: bool) -> _Said:
    payment, wish = standing.payment, standing.wish
    if standing.is_under_way:
        return "payment.under_way", (say(locale, "payment.under_way_next"),), {}
    if came_back or not payment.checkout_url or payment.expires_at <= clock.now():
        return "payment.waiting", (say(locale, "payment.waiting_next"),), {"seconds": _SOON}
    tz = standing.tz
    kept = say_html(
        locale,
        "payment.kept_until",
        clock=when.clock(wish.starts_at, tz, locale),
        until=when.clock(payment.expires_at, tz, locale),
    )
    return "payment.open", (kept,), {"can_pay": True, "seconds": _LATER}


_ANEW: dict[str, Any] = {"offers_other_times": True}
