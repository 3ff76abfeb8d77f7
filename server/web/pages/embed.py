"""The page inside a page of somebody else: who may show it, and the loader that makes room for it."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from server.models import MeetingLink
from server.web.pages.answering import asset_answer
from server.web.pages.assets import content_of, tag_of


def routes() -> list[BaseRoute]:
    """`/embed.js`, the one line that another site needs."""
    return [Route("/embed.js", loader, methods=["GET"])]


async def loader(request: Request) -> Response:
    """The loader; it may be kept for five minutes, because its address never changes."""
    script = content_of("embed.js")
    answer = asset_answer(request, script, "text/javascript; charset=utf-8", tag=tag_of("embed.js"), forever=False)
    # A site may name the script's origin with `crossorigin`, and isolate itself from everything that does not agree.
    answer.headers["Access-Control-Allow-Origin"] = "*"
    answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return answer


def frames_of(link: MeetingLink | None, *, is_embedded: bool) -> Sequence[str]:
    """Who may show a page of this link in a frame (CSP `frame-ancestors`): the sites that the link names, any where it
    names none; nobody but ourselves while it is not asked for as a frame."""
    if not is_embedded:
        return ("'self'",)
    return ("'self'", *link.embed_origins) if link is not None and link.embed_origins else ("*",)
