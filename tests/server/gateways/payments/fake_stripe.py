"""Stripe, as far as checkouts go: names, rules and answers as its published OpenAPI document has them
(github.com/stripe/openapi, `POST /v1/checkout/sessions`, `/v1/refunds` and their fixtures)."""

from __future__ import annotations

import asyncio
import itertools
import json
import re
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl

import httpx
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from server import clock
from server.gateways.payments.signature import signature_of

SECRET_KEY = "sk_test_parley"
WEBHOOK_SECRET = "whsec_parley"

SESSION_PARAMETERS = frozenset(
    {
        "adaptive_pricing",
        "cancel_url",
        "client_reference_id",
        "currency",
        "customer_email",
        "expires_at",
        "line_items",
        "locale",
        "metadata",
        "mode",
        "payment_intent_data",
        "success_url",
    }
)
REFUND_PARAMETERS = frozenset({"amount", "charge", "currency", "metadata", "payment_intent", "reason"})
LOCALES = frozenset(
    {"auto", "bg", "cs", "da", "de", "el", "en", "en-GB", "es", "es-419", "et", "fi", "fil", "fr", "fr-CA", "hr", "hu"}
    | {"id", "it", "ja", "ko", "lt", "lv", "ms", "mt", "nb", "nl", "pl", "pt", "pt-BR", "ro", "ru", "sk", "sl", "sv"}
    | {"th", "tr", "vi", "zh", "zh-HK", "zh-TW"}
)
SESSION = {
    "object": "checkout.session",
    "automatic_tax": {"enabled": False, "status": None},
    "custom_fields": [],
    "livemode": False,
    "mode": "payment",
    "payment_method_types": ["card"],
    "shipping_options": [],
    "status": "open",
    "payment_status": "unpaid",
    "payment_intent": None,
}
"""What every session says, beside what it was made of."""

_PART = re.compile(r"[^\[\]]+")


