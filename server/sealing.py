"""What may stand in the database only in a form that nobody reads without the server's key."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import zlib
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from server import settings

_NONCE_BYTES = 12


def sealed(content: bytes, *, purpose: str) -> bytes:
    """The content, made small and unreadable (AES-256-GCM, RFC 5116); `opened` with the same purpose reads it."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return nonce + _cipher(settings.current().secret_key, purpose).encrypt(nonce, zlib.compress(content, 1), None)


def opened(seal: bytes, *, purpose: str) -> bytes | None:
    """The content; None if it was sealed with another key or for another purpose, or was changed since."""
    nonce, rest = bytes(seal[:_NONCE_BYTES]), bytes(seal[_NONCE_BYTES:])
    try:
        return zlib.decompress(_cipher(settings.current().secret_key, purpose).decrypt(nonce, rest, None))
    except (InvalidTag, ValueError):
        return None


@lru_cache(maxsize=16)
def _cipher(key: str, purpose: str) -> AESGCM:
    return AESGCM(hmac.new(key.encode(), f"sealed:{purpose}".encode(), hashlib.sha256).digest())
