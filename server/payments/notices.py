"""What a payment provider tells us at `/hooks/<provider>`."""

from __future__ import annotations

from server.models.enums import PaymentProvider
from server.payments.provider import gateway_to
from server.payments.settle import settle


async def take_notice(provider: PaymentProvider, body: bytes, signature: str) -> None:
    """What the notice says has been done, or nothing if it is of something else. `Forged` unless the provider signed
    these very bytes; the provider comes again with whatever fails here."""
    notice = gateway_to(provider).notice(body, signature)
    if notice is not None:
        await settle(provider, notice)
