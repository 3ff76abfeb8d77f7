"""Google's push service (FCM HTTP v1): an access token by a signed assertion, then one POST for each notice."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import httpx
import jwt

from server import clock
from server.gateways.answers import json_of
from server.gateways.errors import PermanentFailure, TemporaryFailure
from server.gateways.push.asking import new_client, posted, told
from server.gateways.push.notice import Addressee, DeviceGone, Notice, compact

SCOPE = "https://www.googleapis.com/auth/firebase.messaging"
ASSERTION_SECONDS = 3600
# An access token is renewed this long before it ends, so that none ends on its way.
MARGIN_SECONDS = 300
LONGEST_SECONDS = 28 * 24 * 3600
LARGEST_BYTES = 4096

_GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"


class FcmGateway:
    """Carries notices to Android phones. `account` are the credentials of a service account, as Google gives them."""

    def __init__(self, *, url: str, account: Mapping[str, Any]) -> None:
        self._url, self._account = url, account
        self._client: httpx.AsyncClient | None = None
        self._token, self._ends_at = "", 0

    async def send(self, notice: Notice, to: Addressee) -> None:
        """Google has taken the notice; `DeviceGone`, `TemporaryFailure` or `PermanentFailure` if not."""
        message = message_of(notice, to.token)
        if (size := len(compact(message["data"]))) > LARGEST_BYTES:
            raise PermanentFailure(f"the notice has {size} bytes, and Google takes {LARGEST_BYTES}")
        self._client = self._client or new_client()
        headers = {
            "authorization": f"Bearer {await self._access_token(self._client)}",
            "content-type": "application/json",
        }
        url = f"{self._url}/v1/projects/{self._account['project_id']}/messages:send"
        answer = await posted(self._client, url, content=compact({"message": message}), headers=headers)
        if answer.status_code != 200:
            raise self._failure(answer)

    async def close(self) -> None:
        """The connection is closed; the next `send` opens another."""
        client, self._client = self._client, None
        if client is not None:
            await client.aclose()

    async def _access_token(self, client: httpx.AsyncClient) -> str:
        now = clock.now_epoch()
        if not self._token or now >= self._ends_at:
            form = {"grant_type": _GRANT, "assertion": self._assertion(now)}
            answer = await posted(client, self._account["token_uri"], data=form)
            said = json_of(answer)
            if answer.status_code != 200 or not isinstance(said.get("access_token"), str):
                raise PermanentFailure(f"Google gives no access token: {told(answer)}")
            self._token = said["access_token"]
            self._ends_at = now + max(0, int(said.get("expires_in", ASSERTION_SECONDS)) - MARGIN_SECONDS)
        return self._token

    def _assertion(self, now: int) -> str:
        claims = {
            "iss": self._account["client_email"],
            "scope": SCOPE,
            "aud": self._account["token_uri"],
            "iat": now,
            "exp": now + ASSERTION_SECONDS,
        }
        named = {"kid": self._account["private_key_id"]} if self._account.get("private_key_id") else None
        return jwt.encode(claims, self._account["private_key"], algorithm="RS256", headers=named)

    def _failure(self, answer: httpx.Response) -> Exception:
        if answer.status_code == 401:
            self._token = ""
            return TemporaryFailure(told(answer))
        if "UNREGISTERED" in _codes(answer):
            return DeviceGone(told(answer))
        return PermanentFailure(told(answer))


def message_of(notice: Notice, token: str) -> dict[str, Any]:
    """The notice as a data message, which wakes the app, so that it can draw its buttons: Android itself draws none.
    Every value of `data` is a text (FCM HTTP v1, Message)."""
    shown = {
        "kind": notice.kind,
        "title": notice.title,
        "body": notice.body,
        "tag": notice.thread,
        "silent": "true" if notice.is_silent else "false",
    }
    seconds = int((notice.expires_at - clock.now()).total_seconds())
    return {
        "token": token,
        "data": shown | {name: _as_text(value) for name, value in notice.data.items()},
        "android": {
            "collapse_key": notice.thread,
            "priority": "NORMAL" if notice.is_silent else "HIGH",
            "ttl": f"{min(max(0, seconds), LONGEST_SECONDS)}s",
        },
    }


def _as_text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _codes(answer: httpx.Response) -> set[str]:
    """The error codes of FCM's own that an answer carries beside the general one."""
    error = json_of(answer).get("error")
    details = error.get("details", []) if isinstance(error, dict) else []
    return {str(one.get("errorCode")) for one in details if isinstance(one, dict)}
