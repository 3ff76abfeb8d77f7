"""Whether pages may ask for money."""

from __future__ import annotations

from server.doctor.finding import Finding, look, ok
from server.settings import Settings


def payments(settings: Settings) -> list[Finding]:
    """Through whom payments go. Without anybody it is no fault: only pages with a price take no bookings then."""
    key = settings.stripe_secret_key.get_secret_value()
    if not key:
        mend = "If pages are to have a price, docs/operating/payments.md says how to connect Stripe."
        return [look("payments", "No key for Stripe is set: pages with a price take no bookings.", mend)]
    if key.startswith(("sk_test_", "rk_test_")):
        mend = "Set PARLEY_STRIPE_SECRET_KEY to a key that begins with sk_live_ once you have tried it out."
        return [look("payments", "Payments go to Stripe with a test key: no money moves.", mend)]
    return [ok("payments", "Payments go through Stripe.")]
