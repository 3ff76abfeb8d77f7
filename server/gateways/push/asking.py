"""One request to a push service, and what its answer means for the notice."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import httpx

from server.checks import printable_line
from server.gateways.answers import retry_after
from server.gateways.errors import TemporaryFailure

SECONDS = 15.0
MOST_BYTES_READ = 64 * 1024
KEPT_SECONDS = 300.0

_OF_THE_WIRE = ("content-encoding", "content-length", "transfer-encoding")


def new_client(*, http2: bool = False) -> httpx.AsyncClient:
    """A client that follows nobody anywhere, waits for nobody for long, and keeps its connection for the next notice:
    Apple takes many connections for an attack."""
    limits = httpx.Limits(keepalive_expiry=KEPT_SECONDS)
    return httpx.AsyncClient(http2=http2, timeout=SECONDS, follow_redirects=False, limits=limits)


async def posted(client: httpx.AsyncClient, url: str, **request: Any) -> httpx.Response:
    """The answer to a POST, whatever it says, and the first `MOST_BYTES_READ` of its body; `TemporaryFailure` if there
    was none within `SECONDS`, or it says to come back later."""
    try:
        async with asyncio.timeout(SECONDS):
            answer = await _answer(client, url, request)
    except (TimeoutError, httpx.HTTPError, httpx.InvalidURL) as error:
        raise TemporaryFailure(f"no answer: {type(error).__name__} {error}".strip()) from error
    if answer.status_code == 429 or answer.status_code >= 500:
        raise TemporaryFailure(told(answer), retry_after=retry_after(answer.headers))
    return answer


async def _answer(client: httpx.AsyncClient, url: str, request: Mapping[str, Any]) -> httpx.Response:
    # Whoever answers may be anybody: a body without end, or one that unpacks to gigabytes, is not taken in.
    headers = {**request.get("headers", {}), "accept-encoding": "identity"}
    async with client.stream("POST", url, **{**request, "headers": headers}) as answer:
        read = b""
        async for chunk in answer.aiter_raw():
            read += chunk
            if len(read) >= MOST_BYTES_READ:
                break
    said = {name: value for name, value in answer.headers.items() if name not in _OF_THE_WIRE}
    return httpx.Response(answer.status_code, headers=said, content=read[:MOST_BYTES_READ])


def told(answer: httpx.Response) -> str:
    """Status and beginning of an answer, for the log."""
    return f"{answer.status_code} {printable_line(answer.text, 300)}".strip()


def instant_of(milliseconds: object) -> datetime | None:
    """Milliseconds since the epoch as an instant; None for anything else."""
    return datetime.fromtimestamp(milliseconds / 1000, UTC) if isinstance(milliseconds, int) else None
