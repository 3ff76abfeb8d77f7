"""When something goes wrong on our side, the visitor hears so, and that nothing was changed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import wraps

import structlog
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from server.web.pages.attempts import seconds_to_wait
from server.web.pages.frame import message

Door = Callable[[Request], Awaitable[Response]]

_log = structlog.get_logger(__name__)


def visitors_door(door: Door) -> Door:
    """The door counts who asks, and answers what was not foreseen with a page in the visitor's language."""

    @wraps(door)
    async def guarded(request: Request) -> Response:
        if seconds := seconds_to_wait(request, "visitor"):
            return message(request, "error.too_many", status=429, retry_after=seconds, seconds=seconds)
        try:
            return await door(request)
        except (HTTPException, ClientDisconnect):
            raise
        except Exception:  # noqa: BLE001  the last door before the visitor: everything is logged, nothing was committed
            _log.exception("page_failed", path=request.scope["route"].path if "route" in request.scope else "")
            return message(request, "error.ours", status=500)

    return guarded
