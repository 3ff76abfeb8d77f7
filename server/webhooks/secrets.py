"""The secrets of a webhook, and what they sign (Standard Webhooks 1.0.0). A secret follows from a kept seed and the
server's key, so the table alone signs nothing."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from server import ids, settings

PREFIX = "whsec_"
OVERLAP = timedelta(hours=24)

Kept = dict[str, Any]
"""`{"seed", "until"}`: until which epoch second it signs, None for as long as it is the newest."""


def new_secret() -> Kept:
    """The seed of a secret that nobody had before."""
    return {"seed": ids.new_secret(), "until": None}


def rotated(kept: Sequence[Kept], added: Kept, *, now: datetime) -> list[Kept]:
    """The new secret first, and behind it the one that was newest, which signs for another `OVERLAP`."""
    ending = {"seed": kept[0]["seed"], "until": int((now + OVERLAP).timestamp())}
    return [added, ending]


def secret_of(one: Kept) -> str:
    """The secret as a receiver writes it down: `whsec_` and base64 of 32 bytes."""
    return PREFIX + base64.b64encode(_key(one)).decode()


def signature(kept: Sequence[Kept], *, message_id: str, at: datetime, body: bytes) -> str:
    """The `webhook-signature` of a body sent at that time: `v1,<base64>` of each secret that is valid then, the newest
    first."""
    stamp = int(at.timestamp())
    signed = f"{message_id}.{stamp}.".encode() + body
    valid = [one for one in kept if one["until"] is None or one["until"] > stamp]
    return " ".join(f"v1,{_mac(_key(one), signed)}" for one in valid)


def _key(one: Kept) -> bytes:
    text = ids.secret_from(one["seed"], key=settings.current().secret_key, purpose="webhook")
    return base64.urlsafe_b64decode(f"{text}=")


def _mac(key: bytes, signed: bytes) -> str:
    return base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
