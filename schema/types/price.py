"""What a booking costs."""

import strawberry

from server.links import price


@strawberry.type(description="What a booking costs.")
class Price:
    amount: int = strawberry.field(description="In the smallest unit of the currency, such as cents.")
    currency: str = strawberry.field(description="ISO 4217, such as EUR.")


def price_from(amount: int | None, currency: str) -> Price | None:
    """A price as a link keeps it, as clients see it; None where booking costs nothing."""
    return None if amount is None else Price(amount=amount, currency=currency)


def shown_price(of: price.Price | None) -> Price | None:
    """A price as clients see it."""
    return None if of is None else Price(amount=of.amount, currency=of.currency)
