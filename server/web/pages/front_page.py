"""What somebody sees who opens the bare address of a server: every page here has an address of its own."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from server.web.pages.failing import visitors_door
from server.web.pages.frame import message


def routes() -> list[BaseRoute]:
    """The bare address."""
    return [Route("/", look, methods=["GET"])]


@visitors_door
async def look(request: Request) -> Response:
    """What happens here, and how to get to it. It names nobody: a server may be that of several companies."""
    return message(request, "page.front", next_key="page.front_next")
