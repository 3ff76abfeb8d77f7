"""Through whom an account's payments go."""

from __future__ import annotations

from server import settings
from server.gateways.payments.built_in import BuiltInGateway
from server.gateways.payments.port import PaymentGateway
from server.gateways.payments.stripe import StripeGateway
from server.models import Account
from server.models.enums import AccountKind, PaymentProvider


def provider_for(account: Account) -> PaymentProvider | None:
    """The built-in one for a sandbox (S1-07), Stripe where its key is set, the built-in one in a demo; None means that
    nobody can pay here."""
    own = settings.current()
    if account.kind is AccountKind.SANDBOX:
        return PaymentProvider.TEST
    if own.stripe_secret_key.get_secret_value():
        return PaymentProvider.STRIPE
    return PaymentProvider.TEST if own.demo else None


def gateway_to(provider: PaymentProvider) -> PaymentGateway:
    """The way to a provider, with the secrets of the settings."""
    if provider is PaymentProvider.TEST:
        return BuiltInGateway()
    own = settings.current()
    return StripeGateway(
        url=own.stripe_url,
        secret_key=own.stripe_secret_key.get_secret_value(),
        webhook_secret=own.stripe_webhook_secret.get_secret_value(),
    )
