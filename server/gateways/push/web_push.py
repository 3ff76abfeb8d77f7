"""Web Push (RFC 8030): encrypted for one browser (RFC 8291), signed by this server (RFC 8292)."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import http_ece
import httpx
import jwt
from cryptography.hazmat.primitives.asymmetric import ec

from server import clock
from server.gateways.certificates import usual_tls
from server.gateways.errors import PermanentFailure
from server.gateways.public_addresses import NotPublic, require_public
from server.gateways.push.asking import SECONDS, posted, told
from server.gateways.push.keys import KeyUnusable, bytes_of, public_point
from server.gateways.push.notice import Addressee, DeviceGone, Notice, compact

# Push services need not take more (RFC 8291, 4), and refuse a signature that holds for more than a day.
LARGEST_BYTES = 4096
SIGNATURE_SECONDS = 12 * 3600
LONGEST_SECONDS = 28 * 24 * 3600


class WebPushGateway:
    """Carries notices to browsers. `contact` is how the operators of a push service reach whoever runs this server."""

    def __init__(self, *, key: ec.EllipticCurvePrivateKey, contact: str) -> None:
        self._key, self._contact = key, contact

    async def send(self, notice: Notice, to: Addressee) -> None:
        """The browser's push service has taken the notice; `DeviceGone`, `TemporaryFailure` or `PermanentFailure` if
        not. The service is one that the device named: it is looked for on the public internet only."""
        keys = to.keys or {}
        body = encrypted(compact(payload_of(notice)), p256dh=keys.get("p256dh", ""), auth=keys.get("auth", ""))
        if len(body) > LARGEST_BYTES:
            raise PermanentFailure(f"the notice has {len(body)} bytes, and browsers take {LARGEST_BYTES}")
        try:
            there = await require_public(to.token)
        except NotPublic as error:
            raise DeviceGone(str(error)) from error
        headers = self._headers(notice, to.token) | {"host": there.host}
        # A client of its own each time: a kept connection to a number could be taken for another name's.
        async with httpx.AsyncClient(verify=usual_tls(), trust_env=False, timeout=SECONDS) as client:
            sni = {"sni_hostname": there.name}
            answer = await posted(client, there.url, content=body, headers=headers, extensions=sni)
        if answer.status_code in (404, 410):
            raise DeviceGone(told(answer))
        if not 200 <= answer.status_code < 300:
            raise PermanentFailure(told(answer))

    async def close(self) -> None:
        """Nothing is held open: every notice has a connection of its own."""

    def _headers(self, notice: Notice, endpoint: str) -> dict[str, str]:
        seconds = int((notice.expires_at - clock.now()).total_seconds())
        return {
            "authorization": f"vapid t={self._signature(endpoint)}, k={public_point(self._key)}",
            "content-encoding": "aes128gcm",
            "content-type": "application/octet-stream",
            "ttl": str(min(max(0, seconds), LONGEST_SECONDS)),
            "topic": notice.thread,
            "urgency": "low" if notice.is_silent else "high",
        }

    def _signature(self, endpoint: str) -> str:
        parts = urlsplit(endpoint)
        claims = {
            "aud": f"{parts.scheme}://{parts.netloc}",
            "exp": clock.now_epoch() + SIGNATURE_SECONDS,
            "sub": self._contact,
        }
        return jwt.encode(claims, self._key, algorithm="ES256")


def payload_of(notice: Notice) -> dict[str, Any]:
    """The notice as the service worker of a page reads it; `tag` and `silent` are words of `showNotification`."""
    shown = {
        "kind": notice.kind,
        "title": notice.title,
        "body": notice.body,
        "tag": notice.thread,
        "silent": notice.is_silent,
    }
    return {**shown, **notice.data}


def encrypted(
    content: bytes,
    *,
    p256dh: str,
    auth: str,
    salt: bytes | None = None,
    key: ec.EllipticCurvePrivateKey | None = None,
) -> bytes:
    """The content as only the browser with these keys can read it (RFC 8291, 4), in one record. Salt and sender's key
    are made anew unless given, as for the example of the RFC. `DeviceGone` for keys that no browser can have made."""
    try:
        return bytes(
            http_ece.encrypt(
                content,
                salt=salt,
                private_key=key or ec.generate_private_key(ec.SECP256R1()),
                dh=bytes_of(p256dh),
                auth_secret=bytes_of(auth),
                version="aes128gcm",
            )
        )
    except (KeyUnusable, ValueError, http_ece.ECEException) as error:
        raise DeviceGone(f"the keys of the subscription cannot be used: {error}") from error
