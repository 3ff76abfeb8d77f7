"""The signature under a notice: HMAC-SHA256 over its moment and its raw bytes (docs.stripe.com/webhooks/signature)."""

from __future__ import annotations

import hashlib
import hmac

from server import clock

TOLERANCE_SECONDS = 300
MOST_SIGNATURES = 10


class Forged(Exception):
    """A notice that its provider did not sign, or not lately, or not with these bytes."""


def signature_of(body: bytes, secret: str, *, at: int | None = None) -> str:
    """The header `t=<epoch seconds>,v1=<hex>` under a notice signed now, or at another moment."""
    moment = clock.now_epoch() if at is None else at
    return f"t={moment},v1={_mac(body, secret, str(moment))}"


def require_signed(body: bytes, header: str, secret: str) -> None:
    """The header has a `v1` of these very bytes under this secret, made within `TOLERANCE_SECONDS` of now; several
    stand there while a secret is being changed, and one that fits is enough. `Forged` otherwise."""
    parts = [part.strip().partition("=") for part in header.split(",")[: MOST_SIGNATURES + 1]]
    moment = next((value for name, _, value in parts if name == "t"), "")
    given = [value for name, _, value in parts if name == "v1"]
    if not secret or not (moment.isascii() and moment.isdigit() and len(moment) < 12) or not given:
        raise Forged("the notice carries no signature")
    expected = _mac(body, secret, moment).encode()
    if not any(hmac.compare_digest(expected, one.encode()) for one in given):
        raise Forged("no signature of the notice fits it")
    if abs(clock.now_epoch() - int(moment)) > TOLERANCE_SECONDS:
        raise Forged("the notice was signed too long ago")


def _mac(body: bytes, secret: str, moment: str) -> str:
    return hmac.new(secret.encode(), moment.encode() + b"." + body, hashlib.sha256).hexdigest()
