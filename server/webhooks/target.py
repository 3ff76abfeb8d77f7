"""May this address be called? Asked when somebody names it, and again by the gateway at each delivery."""

from __future__ import annotations

from server.checks import short_text
from server.errors import ErrorCode, refusal
from server.gateways.errors import TemporaryFailure
from server.gateways.public_addresses import NotPublic
from server.gateways.webhooks import require_target

_LONGEST = 1000


async def valid_target(url: str, *path: str) -> str:
    """The address, which leads to a machine of the public internet over an encrypted connection, or to a host that the
    server's settings allow; `ADDRESS_REFUSED` otherwise. The name is looked up, so call it outside a transaction."""
    text = short_text(url, _LONGEST, *path)
    try:
        await require_target(text)
    except (NotPublic, TemporaryFailure) as failure:
        message = f"Nothing is sent to this address: {failure}. Give one that anybody on the internet can reach."
        raise refusal(ErrorCode.ADDRESS_REFUSED, message, *path) from failure
    return text
