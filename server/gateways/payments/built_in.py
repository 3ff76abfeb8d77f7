"""The provider of demos and sandboxes: a checkout page of our own, no money, and the same signed notices."""

from __future__ import annotations

import json
from typing import Any

from server import clock, ids, settings
from server.gateways.payments.notices import PAYMENT_FIELD, notice_from
from server.gateways.payments.port import NewCheckout, OpenCheckout, PaymentNotice, PaymentNoticeKind
from server.gateways.payments.signature import Forged, require_signed, signature_of

KINDS = {
    "pay": ("checkout.session.completed", "complete", "paid"),
    "decline": ("checkout.session.async_payment_failed", "complete", "unpaid"),
    "expire": ("checkout.session.expired", "expired", "unpaid"),
}
"""What can be done on the page, as the type of a notice and the state and money of its checkout."""


class BuiltInGateway:
    """Takes payments that nobody pays."""

    async def open_checkout(self, new: NewCheckout) -> OpenCheckout:
        """The page is there as soon as the payment is."""
        url = settings.current().address(f"/pay/test/{new.token}")
        return OpenCheckout(reference=reference_of(new.payment), url=url)

    async def ended(self, reference: str, payment: str) -> PaymentNotice:
        """Nobody pressed a button, or their notice would have come at once."""
        return PaymentNotice("", PaymentNoticeKind.EXPIRED, payment, reference=reference)

    async def refund(self, charge: str, *, key: str, payment: str) -> None:
        """There was no money, so it is back already."""

    def notice(self, body: bytes, signature: str) -> PaymentNotice | None:
        """What a notice says; `Forged` unless this server signed exactly this."""
        require_signed(body, signature, _secret())
        try:
            return notice_from(body)
        except ValueError as error:
            raise Forged("the notice is no JSON of a notice") from error


def reference_of(payment: str) -> str:
    """The name of a checkout, which follows from its payment."""
    return ids.secret_from(payment, key=settings.current().secret_key, purpose="test-checkout")


def signed_notice(act: str, *, payment: str, amount: int, currency: str) -> tuple[bytes, str]:
    """The notice about what somebody did on the page, `pay`, `decline` or `expire`, and its signature. Doing the same
    twice makes the same notice twice."""
    kind, status, payment_status = KINDS[act]
    reference = reference_of(payment)
    session: dict[str, Any] = {
        "id": reference,
        "object": "checkout.session",
        "amount_total": amount,
        "client_reference_id": payment,
        "currency": currency.lower(),
        "metadata": {PAYMENT_FIELD: payment},
        "payment_intent": f"test_{ids.digest(reference)[:24]}",
        "payment_status": payment_status,
        "status": status,
    }
    notice = {
        "id": f"test_{act}_{ids.digest(reference)[:24]}",
        "object": "event",
        "type": kind,
        "created": clock.now_epoch(),
        "data": {"object": session},
    }
    body = json.dumps(notice).encode()
    return body, signature_of(body, _secret())


def _secret() -> str:
    return ids.secret_from("notices", key=settings.current().secret_key, purpose="test-payments")
