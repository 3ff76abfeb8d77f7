"""Amounts as Stripe writes them, where it counts differently from ISO 4217 (docs.stripe.com/currencies)."""

# Kept with two decimals, both always zero, because they once had some.
_WITH_EMPTY_DECIMALS = frozenset({"ISK", "UGX"})


def to_stripe(amount: int, currency: str) -> int:
    """Minor units of ISO 4217 as Stripe wants them."""
    return amount * 100 if currency.upper() in _WITH_EMPTY_DECIMALS else amount


def from_stripe(amount: int, currency: str) -> int:
    """What Stripe says, in minor units of ISO 4217."""
    return amount // 100 if currency.upper() in _WITH_EMPTY_DECIMALS else amount
