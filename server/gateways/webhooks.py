"""Signed posts to the addresses that webhooks name. The one place where they meet httpx."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Mapping
from dataclasses import dataclass

import httpx

from server import settings
from server.gateways.answers import retry_after
from server.gateways.certificates import usual_tls
from server.gateways.errors import TemporaryFailure
from server.gateways.public_addresses import NotPublic, PinnedAddress, require_public

TIMEOUT_SECONDS = 15.0
MOST_BYTES_READ = 4096
SCHEMES = ("https", "http")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a receiver said: the status, the beginning of the text where it took nothing or was asked something, and
    after how many seconds it wants to be asked again."""

    status: int
    text: str = ""
    retry_after: float | None = None

    @property
    def is_taken(self) -> bool:
        """Whether the receiver has taken responsibility: any 2xx."""
        return 200 <= self.status < 300


async def require_target(url: str) -> PinnedAddress:
    """Where to connect for this address: of the public internet and encrypted, unless its host is one of
    PARLEY_PRIVATE_HOSTS. `NotPublic`, or `TemporaryFailure` if the name cannot be looked up now."""
    target = await require_public(url, schemes=SCHEMES)
    if not target.url.startswith("https:") and target.name not in settings.current().private_hosts:
        raise NotPublic("an address begins with https://")
    return target


async def post(
    url: str, body: bytes, headers: Mapping[str, str], *, tls: ssl.SSLContext | None = None, answer_bytes: int = 0
) -> Answer:
    """What the receiver answered, with at most `answer_bytes` of its body where it took what was sent; a redirect is an
    answer and is not followed. `TemporaryFailure` if there was none within `TIMEOUT_SECONDS`, or if the address leads
    where it may not."""
    try:
        async with asyncio.timeout(TIMEOUT_SECONDS):
            return await _posted(await require_target(url), body, headers, tls or usual_tls(), answer_bytes)
    except NotPublic as error:
        raise TemporaryFailure(str(error)) from error
    except (TimeoutError, httpx.TimeoutException) as error:
        raise TemporaryFailure(f"there was no answer within {TIMEOUT_SECONDS:.0f} seconds") from error
    except (httpx.HTTPError, httpx.InvalidURL, ssl.SSLError) as error:
        raise TemporaryFailure(f"there was no answer: {error or type(error).__name__}") from error


async def _posted(
    target: PinnedAddress, body: bytes, headers: Mapping[str, str], tls: ssl.SSLContext, answer_bytes: int
) -> Answer:
    # A client of its own for each post: a kept connection to a number could be taken for another name's.
    async with httpx.AsyncClient(
        verify=tls, trust_env=False, follow_redirects=False, timeout=TIMEOUT_SECONDS
    ) as client:
        request = client.build_request(
            "POST",
            target.url,
            content=body,
            headers={**headers, "host": target.host},
            extensions={"sni_hostname": target.name},
        )
        response = await client.send(request, stream=True)
        try:
            text = await _beginning(response, answer_bytes if response.is_success else MOST_BYTES_READ)
        finally:
            await response.aclose()
    return Answer(response.status_code, text, retry_after(response.headers))


async def _beginning(response: httpx.Response, most: int) -> str:
    """The first bytes of the body as they came, unpacked by nobody."""
    read = b""
    if most:
        async for chunk in response.aiter_raw():
            read += chunk
            if len(read) >= most:
                break
    return read[:most].decode("utf-8", "replace")
