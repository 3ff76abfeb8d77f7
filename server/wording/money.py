"""Money as the reader's language writes it: one formatter for page and mail."""

from decimal import Decimal

from babel import Locale
from babel.numbers import format_currency, get_currency_precision

from server.wording.digits import in_digits


def spell(amount: int, currency: str, locale: str) -> str:
    """`€80.50` from 8050 minor units of EUR (ISO 4217); cents that are none are left out: `€80`."""
    digits = get_currency_precision(currency)
    whole = Decimal(amount).scaleb(-digits)
    spoken = Locale.parse(locale, sep="-")
    if digits == 0 or whole != whole.to_integral_value():
        return in_digits(str(format_currency(whole, currency, locale=spoken, numbering_system="default")), spoken)
    pattern = spoken.currency_formats["standard"].pattern.replace(".00", "")
    written = format_currency(
        whole, currency, format=pattern, locale=spoken, currency_digits=False, numbering_system="default"
    )
    return in_digits(str(written), spoken)
