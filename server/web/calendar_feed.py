"""`/calendar/<token>.ics`: a user's meetings for any calendar program that subscribes; the token is all the proof."""

from __future__ import annotations

import hashlib

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from server.accounts.calendar_feed import owner_of
from server.deliveries.calendar_feed import feed_of
from server.web.pages.attempts import seconds_to_wait

_SAFE = {
    "cache-control": "private, no-cache",
    "content-security-policy": "sandbox; default-src 'none'; frame-ancestors 'none'",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-robots-tag": "noindex",
}
_NOWHERE = "There is no calendar at this address, or it has another one by now. Copy the new address from your profile."


def routes() -> list[Route]:
    """The address of every feed."""
    return [Route("/calendar/{token}.ics", fetch, methods=["GET"])]


async def fetch(request: Request) -> Response:
    """The calendar; 304 for whoever has it as it is, 404 for an address that opens nothing, 429 for too many tries."""
    if seconds := seconds_to_wait(request, "visitor"):
        return _told(429, f"Too many requests. Try again in {seconds} seconds.", {"retry-after": str(seconds)})
    owner = await owner_of(request.path_params["token"])
    if owner is None:
        return _told(404, _NOWHERE)
    content = await feed_of(owner)
    headers = _SAFE | {"etag": f'"{hashlib.sha256(content).hexdigest()[:32]}"'}
    if _has(request, headers["etag"]):
        return Response(status_code=304, headers=headers)
    return Response(content, media_type="text/calendar; charset=utf-8", headers=headers)


def _has(request: Request, tag: str) -> bool:
    """Whether the caller has it already (RFC 9110, 13.1.2: compared weakly, `*` is whatever there is)."""
    held = [one.strip().removeprefix("W/") for one in request.headers.get("if-none-match", "").split(",")]
    return tag in held or held == ["*"]


def _told(status: int, message: str, more: dict[str, str] | None = None) -> Response:
    return PlainTextResponse(f"{message}\n", status_code=status, headers=_SAFE | (more or {}))
