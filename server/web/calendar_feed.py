"""`/calendar/<token>.ics`: a user's meetings for any calendar program that subscribes; the token is all the proof."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import NamedTuple

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from server import clock
from server.accounts.calendar_feed import owner_of
from server.deliveries.calendar_feed import feed_of
from server.web.etags import is_known
from server.web.fastpath.kept import Shelf
from server.web.headers import SANDBOXED
from server.web.pages.attempts import seconds_to_wait

_SAFE = {**SANDBOXED, "cache-control": "private, no-cache"}
_NOWHERE = "There is no calendar at this address, or it has another one by now. Copy the new address from your profile."


class _Moment(NamedTuple):
    """All that a feed follows from while the process lives, read before its rows: then what is held of it may be newer
    than its moment, and never older."""

    version: int
    day: date


class _Held(NamedTuple):
    """The tag that a feed had at some moment."""

    moment: _Moment
    tag: str


_ENTRY_BYTES = 512
# Of a feed that is looked at every half hour and seldom changes. The tag is that of the bytes, so that whoever asks
# another process, or after a change that the feed does not show, is still told that they have it.
_HELD: Shelf[_Held] = Shelf(1024 * 1024)


def routes() -> list[Route]:
    """The address of every feed."""
    return [Route("/calendar/{token}.ics", fetch, methods=["GET"])]


async def fetch(request: Request) -> Response:
    """The calendar; 304 for whoever has it as it is, 404 for an address that opens nothing, 429 for too many tries."""
    if seconds := seconds_to_wait(request, "visitor"):
        return _told(429, f"Too many requests. Try again in {seconds} seconds.", {"retry-after": str(seconds)})
    token = request.path_params["token"]
    owner = await owner_of(token)
    if owner is None:
        return _told(404, _NOWHERE)
    moment = _Moment(owner.account.data_version, clock.now().date())
    held = _HELD.get(token)
    if held is None or held.moment != moment or not is_known(request.headers, held.tag):
        content = await feed_of(owner, moment.day)
        held = _Held(moment, f'"{hashlib.sha256(content).hexdigest()[:32]}"')
        _HELD.put(token, held, _ENTRY_BYTES)
        if not is_known(request.headers, held.tag):
            return Response(content, media_type="text/calendar; charset=utf-8", headers=_SAFE | {"etag": held.tag})
    return Response(status_code=304, headers=_SAFE | {"etag": held.tag})


def _told(status: int, message: str, more: dict[str, str] | None = None) -> Response:
    return PlainTextResponse(f"{message}\n", status_code=status, headers=_SAFE | (more or {}))
