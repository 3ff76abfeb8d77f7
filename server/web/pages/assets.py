"""The style sheet, the script, and a company's colour as a style sheet of its own, each under an address that may be
kept for ever because it changes with the content."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from server import settings
from server.web.pages.accent import DARK, LIGHT, Accent, is_color, repaired
from server.web.pages.answering import asset_answer

_FOLDER = Path(__file__).parent / "static"
_TYPES = {"page.css": "text/css; charset=utf-8", "page.js": "text/javascript; charset=utf-8"}
_OWN_COLOR = "#0a6a58"


def routes() -> list[BaseRoute]:
    """What the pages fetch after themselves."""
    return [
        Route("/static/accent/{color}.css", company_color, methods=["GET"]),
        Route("/static/{name}", shared_file, methods=["GET"]),
    ]


def address_of(name: str) -> str:
    """Where a file of the pages is, with a mark of its content."""
    return f"{settings.current().sub_path}/static/{name}?v={tag_of(name)}"


def accent_address(color: str) -> str | None:
    """Where the style sheet of a company's colour is; None for our own colour and for what is no colour."""
    if not is_color(color) or color.lower() == _OWN_COLOR:
        return None
    return f"{settings.current().sub_path}/static/accent/{color[1:].lower()}.css"


def accent_sheet(color: str) -> str:
    """The custom properties that put a company's colour, repaired for reading, in place of ours."""
    light, dark = _properties(repaired(color, LIGHT)), _properties(repaired(color, DARK))
    return f":root{{{light}}}\n@media (prefers-color-scheme:dark){{:root:not([data-theme]){{{dark}}}}}\n"


async def shared_file(request: Request) -> Response:
    """The style sheet or the script."""
    name = request.path_params["name"]
    if name not in _TYPES:
        raise HTTPException(404)
    is_named = request.query_params.get("v") == tag_of(name)
    return asset_answer(request, content_of(name), _TYPES[name], tag=tag_of(name), forever=is_named)


async def company_color(request: Request) -> Response:
    """The style sheet of one colour."""
    color = f"#{request.path_params['color']}"
    if not is_color(color):
        raise HTTPException(404)
    content = accent_sheet(color).encode()
    return asset_answer(request, content, "text/css; charset=utf-8", tag=_digest(content), forever=False)


def _properties(accent: Accent) -> str:
    return (
        f"--accent:{accent.accent};--on-accent:{accent.on_accent};--accent-soft:{accent.soft};--accent-ink:{accent.ink}"
    )


@cache
def content_of(name: str) -> bytes:
    """A file of the pages as it is sent."""
    return (_FOLDER / name).read_bytes()


@cache
def tag_of(name: str) -> str:
    """The mark of a file's content."""
    return _digest(content_of(name))


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:12]
