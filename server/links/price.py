"""What a booking through a link costs."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from babel.core import get_global
from babel.numbers import get_territory_currencies

from server.complaints import Complaints
from server.errors import ErrorCode
from server.models import MeetingLink

DEAREST = 99_999_999
"""The largest amount in minor units that card providers take: eight digits."""

_NO_CURRENCY = "Please name the currency by its three letters, such as EUR (ISO 4217)."
_NO_AMOUNT = f"Please give a whole number from 1 to {DEAREST}, in the smallest unit of the currency, such as cents."


@dataclass(frozen=True, slots=True)
class Price:
    """An amount in minor units of its currency: 8000 EUR are eighty euros, 8000 JPY eight thousand yen (ISO 4217)."""

    amount: int
    currency: str


def price_of(link: MeetingLink) -> Price | None:
    """What a booking through the link costs; None where it costs nothing."""
    return None if link.price_amount is None else Price(link.price_amount, link.price_currency)


def checked_price(price: Price, found: Complaints) -> Price:
    """The price with its currency in capitals; `SETTING_INVALID` for a currency that nobody pays with today, and for an
    amount that is nothing."""
    currency = price.currency.strip().upper()
    if currency not in currencies():
        found.add(ErrorCode.SETTING_INVALID, _NO_CURRENCY, "price", "currency")
    if not 1 <= price.amount <= DEAREST:
        found.add(ErrorCode.SETTING_INVALID, _NO_AMOUNT, "price", "amount")
    return Price(price.amount, currency)


@cache
def currencies() -> frozenset[str]:
    """The codes of every currency that is legal tender somewhere today, as CLDR knows it."""
    territories = get_global("territory_currencies")
    return frozenset(code for territory in territories for code in get_territory_currencies(territory))
