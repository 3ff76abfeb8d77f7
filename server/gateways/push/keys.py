"""The keys of the push services, as the settings hold them: the text itself, or the path of a file with it."""

from __future__ import annotations

import base64
import binascii
import json
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key


class KeyUnusable(ValueError):
    """A setting holds no key of the kind that it is for; the text says what is wrong."""


def signing_key(value: str) -> ec.EllipticCurvePrivateKey:
    """The P-256 key behind a setting: PEM (the `.p8` file of Apple is one), or for Web Push its 32 bytes in base64url.
    `KeyUnusable` otherwise."""
    text = text_of(value)
    key = _of_pem(text) if text.lstrip().startswith("-----") else _of_scalar(text)
    if not isinstance(key, ec.EllipticCurvePrivateKey) or not isinstance(key.curve, ec.SECP256R1):
        raise KeyUnusable("the key is not one of the curve P-256")
    return key


def service_account(value: str) -> dict[str, Any]:
    """The credentials of a Google service account; `KeyUnusable` if they are no JSON, or lack something."""
    try:
        found = json.loads(text_of(value))
    except ValueError as error:
        raise KeyUnusable(f"the credentials are no JSON: {error}") from error
    needed = ("project_id", "client_email", "private_key", "token_uri")
    missing = [name for name in needed if not isinstance(found, dict) or not isinstance(found.get(name), str)]
    if missing:
        raise KeyUnusable(f"the credentials have no {', '.join(missing)}")
    if not isinstance(_of_pem(found["private_key"]), rsa.RSAPrivateKey):
        raise KeyUnusable("the private_key of the credentials is not an RSA key")
    return dict(found)


def text_of(value: str) -> str:
    """What a setting holds, read from the file if it is the path of one."""
    if value.lstrip().startswith(("-----", "{")) or not value.startswith(("/", "./", "../", "~")):
        # A variable of one line, as systemd and .env files have them, says \\n where the line ends.
        return value.replace("\\n", "\n") if value.lstrip().startswith("-----") else value
    try:
        return Path(value).expanduser().read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise KeyUnusable(f"{value} cannot be read: {error}") from error


def public_point(key: ec.EllipticCurvePrivateKey) -> str:
    """The public half as browsers take it: an uncompressed point in base64url (RFC 8292, 3.2)."""
    point = key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return base64.urlsafe_b64encode(point).decode().rstrip("=")


def bytes_of(text: str) -> bytes:
    """What base64url stands for, with or without padding; `KeyUnusable` if it stands for nothing."""
    try:
        return base64.b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4), altchars=b"-_", validate=True)
    except (ValueError, binascii.Error) as error:
        raise KeyUnusable("this is not base64url") from error


def _of_pem(text: str) -> object:
    try:
        return load_pem_private_key(text.encode(), password=None)
    except (ValueError, TypeError) as error:
        raise KeyUnusable(f"the key cannot be read: {error}") from error


def _of_scalar(text: str) -> ec.EllipticCurvePrivateKey:
    scalar = bytes_of(text.strip())
    if len(scalar) != 32:
        raise KeyUnusable("the key has 32 bytes in base64url, or is PEM")
    try:
        return ec.derive_private_key(int.from_bytes(scalar, "big"), ec.SECP256R1())
    except ValueError as error:
        raise KeyUnusable(f"the key is none of the curve P-256: {error}") from error
