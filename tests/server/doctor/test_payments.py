from __future__ import annotations

import pytest

from server import settings
from server.doctor.payments import payments

SECRETS = {"stripe_webhook_secret": "whsec_1"}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "No key for Stripe is set: pages with a price take no bookings."),
        (SECRETS | {"stripe_secret_key": "sk_test_1"}, "Payments go to Stripe with a test key: no money moves."),
        (SECRETS | {"stripe_secret_key": "sk_live_1"}, "Payments go through Stripe."),
    ],
)
def test_doctor_says_through_whom_payments_go(given: dict[str, str], said: str) -> None:
    (finding,) = payments(settings.read(secret_key="k" * 32, **given))
    assert finding.said == said
    assert "sk_" not in finding.said
