"""What a booking costs."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.complaints import Complaints
from server.errors import Refused
from server.links.price import DEAREST, Price, checked_price, currencies, price_of
from server.models import MeetingLink


def told(price: Price) -> set[str]:
    """Which parts of a price are refused."""
    found = Complaints()
    checked_price(price, found)
    try:
        found.refuse_if_any()
    except Refused as refused:
        return {one.path[-1] for one in refused.complaints}
    return set()


@pytest.mark.capability("S1-25", "S1-44")
@given(st.integers(-1000, DEAREST + 1000), st.sampled_from(sorted(currencies())) | st.text(max_size=4))
def test_a_price_is_an_amount_in_a_currency_that_is_paid_with_today(amount: int, currency: str) -> None:
    expected = set() if 1 <= amount <= DEAREST else {"amount"}
    expected |= set() if currency.strip().upper() in currencies() else {"currency"}
    assert told(Price(amount, currency)) == expected


@pytest.mark.parametrize("currency", ["", "EU", "EURO", "DEM", "XXX", "XTS", "XAU", "BTC", "€"])
def test_what_nobody_pays_with_is_no_currency(currency: str) -> None:
    assert told(Price(100, currency)) == {"currency"}


def test_a_link_without_an_amount_costs_nothing() -> None:
    assert price_of(MeetingLink()) is None
    assert price_of(MeetingLink(price_amount=8000, price_currency="EUR")) == Price(8000, "EUR")
