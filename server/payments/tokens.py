"""The names of a payment: the visitor's, which is a secret, and what follows from it."""

from __future__ import annotations

from server import ids, settings
from server.models import MeetingLink, Payment


def payment_token(link: MeetingLink, email: str, key: str | None) -> str:
    """What stands in the address of a payment's page: the same for the same visitor and key, new without a key."""
    seed = f"{link.id}:{email.strip().lower()}:{key}" if key else ids.new_secret()
    return ids.secret_from(seed, key=settings.current().secret_key, purpose="payment")


def payment_path(link: MeetingLink, token: str) -> str:
    """Where on this server the payment with this token has its page."""
    return f"/m/{link.slug}/payment/{token}"


def hold_token_of(payment: Payment) -> str:
    """The token of the hold that keeps the slot while it is paid for."""
    return ids.secret_from(payment.digest, key=settings.current().secret_key, purpose="payment-hold")


async def payment_of(token: str) -> Payment | None:
    """The payment with this token, with its account, its link and that link's owner; None if there is none."""
    return await Payment.get_or_none(digest=ids.digest(token)).select_related("link__owner", "account")
