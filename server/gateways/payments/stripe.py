"""Stripe Checkout through its HTTP API: forms in, JSON out, one pinned version (docs.stripe.com/api)."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import httpx

from server.gateways.answers import json_of, retry_after
from server.gateways.certificates import usual_tls
from server.gateways.errors import PermanentFailure, TemporaryFailure
from server.gateways.payments.minor_units import from_stripe, to_stripe
from server.gateways.payments.notices import PAYMENT_FIELD, notice_from, session_notice
from server.gateways.payments.port import NewCheckout, OpenCheckout, PaymentNotice, PaymentNoticeKind
from server.gateways.payments.signature import Forged, require_signed

VERSION = "2025-09-30.clover"
TIMEOUT_SECONDS = 8.0
PAUSES = (0.2, 0.5, 1.0)
"""How long to wait for another request under the same key, which Stripe answers with 409."""

# Of ours Checkout lacks Arabic, and refuses a session in a language that it does not speak.
_LANGUAGES = frozenset({"de", "en", "es", "fr", "ja", "pl"})


class StripeGateway:
    """Takes payments through Stripe. The secrets never leave this object but in a header or a comparison."""

    def __init__(self, *, url: str, secret_key: str, webhook_secret: str) -> None:
        self._url, self._secret_key, self._webhook_secret = url, secret_key, webhook_secret

    async def open_checkout(self, new: NewCheckout) -> OpenCheckout:
        """Stripe has one checkout session under this key, open until it expires."""
        session = await self._asked("POST", "/v1/checkout/sessions", form=checkout_form(new), key=new.key)
        return OpenCheckout(reference=str(session["id"]), url=str(session["url"]))

    async def ended(self, reference: str, payment: str) -> PaymentNotice:
        """The session has ended: if it was still open it has been closed, and nobody can pay it any more."""
        path = f"/v1/checkout/sessions/{reference}"
        session = await self._asked("GET", path)
        if session.get("status") == "open":
            session = await self._closed(path, payment)
        notice = session_notice("", session)
        if notice is None:
            raise TemporaryFailure("the checkout is still open")
        return _in_minor_units(notice)

    async def _closed(self, path: str, payment: str) -> dict[str, Any]:
        """The session as it is after nobody can pay it any more; who paid just before has paid."""
        try:
            return await self._asked("POST", f"{path}/expire", form={}, key=f"{payment}:expire")
        except _Declined:
            return await self._asked("GET", path)

    async def refund(self, charge: str, *, key: str, payment: str) -> None:
        """All of the money is on its way back; Stripe was told so once, or knows it already."""
        form = {"payment_intent": charge, f"metadata[{PAYMENT_FIELD}]": payment}
        try:
            refund = await self._asked("POST", "/v1/refunds", form=form, key=key)
        except _Declined as declined:
            if declined.code == "charge_already_refunded":
                return
            raise
        if refund.get("status") in ("failed", "canceled"):
            raise PermanentFailure(f"the refund has {refund['status']}: {refund.get('failure_reason') or 'no reason'}")

    def notice(self, body: bytes, signature: str) -> PaymentNotice | None:
        """What a notice says, None for one of something else; `Forged` unless Stripe signed exactly this."""
        require_signed(body, signature, self._webhook_secret)
        try:
            notice = notice_from(body)
        except ValueError as error:
            raise Forged("the notice is no JSON of a notice") from error
        return _in_minor_units(notice) if notice is not None else None

    async def _asked(
        self, method: str, path: str, *, form: Mapping[str, str] | None = None, key: str = ""
    ) -> dict[str, Any]:
        """The object that Stripe answers, after it has finished with any other request under the same key."""
        answer = await self._sent(method, path, form, key)
        for pause in PAUSES:
            if answer.status_code != 409:
                break
            await asyncio.sleep(pause)
            answer = await self._sent(method, path, form, key)
        return _object_in(answer)

    async def _sent(self, method: str, path: str, form: Mapping[str, str] | None, key: str) -> httpx.Response:
        headers = {"authorization": f"Bearer {self._secret_key}", "stripe-version": VERSION}
        if key:
            headers["idempotency-key"] = key
        try:
            async with httpx.AsyncClient(verify=usual_tls(), trust_env=False, timeout=TIMEOUT_SECONDS) as client:
                return await client.request(method, f"{self._url}{path}", data=form, headers=headers)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise TemporaryFailure(f"Stripe did not answer: {type(error).__name__}") from error


class _Declined(PermanentFailure):
    """Stripe understood and said no."""

    def __init__(self, reason: str, *, code: str) -> None:
        super().__init__(reason)
        self.code = code


def checkout_form(new: NewCheckout) -> dict[str, str]:
    """The session as Stripe's forms want it: one thing, once, for one price in one currency. The payment's name goes
    into the money too, so that its refund can be told apart without a look-up."""
    item, price = "line_items[0]", "line_items[0][price_data]"
    return {
        "mode": "payment",
        "client_reference_id": new.payment,
        "customer_email": new.email,
        "locale": _language(new.locale),
        "success_url": new.paid_url,
        "cancel_url": new.back_url,
        "expires_at": str(int(new.expires_at.timestamp())),
        "adaptive_pricing[enabled]": "false",
        f"{item}[quantity]": "1",
        f"{price}[currency]": new.currency.lower(),
        f"{price}[unit_amount]": str(to_stripe(new.amount, new.currency)),
        f"{price}[product_data][name]": new.title[:250],
        f"metadata[{PAYMENT_FIELD}]": new.payment,
        f"payment_intent_data[metadata][{PAYMENT_FIELD}]": new.payment,
    }


def _language(locale: str) -> str:
    language, _, rest = locale.partition("-")
    if language == "zh":
        return "zh-TW" if "Hant" in rest or "TW" in rest else "zh"
    return language if language in _LANGUAGES else "auto"


def _object_in(answer: httpx.Response) -> dict[str, Any]:
    told = json_of(answer)
    if answer.is_success and told:
        return told
    error = told.get("error")
    code = str(error.get("code") or error.get("type") or "") if isinstance(error, dict) else ""
    reason = f"Stripe answered {answer.status_code} {code}".strip()
    if answer.status_code in (409, 429) or answer.status_code >= 500 or answer.is_success:
        raise TemporaryFailure(reason, retry_after=retry_after(answer.headers))
    raise _Declined(reason, code=code)


def _in_minor_units(notice: PaymentNotice) -> PaymentNotice:
    if notice.kind is PaymentNoticeKind.REFUNDED:
        return notice
    return replace(notice, amount=from_stripe(notice.amount, notice.currency))
