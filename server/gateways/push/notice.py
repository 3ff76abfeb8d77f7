"""A notice on its way to one device, whatever service carries it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from server.gateways.errors import PermanentFailure


@dataclass(frozen=True, slots=True)
class Addressee:
    """One device as its service knows it: `token` is a device token, a registration token, or the address of a Web Push
    subscription, which has `keys` beside it (`p256dh`, `auth`)."""

    token: str
    keys: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    """What the device shows, and what its app is told: `data` is plain JSON. A later notice with the same `thread`
    takes the place of this one, on the way and on the screen. After `expires_at` nobody brings it any more; a silent
    one makes no sound. `id` is the same at each attempt."""

    id: str
    kind: str
    title: str
    body: str
    thread: str
    expires_at: datetime
    is_silent: bool = False
    data: Mapping[str, Any] = field(default_factory=dict)


class DeviceGone(PermanentFailure):
    """The service knows this device no more, and has known that since `since`, where it says so."""

    def __init__(self, reason: str, *, since: datetime | None = None) -> None:
        super().__init__(reason)
        self.since = since


def compact(value: object) -> bytes:
    """JSON without a byte to spare: the services take about 4,096 of them."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
