"""Apple's push service as its documentation describes it: it checks what it is sent, and answers as it would."""

from __future__ import annotations

import json
import re
import uuid
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from tests.server.gateways.push.serving import Request, Response, serving

HOUR = 3600
PUSH_TYPES = {"alert", "background", "location", "voip", "complication", "fileprovider", "mdm", "liveactivity"}


@dataclass
class Delivered:
    device: str
    headers: dict[str, str]
    payload: dict[str, Any]


@dataclass
class Apple:
    """`answers` are used up one by one, then everything that is right is taken; None among them takes the notice and
    hangs up without saying so. `gone` are tokens of devices that are no more, with the milliseconds since when."""

    now: Callable[[], float]
    key_id: str = "ABC123DEFG"
    team_id: str = "TEAM123456"
    topic: str = "com.example.parley"
    url: str = ""
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    delivered: list[Delivered] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    provider_tokens: list[str] = field(default_factory=list)
    answers: deque[Response | None] = field(default_factory=deque)
    gone: dict[str, int] = field(default_factory=dict)

    @property
    def pem(self) -> str:
        """The key as the `.p8` file of the developer account has it."""
        return self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()

    @property
    def settings(self) -> dict[str, str]:
        """The settings of somebody who has this key."""
        return {
            "apns_key": self.pem,
            "apns_key_id": self.key_id,
            "apns_team_id": self.team_id,
            "apns_topic": self.topic,
            "apns_url": self.url,
        }

    async def answer(self, request: Request) -> Response | None:
        """What Apple says to a notice."""
        found = re.fullmatch(r"/3/device/([0-9a-fA-F]+)", request.path)
        if found is None:
            return self._refuse(404, "BadPath")
        if refusal := self._complaint(request):
            return self._refuse(*refusal)
        device = found[1]
        if device in self.gone:
            return self._refuse(410, "Unregistered", timestamp=self.gone[device])
        if len(device) < 64:
            return self._refuse(400, "BadDeviceToken")
        answer = self.answers.popleft() if self.answers else Response(200)
        if answer is None or answer.status == 200:
            self.delivered.append(Delivered(device, request.headers, json.loads(request.body)))
        if answer is not None:
            answer.headers.setdefault("apns-id", request.headers.get("apns-id", ""))
        return answer

    def _complaint(self, request: Request) -> tuple[int, str] | None:
        if request.method != "POST":
            return 405, "MethodNotAllowed"
        if reason := self._wrong_token(request.headers.get("authorization", "")):
            return 403, reason
        if request.headers.get("apns-topic") != self.topic:
            return 400, "MissingTopic" if "apns-topic" not in request.headers else "TopicDisallowed"
        if request.headers.get("apns-push-type") not in PUSH_TYPES:
            return 400, "InvalidPushType"
        return self._wrong_fields(request)

    def _wrong_fields(self, request: Request) -> tuple[int, str] | None:
        headers = request.headers
        if headers.get("apns-priority", "10") not in ("1", "5", "10"):
            return 400, "BadPriority"
        if not headers.get("apns-expiration", "0").isdigit():
            return 400, "BadExpirationDate"
        if len(headers.get("apns-collapse-id", "").encode()) > 64:
            return 400, "BadCollapseId"
        if "apns-id" in headers and str(uuid.UUID(headers["apns-id"])) != headers["apns-id"]:
            return 400, "BadMessageId"
        if len(request.body) > 4096:
            return 413, "PayloadTooLarge"
        return None if isinstance(json.loads(request.body or b"{}").get("aps"), dict) else (400, "PayloadEmpty")

    def _wrong_token(self, authorization: str) -> str | None:
        scheme, _, token = authorization.partition(" ")
        if scheme != "bearer":
            return "MissingProviderToken"
        try:
            head = jwt.get_unverified_header(token)
            claims = jwt.decode(token, self.key.public_key(), algorithms=["ES256"], options={"verify_iat": False})
        except jwt.PyJWTError:
            return "InvalidProviderToken"
        if (head.get("kid"), claims.get("iss")) != (self.key_id, self.team_id):
            return "InvalidProviderToken"
        if not -60 <= self.now() - claims["iat"] < HOUR:
            return "ExpiredProviderToken"
        if token not in self.provider_tokens:
            self.provider_tokens.append(token)
        return None

    def _refuse(self, status: int, reason: str, **more: object) -> Response:
        self.refused.append(reason)
        return Response(status, json.dumps({"reason": reason, **more}).encode())


@asynccontextmanager
async def apple(certificate: Path, *, now: Callable[[], float]) -> AsyncIterator[Apple]:
    """Apple on a loopback port, over HTTP/2 only, for as long as the block runs."""
    service = Apple(now=now)
    async with serving(certificate, service.answer, http2=True) as url:
        service.url = url
        yield service
