"""`/hooks/stripe` and `/hooks/test`: what becomes of payments, told by their provider."""

from __future__ import annotations

from functools import partial

import structlog
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from server import database
from server.gateways.payments.signature import Forged
from server.models.enums import PaymentProvider
from server.payments.notices import take_notice

SIGNATURE = "stripe-signature"

_log = structlog.get_logger(__name__)


def routes() -> list[BaseRoute]:
    """One address for each provider."""
    return [
        Route(f"/hooks/{provider.value.lower()}", partial(take, provider), methods=["POST"])
        for provider in PaymentProvider
    ]


async def take(provider: PaymentProvider, request: Request) -> Response:
    """204 once what the notice says is done, or is no matter here; 400 for one that the provider did not sign, 503 if
    it should come again."""
    try:
        await take_notice(provider, await request.body(), request.headers.get(SIGNATURE, ""))
    except Forged as reason:
        _log.warning("payment.notice_refused", provider=provider, reason=str(reason))
        return PlainTextResponse("not signed by this provider", status_code=400)
    except database.TryAgain:
        return PlainTextResponse("please come again", status_code=503, headers={"Retry-After": "5"})
    return Response(status_code=204)
