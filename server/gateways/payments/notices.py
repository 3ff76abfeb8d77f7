"""A notice as Stripe writes it, read into what it says. Pure; unknown fields and kinds are no matter."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from server.gateways.payments.port import PaymentNotice, PaymentNoticeKind

PAYMENT_FIELD = "parley_payment"
"""What our payment is called among the metadata of a checkout and of its money."""

LONGEST_ID = 255

Read = Callable[[str, Mapping[str, Any]], PaymentNotice | None]


def notice_from(body: bytes) -> PaymentNotice | None:
    """What the notice says of one of our payments; None if it is of something else. `ValueError` if it is no notice."""
    told = json.loads(body)
    if not isinstance(told, dict) or not isinstance(told.get("data"), dict):
        raise ValueError("this is no notice")
    read = _READ.get(str(told.get("type")))
    thing = told["data"].get("object")
    name = told.get("id")
    if read is None or not isinstance(thing, dict) or not isinstance(name, str) or not 0 < len(name) <= LONGEST_ID:
        return None
    return read(name, thing)


def session_notice(name: str, session: Mapping[str, Any]) -> PaymentNotice | None:
    """How a checkout session stands; None while it is open, and for one of somebody else's."""
    if session.get("status") == "open":
        return None
    if session.get("status") == "expired":
        return _of_session(PaymentNoticeKind.EXPIRED, name, session)
    return _completed(name, session)


def _completed(name: str, session: Mapping[str, Any]) -> PaymentNotice | None:
    # A bank transfer completes the checkout days before the money is there.
    is_paid = session.get("payment_status") in ("paid", "no_payment_required")
    return _of_session(PaymentNoticeKind.PAID if is_paid else PaymentNoticeKind.UNDER_WAY, name, session)


def _succeeded(name: str, session: Mapping[str, Any]) -> PaymentNotice | None:
    return _of_session(PaymentNoticeKind.PAID, name, session)


def _failed(name: str, session: Mapping[str, Any]) -> PaymentNotice | None:
    return _of_session(PaymentNoticeKind.FAILED, name, session)


def _expired(name: str, session: Mapping[str, Any]) -> PaymentNotice | None:
    return _of_session(PaymentNoticeKind.EXPIRED, name, session)


def _refunded(name: str, charge: Mapping[str, Any]) -> PaymentNotice | None:
    """`refunded` is true only once all of the money went back."""
    if charge.get("refunded") is not True:
        return None
    payment = _payment_in(charge)
    money = _text(charge, "payment_intent")
    return PaymentNotice(name, PaymentNoticeKind.REFUNDED, payment, charge=money) if payment or money else None


def _of_session(kind: PaymentNoticeKind, name: str, session: Mapping[str, Any]) -> PaymentNotice | None:
    payment, amount = _payment_in(session), session.get("amount_total")
    if not payment:
        return None
    return PaymentNotice(
        id=name,
        kind=kind,
        payment=payment,
        reference=_text(session, "id"),
        charge=_text(session, "payment_intent"),
        amount=amount if isinstance(amount, int) else 0,
        currency=_text(session, "currency").upper(),
    )


def _payment_in(thing: Mapping[str, Any]) -> str:
    metadata = thing.get("metadata")
    return _text(metadata, PAYMENT_FIELD) if isinstance(metadata, dict) else ""


def _text(thing: Mapping[str, Any], field: str) -> str:
    """The field as text; an object that was sent in full counts as its id."""
    value = thing.get(field)
    if isinstance(value, dict):
        value = value.get("id")
    return value[:LONGEST_ID] if isinstance(value, str) else ""


_READ: Mapping[str, Read] = {
    "checkout.session.completed": _completed,
    "checkout.session.async_payment_succeeded": _succeeded,
    "checkout.session.async_payment_failed": _failed,
    "checkout.session.expired": _expired,
    "charge.refunded": _refunded,
}
