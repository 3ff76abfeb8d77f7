"""Apple's push service: HTTP/2, and a provider token signed with ES256 that is used for most of an hour."""

from __future__ import annotations

from typing import Any

import httpx
import jwt
from cryptography.hazmat.primitives.asymmetric import ec

from server import clock
from server.gateways.answers import json_of
from server.gateways.errors import PermanentFailure, TemporaryFailure
from server.gateways.push.asking import instant_of, new_client, posted, told
from server.gateways.push.notice import Addressee, DeviceGone, Notice, compact

# Apple refuses a token older than an hour, and who makes a new one more often than every 20 minutes.
TOKEN_SECONDS = 45 * 60
LARGEST_BYTES = 4096

_GONE = frozenset({"BadDeviceToken", "Unregistered", "ExpiredToken", "DeviceTokenNotForTopic"})
_STALE = frozenset({"ExpiredProviderToken"})


class ApnsGateway:
    """Carries notices to iPhones. `topic` is the app's bundle id."""

    def __init__(self, *, url: str, key: ec.EllipticCurvePrivateKey, key_id: str, team_id: str, topic: str) -> None:
        self._url, self._key, self._key_id, self._team_id, self._topic = url, key, key_id, team_id, topic
        self._client: httpx.AsyncClient | None = None
        self._token, self._signed_at = "", 0

    async def send(self, notice: Notice, to: Addressee) -> None:
        """Apple has taken the notice; `DeviceGone`, `TemporaryFailure` or `PermanentFailure` if not."""
        if not to.token.isalnum() or not to.token.isascii():
            raise DeviceGone("this is no device token")
        body = compact(payload_of(notice))
        if len(body) > LARGEST_BYTES:
            raise PermanentFailure(f"the notice has {len(body)} bytes, and Apple takes {LARGEST_BYTES}")
        self._client = self._client or new_client(http2=True)
        url = f"{self._url}/3/device/{to.token}"
        answer = await posted(self._client, url, content=body, headers=self._headers(notice))
        if answer.status_code != 200:
            raise self._failure(answer)

    async def close(self) -> None:
        """The connection is closed; the next `send` opens another."""
        client, self._client = self._client, None
        if client is not None:
            await client.aclose()

    def _headers(self, notice: Notice) -> dict[str, str]:
        return {
            "authorization": f"bearer {self._provider_token()}",
            "apns-id": notice.id,
            "apns-topic": self._topic,
            "apns-push-type": "alert",
            "apns-priority": "5" if notice.is_silent else "10",
            "apns-expiration": str(int(notice.expires_at.timestamp())),
            "apns-collapse-id": notice.thread,
            "content-type": "application/json",
        }

    def _provider_token(self) -> str:
        now = clock.now_epoch()
        if not self._token or not 0 <= now - self._signed_at < TOKEN_SECONDS:
            claims = {"iss": self._team_id, "iat": now}
            self._token = jwt.encode(claims, self._key, algorithm="ES256", headers={"kid": self._key_id, "typ": None})
            self._signed_at = now
        return self._token

    def _failure(self, answer: httpx.Response) -> Exception:
        said = json_of(answer)
        reason = str(said.get("reason", ""))
        if answer.status_code == 410 or reason in _GONE:
            return DeviceGone(f"{answer.status_code} {reason}", since=instant_of(said.get("timestamp")))
        if reason in _STALE:
            self._token = ""
            return TemporaryFailure(told(answer))
        return PermanentFailure(told(answer))


def payload_of(notice: Notice) -> dict[str, Any]:
    """The notice as iOS reads it: the category chooses the buttons, the thread groups notices of one meeting."""
    aps: dict[str, Any] = {
        "alert": {"title": notice.title, "body": notice.body},
        "category": notice.kind,
        "thread-id": notice.thread,
        "interruption-level": "passive" if notice.is_silent else "active",
    }
    return {"aps": aps if notice.is_silent else aps | {"sound": "default"}, **notice.data}
