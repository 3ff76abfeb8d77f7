"""What the payments ask of a provider, and what it tells them, whoever it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class PaymentNoticeKind(StrEnum):
    """What became of a checkout or of its money."""

    PAID = "PAID"
    UNDER_WAY = "UNDER_WAY"
    FAILED = "FAILED"
    EXPIRED = "EXPIRED"
    REFUNDED = "REFUNDED"


@dataclass(frozen=True, slots=True)
class NewCheckout:
    """A page on which `amount` (minor units of `currency`) is to be paid until `expires_at`. `payment` is what the
    provider will call it in its notices, `token` what its visitor knows it by; the same `key` never opens two."""

    key: str
    payment: str
    token: str
    amount: int
    currency: str
    title: str
    email: str
    locale: str
    paid_url: str
    back_url: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class OpenCheckout:
    """A checkout as its provider knows it, and where to pay."""

    reference: str
    url: str


@dataclass(frozen=True, slots=True)
class PaymentNotice:
    """What a provider says of a payment. `id` is its own name for the notice, empty where it was asked; `reference` is
    the checkout, `charge` the money. Money is told with PAID only."""

    id: str
    kind: PaymentNoticeKind
    payment: str
    reference: str = ""
    charge: str = ""
    amount: int = 0
    currency: str = ""


class PaymentGateway(Protocol):
    """One payment provider. Every act may raise `TemporaryFailure` or `PermanentFailure`."""

    async def open_checkout(self, new: NewCheckout) -> OpenCheckout:
        """There is one checkout under this key, open until it expires."""

    async def ended(self, reference: str, payment: str) -> PaymentNotice:
        """The checkout has ended: paid, under way, failed, or expired from now on."""

    async def refund(self, charge: str, *, key: str, payment: str) -> None:
        """The money is on its way back, all of it and once."""

    def notice(self, body: bytes, signature: str) -> PaymentNotice | None:
        """What a notice says, None for one of something else; `Forged` unless the provider signed exactly this."""
