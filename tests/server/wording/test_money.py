"""Amounts as the reader's language writes them."""

import pytest

from server.wording import money


@pytest.mark.parametrize(
    ("amount", "currency", "locale", "expected"),
    [
        (8050, "EUR", "en", "€80.50"),
        (8000, "EUR", "en", "€80"),
        (8000, "JPY", "ja", "￥8,000"),
        (8050, "EUR", "de", "80,50\u00a0€"),
        (8000, "EUR", "es", "80\u00a0€"),
        (123450, "EUR", "fr", "1\u202f234,50\u00a0€"),
        (8050, "EUR", "ar", "\u200f80.50\u00a0€"),
        (8050, "EGP", "ar-EG", "\u200f٨٠٫٥٠\u00a0ج.م.\u200f"),
    ],
)
def test_an_amount_is_written_as_the_language_writes_it(amount: int, currency: str, locale: str, expected: str) -> None:
    assert money.spell(amount, currency, locale) == expected