@dataclass
class FakeStripe:
    """Sessions and refunds by their ids, and what was asked in which order. `fault` is answered in place of the next
    request, `pause` lies between a request and its answer; `is_paid_at_the_last_moment` says that somebody pays just
    before a session is closed."""

    now: Callable[[], datetime]
    url: str = ""
    sessions: dict[str, dict[str, Any]] = field(default_factory=dict)
    refunds: dict[str, dict[str, Any]] = field(default_factory=dict)
    asked: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)
    fault: Response | None = None
    pause: float = 0.0
    is_paid_at_the_last_moment: bool = False
    _kept: dict[str, tuple[str, Response]] = field(default_factory=dict)
    _under_way: set[str] = field(default_factory=set)
    _numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    def pay(self, session_id: str, *, by_bank: bool = False) -> dict[str, Any]:
        """Somebody pays on the page of the session, by card or by a bank that takes its days."""
        session = self.sessions[session_id]
        assert session["status"] == "open"
        money = f"pi_{next(self._numbers)}"
        session |= {"status": "complete", "payment_intent": money}
        if not by_bank:
            session["payment_status"] = "paid"
        return session

    def notice(self, kind: str, thing: dict[str, Any]) -> tuple[bytes, dict[str, str]]:
        """The body and headers with which Stripe tells of a thing."""
        event = {
            "id": f"evt_{next(self._numbers)}",
            "object": "event",
            "api_version": "2025-09-30.clover",
            "created": int(self.now().timestamp()),
            "data": {"object": thing},
            "livemode": False,
            "pending_webhooks": 1,
            "request": {"id": None, "idempotency_key": None},
            "type": kind,
        }
        body = json.dumps(event, indent=2).encode()
        signed = signature_of(body, WEBHOOK_SECRET, at=int(self.now().timestamp()))
        return body, {"stripe-signature": signed, "content-type": "application/json; charset=utf-8"}

    def charge_of(self, session: dict[str, Any], *, refunded: bool) -> dict[str, Any]:
        """The charge behind a session, which carries the metadata of its payment intent."""
        return {
            "id": f"ch_{session['id']}",
            "object": "charge",
            "amount": session["amount_total"],
            "amount_refunded": session["amount_total"] if refunded else 1,
            "currency": session["currency"],
            "metadata": session["_intent_metadata"],
            "paid": True,
            "payment_intent": session["payment_intent"],
            "refunded": refunded,
            "status": "succeeded",
        }

    async def answer(self, request: Request) -> Response:
        """Whoever asks with the key gets what they ask for, once for each idempotency key."""
        body = (await request.body()).decode()
        self.asked.append((request.method, request.url.path, dict(request.headers)))
        if request.headers.get("authorization") != f"Bearer {SECRET_KEY}":
            return _error(401, "invalid_request_error", "", "Invalid API Key provided")
        if not re.fullmatch(r"\d{4}-\d{2}-\d{2}(\.[a-z]+)?", request.headers.get("stripe-version", "")):
            return _error(400, "invalid_request_error", "", "no such version")
        key = request.headers.get("idempotency-key", "")
        if request.method == "POST" and key:
            return await self._once(key, request, body)
        return await self._do(request, body)

    async def _once(self, key: str, request: Request, body: str) -> Response:
        if key in self._under_way:
            return _error(409, "idempotency_error", "idempotency_key_in_use", "There is another request in progress")
        if key in self._kept:
            before, response = self._kept[key]
            if before != body:
                return _error(400, "idempotency_error", "", "Keys can only be used with the same parameters")
            response.headers["idempotent-replayed"] = "true"
            return response
        self._under_way.add(key)
        try:
            response = await self._do(request, body)
        finally:
            self._under_way.discard(key)
        if response.status_code < 500 and response.status_code != 429:
            self._kept[key] = (body, response)
        return response

    async def _do(self, request: Request, body: str) -> Response:
        await asyncio.sleep(self.pause)
        if self.fault is not None:
            fault, self.fault = self.fault, None
            return fault
        form = _nested(body)
        match (request.method, *request.url.path.strip("/").split("/")):
            case ("POST", "v1", "checkout", "sessions"):
                return self._new_session(form)
            case ("GET", "v1", "checkout", "sessions", name) if name in self.sessions:
                return _object(self.sessions[name])
            case ("POST", "v1", "checkout", "sessions", name, "expire") if name in self.sessions:
                return self._expired(self.sessions[name])
            case ("POST", "v1", "refunds"):
                return self._new_refund(form)
        return _error(404, "invalid_request_error", "resource_missing", "no such thing")

    def _new_session(self, form: dict[str, Any]) -> Response:
        if unknown := form.keys() - SESSION_PARAMETERS:
            return _error(400, "invalid_request_error", "parameter_unknown", f"Received unknown parameter: {unknown}")
        expires = datetime.fromtimestamp(int(form["expires_at"]), self.now().tzinfo) - self.now()
        if not timedelta(minutes=30) <= expires <= timedelta(hours=24):
            return _error(400, "invalid_request_error", "", "expires_at must be 30 minutes to 24 hours from now")
        if form["locale"] not in LOCALES:
            return _error(400, "invalid_request_error", "", "Invalid locale")
        item = form["line_items"]["0"]
        price = item["price_data"]
        if price["currency"] != price["currency"].lower() or not price["product_data"]["name"]:
            return _error(400, "invalid_request_error", "", "Invalid price")
        amount = int(price["unit_amount"]) * int(item["quantity"])
        if amount < 50:
            return _error(400, "invalid_request_error", "amount_too_small", "Amount must be at least 50 cents")
        name = f"cs_test_{next(self._numbers)}"
        self.sessions[name] = {
            **SESSION,
            "id": name,
            "amount_subtotal": amount,
            "amount_total": amount,
            "cancel_url": form["cancel_url"],
            "client_reference_id": form["client_reference_id"],
            "currency": price["currency"],
            "customer_email": form["customer_email"],
            "expires_at": int(form["expires_at"]),
            "locale": form["locale"],
            "metadata": form["metadata"],
            "success_url": form["success_url"],
            "url": f"https://checkout.stripe.com/c/pay/{name}",
            "_intent_metadata": form["payment_intent_data"]["metadata"],
        }
        return _object(self.sessions[name])

    def _expired(self, session: dict[str, Any]) -> Response:
        if self.is_paid_at_the_last_moment:
            self.pay(session["id"])
        if session["status"] != "open":
            return _error(400, "invalid_request_error", "", "Only Checkout Sessions that are open can be expired")
        session["status"] = "expired"
        return _object(session)

    def _new_refund(self, form: dict[str, Any]) -> Response:
        if unknown := form.keys() - REFUND_PARAMETERS:
            return _error(400, "invalid_request_error", "parameter_unknown", f"Received unknown parameter: {unknown}")
        paid = [one for one in self.sessions.values() if one["payment_intent"] == form["payment_intent"]]
        if not paid or paid[0]["payment_status"] != "paid":
            return _error(400, "invalid_request_error", "resource_missing", "No such payment_intent")
        if any(one["payment_intent"] == form["payment_intent"] for one in self.refunds.values()):
            return _error(400, "invalid_request_error", "charge_already_refunded", "It has already been refunded")
        name = f"re_{next(self._numbers)}"
        self.refunds[name] = {
            "id": name,
            "object": "refund",
            "amount": paid[0]["amount_total"],
            "currency": paid[0]["currency"],
            "metadata": form.get("metadata", {}),
            "payment_intent": form["payment_intent"],
            "status": "succeeded",
        }
        return _object(self.refunds[name])


@asynccontextmanager
async def fake_stripe(now: Callable[[], datetime] = clock.now) -> AsyncIterator[FakeStripe]:
    """A Stripe of its own on a loopback port, for as long as the block runs."""
    stripe = FakeStripe(now)
    app = Starlette(routes=[Route("/{path:path}", stripe.answer, methods=["GET", "POST"])])
    listening = socket.create_server(("127.0.0.1", 0))
    stripe.url = f"http://127.0.0.1:{listening.getsockname()[1]}"
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="off", ws="none"))
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    try:
        async with httpx.AsyncClient() as client:
            assert (await client.get(stripe.url)).status_code == 401
        stripe.asked.clear()
        yield stripe
    finally:
        server.should_exit = True
        await serving
        listening.close()


def _nested(body: str) -> dict[str, Any]:
    """`a[b][0]=c` as the tree that Stripe makes of it."""
    tree: dict[str, Any] = {}
    for name, value in parse_qsl(body, keep_blank_values=True, strict_parsing=bool(body)):
        *path, last = _PART.findall(name)
        here = tree
        for part in path:
            here = here.setdefault(part, {})
        here[last] = value
    return tree


def _object(thing: dict[str, Any]) -> Response:
    return JSONResponse({name: value for name, value in thing.items() if not name.startswith("_")})


def _error(status: int, kind: str, code: str, message: str) -> Response:
    return JSONResponse({"error": {"type": kind, "code": code or None, "message": message}}, status_code=status)
