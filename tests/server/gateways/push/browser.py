"""A browser and its push service: the service checks what it is sent (RFC 8030, RFC 8292), the browser opens it
(RFC 8291) without the library that closed it."""

from __future__ import annotations

import base64
import json
import os
import re
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import jwt
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.server.gateways.push.serving import Request, Response, serving

DAY = 24 * 3600
VAPID = re.compile(r"vapid t=([\w.-]+), ?k=([\w-]+)")


def encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def point_of(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def key_of(scalar: bytes) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int.from_bytes(scalar, "big"), ec.SECP256R1())


@dataclass
class Browser:
    """A subscription to one server, named by its `applicationServerKey`. `answers` are used up one by one, then
    everything that is right is taken."""

    now: Callable[[], float]
    server_key: str
    origin: str = ""
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    auth: bytes = field(default_factory=lambda: os.urandom(16))
    shown: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    answers: deque[Response] = field(default_factory=deque)

    @property
    def endpoint(self) -> str:
        return f"{self.origin}/push/JzLQ3raZJfFBR0aqvOMsLrt54w4rJUsV"

    @property
    def keys(self) -> dict[str, str]:
        """What `toJSON` of the subscription says under `keys`."""
        return {"p256dh": encoded(point_of(self.key)), "auth": encoded(self.auth)}

    async def answer(self, request: Request) -> Response:
        """What the push service says; what it takes is shown by the browser."""
        complaint = self._complaint(request)
        if complaint is not None:
            self.refused.append(complaint[1])
            return Response(*complaint[:1], complaint[1].encode())
        if self.answers:
            return self.answers.popleft()
        self.headers.append(request.headers)
        self.shown.append(json.loads(opened(request.body, self.key, self.auth)))
        return Response(201, headers={"location": f"{self.origin}/message/{len(self.shown)}"})

    def _complaint(self, request: Request) -> tuple[int, str] | None:
        headers = request.headers
        if (request.method, f"{self.origin}{request.path}") != ("POST", self.endpoint):
            return 404, "no such subscription"
        if not headers.get("ttl", "").isdigit():
            return 400, "TTL is missing"
        if headers.get("content-encoding") != "aes128gcm":
            return 400, "not aes128gcm"
        if not re.fullmatch(r"[\w-]{1,32}", headers.get("topic", "x")):
            return 400, "Topic is not 1 to 32 characters of base64url"
        if headers.get("urgency", "normal") not in ("very-low", "low", "normal", "high"):
            return 400, "no such Urgency"
        if len(request.body) > 4096:
            return 413, "too large"
        return self._wrong_signature(headers.get("authorization", ""))

    def _wrong_signature(self, authorization: str) -> tuple[int, str] | None:
        found = VAPID.fullmatch(authorization)
        if found is None:
            return 401, "not VAPID"
        token, key = found.groups()
        if key != self.server_key:
            return 403, "not the key of the subscription"
        public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), decoded(key))
        try:
            claims = jwt.decode(
                token, public, algorithms=["ES256"], audience=self.origin, options={"verify_exp": False}
            )
        except jwt.PyJWTError as error:
            return 401, str(error)
        if not self.now() < claims["exp"] <= self.now() + DAY:
            return 401, "it does not end within a day"
        return None if claims.get("sub", "").startswith(("mailto:", "https:")) else (401, "nobody to be reached")


def opened(body: bytes, key: ec.EllipticCurvePrivateKey, auth: bytes) -> bytes:
    """The content of an encrypted message of one record, as the browser reads it (RFC 8291, 4; RFC 8188, 2)."""
    salt, size, length = body[:16], int.from_bytes(body[16:20], "big"), body[20]
    sender, record = body[21 : 21 + length], body[21 + length :]
    assert len(record) <= size
    shared = key.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), sender))
    secret = _derived(shared, auth, b"WebPush: info\0" + point_of(key) + sender, 32)
    content_key = _derived(secret, salt, b"Content-Encoding: aes128gcm\0", 16)
    nonce = _derived(secret, salt, b"Content-Encoding: nonce\0", 12)
    padded = AESGCM(content_key).decrypt(nonce, record, None).rstrip(b"\0")
    assert padded[-1:] == b"\x02"
    return padded[:-1]


def _derived(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(hashes.SHA256(), length, salt, info).derive(secret)


@asynccontextmanager
async def browser(certificate: Path, server_key: str, *, now: Callable[[], float]) -> AsyncIterator[Browser]:
    """A browser whose push service is on a loopback port, for as long as the block runs."""
    found = Browser(now=now, server_key=server_key)
    async with serving(certificate, found.answer) as origin:
        found.origin = origin
        yield found
