"""Google's push service and its token endpoint: both check what they are sent against the published contract (FCM v1,
revision 20230929; OAuth 2.0 for service accounts, RFC 7523)."""

from __future__ import annotations

import json
import re
from collections import deque
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from tests.server.gateways.push.serving import Request, Response, serving

PROJECT = "parley-test"
EMAIL = "push@parley-test.iam.gserviceaccount.com"
SCOPE = "https://www.googleapis.com/auth/firebase.messaging"
MESSAGE = {"name", "data", "notification", "android", "webpush", "apns", "fcm_options", "token", "topic", "condition"}
ANDROID = {
    "collapse_key",
    "priority",
    "ttl",
    "restricted_package_name",
    "data",
    "notification",
    "fcm_options",
    "direct_boot_ok",
}
FOUR_WEEKS = 28 * 24 * 3600
FCM_ERROR = "type.googleapis.com/google.firebase.fcm.v1.FcmError"


def new_key() -> rsa.RSAPrivateKey:
    """The key of a service account."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@dataclass
class Google:
    """`answers` to messages are used up one by one, then everything that is right is taken. `gone` are registration
    tokens of apps that were removed."""

    now: Callable[[], float]
    key: rsa.RSAPrivateKey
    url: str = ""
    delivered: list[dict[str, Any]] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    access_tokens: list[str] = field(default_factory=list)
    answers: deque[Response] = field(default_factory=deque)
    gone: set[str] = field(default_factory=set)

    @property
    def credentials(self) -> str:
        """The file that Google gives to whoever makes a service account."""
        pem = self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
        return json.dumps(
            {
                "type": "service_account",
                "project_id": PROJECT,
                "private_key_id": "key-1",
                "private_key": pem,
                "client_email": EMAIL,
                "token_uri": f"{self.url}/token",
            }
        )

    @property
    def settings(self) -> dict[str, str]:
        """The settings of somebody who has this service account."""
        return {"fcm_credentials": self.credentials, "fcm_url": self.url}

    async def answer(self, request: Request) -> Response:
        """What Google says, to either kind of request."""
        if (request.method, request.path) == ("POST", "/token"):
            return self._give_token(request)
        if (request.method, request.path) == ("POST", f"/v1/projects/{PROJECT}/messages:send"):
            return self._take_message(request)
        return self._refuse(404, "NOT_FOUND", "no such method")

    def _give_token(self, request: Request) -> Response:
        form = parse_qs(request.body.decode())
        if form.get("grant_type") != ["urn:ietf:params:oauth:grant-type:jwt-bearer"]:
            return _json(400, {"error": "unsupported_grant_type"})
        try:
            claims = jwt.decode(
                form["assertion"][0],
                self.key.public_key(),
                algorithms=["RS256"],
                audience=f"{self.url}/token",
                issuer=EMAIL,
                options={"verify_exp": False, "verify_iat": False, "require": ["exp", "iat", "iss", "aud"]},
            )
        except (jwt.PyJWTError, KeyError) as error:
            return _json(400, {"error": "invalid_grant", "error_description": str(error)})
        is_timely = claims["iat"] - 60 <= self.now() < claims["exp"] <= claims["iat"] + 3600
        if claims.get("scope") != SCOPE or not is_timely:
            return _json(400, {"error": "invalid_scope"})
        self.access_tokens.append(f"ya29.{len(self.access_tokens) + 1}")
        return _json(200, {"access_token": self.access_tokens[-1], "expires_in": 3599, "token_type": "Bearer"})

    def _take_message(self, request: Request) -> Response:
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        if token not in self.access_tokens[-1:]:
            return self._refuse(401, "UNAUTHENTICATED", "the access token is not valid")
        message = json.loads(request.body).get("message", {})
        if complaint := wrong_with(message):
            return self._refuse(400, "INVALID_ARGUMENT", complaint)
        if message["token"] in self.gone:
            return self._refuse(404, "NOT_FOUND", "Requested entity was not found.", code="UNREGISTERED")
        if self.answers:
            return self.answers.popleft()
        self.delivered.append(message)
        return _json(200, {"name": f"projects/{PROJECT}/messages/{len(self.delivered)}"})

    def _refuse(self, status: int, name: str, message: str, *, code: str = "") -> Response:
        self.refused.append(f"{name}: {message}")
        details = [{"@type": FCM_ERROR, "errorCode": code}] if code else []
        return _json(status, {"error": {"code": status, "message": message, "status": name, "details": details}})


def wrong_with(message: Mapping[str, Any]) -> str:
    """What the contract has against a message; empty if nothing."""
    if unknown := set(message) - MESSAGE:
        return f"message: unknown {sorted(unknown)}"
    if len({"token", "topic", "condition"} & set(message)) != 1:
        return "message: exactly one target"
    data, android = message.get("data", {}), message.get("android", {})
    if not all(isinstance(value, str) for value in data.values()):
        return "data: map of strings"
    if reserved := [key for key in data if key in ("from", "message_type") or key.startswith(("google", "gcm"))]:
        return f"data: reserved {reserved}"
    if len(json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()) > 4096:
        return "data: too big"
    return wrong_with_android(android)


def wrong_with_android(android: Mapping[str, Any]) -> str:
    if unknown := set(android) - ANDROID:
        return f"android: unknown {sorted(unknown)}"
    if android.get("priority", "NORMAL") not in ("NORMAL", "HIGH"):
        return "android.priority"
    ttl = re.fullmatch(r"(\d+)(\.\d{1,9})?s", android.get("ttl", "0s"))
    return "" if ttl is not None and int(ttl[1]) <= FOUR_WEEKS else "android.ttl"


def _json(status: int, body: object) -> Response:
    return Response(status, json.dumps(body).encode(), {"content-type": "application/json"})


@asynccontextmanager
async def google(certificate: Path, key: rsa.RSAPrivateKey, *, now: Callable[[], float]) -> AsyncIterator[Google]:
    """Google on a loopback port, for as long as the block runs."""
    service = Google(now=now, key=key)
    async with serving(certificate, service.answer) as url:
        service.url = url
        yield service
