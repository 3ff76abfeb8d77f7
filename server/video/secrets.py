"""What requests to an extension are signed with, as the table keeps it: sealed, so that the table alone signs
nothing."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from datetime import datetime

import orjson

from server.gateways.errors import PermanentFailure
from server.sealing import opened, sealed
from server.webhooks.secrets import Kept, signature

_PURPOSE = "video extension"


def kept(secrets: Sequence[Kept]) -> str:
    """The secrets, the newest first, as they stand in the table."""
    return base64.b64encode(sealed(orjson.dumps(list(secrets)), purpose=_PURPOSE)).decode()


def secrets_from(text: str) -> list[Kept]:
    """The secrets that stand in the table; `PermanentFailure` if the server's key is another one by now."""
    content = opened(base64.b64decode(text), purpose=_PURPOSE)
    if content is None:
        raise PermanentFailure("the secret was sealed with another key of this server: give the extension a new one")
    secrets: list[Kept] = orjson.loads(content)
    return secrets


def signed_with(text: str, message_id: str, at: datetime, body: bytes) -> str:
    """The signature of a body sent at that time, by what stands in the table."""
    return signature(secrets_from(text), message_id=message_id, at=at, body=body)
