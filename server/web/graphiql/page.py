"""`/dev/graphiql`: the page, with what it needs to begin. Off unless PARLEY_GRAPHIQL says so; the demo has it."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from functools import cache
from importlib.metadata import version
from pathlib import Path
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

from server import settings
from server.ids import digest
from server.web.at_this_machine import is_at_this_machine
from server.web.graphiql.files import are_fetched, file_answer, mark_of, schema_mark

_HERE = Path(__file__).parent
_NAMES = ("graphiql.css", "graphiql.js", "page.css", "page.js", "react.js", "react-dom.js")

_NOT_FETCHED = (
    "GraphiQL is not here yet. `make graphiql` fetches it once, with Node 20 and npm; then load this page again.\n"
)


def routes(manifest: Path, known: Mapping[str, str]) -> list[Route]:
    """The page and its files. `known` is what a demo gives away to whoever sits at its machine: the token to send,
    and `email`, `password` and `slug` for the examples."""
    page = GraphiqlPage(manifest, known)
    return [
        Route("/dev/graphiql", page.show, methods=["GET"]),
        Route("/dev/graphiql/{name}", file_answer, methods=["GET"]),
    ]


class GraphiqlPage:
    """The page over the operations of one manifest."""

    def __init__(self, manifest: Path, known: Mapping[str, str]) -> None:
        listed = json.loads(manifest.read_text("utf-8"))["operations"] if manifest.is_file() else []
        self._operations = [{"name": one["name"], "body": one["body"]} for one in _in_order(listed)]
        self._variables = _variables(manifest.parent / "examples")
        self._known = known

    async def show(self, request: Request) -> Response:
        """The page; it fetches nothing from anybody else. Without its files it says how to get them."""
        if not are_fetched():
            return PlainTextResponse(_NOT_FETCHED, status_code=503)
        nonce = secrets.token_urlsafe(16)
        page = _template().render(
            nonce=nonce, mark={name: mark_of(name) for name in _NAMES}, start=_as_data(self._start(request))
        )
        return HTMLResponse(page, headers=_headers(nonce))

    def _start(self, request: Request) -> dict[str, object]:
        known = dict(self._known) if _sits_here(request) else {}
        token = known.pop("token", "")
        return {
            "version": version("parley"),
            "mark": digest(token)[:8],
            "schema": schema_mark(),
            "token": token,
            "known": known,
            "operations": self._operations,
            "variables": self._variables,
        }


def _variables(examples: Path) -> dict[str, object]:
    """For each operation those of its recorded example, or ours: in them "{meeting}" stands for one that is there."""
    recorded = {
        "".join(part.capitalize() for part in file.stem.split("_")): json.loads(file.read_text("utf-8"))["variables"]
        for file in sorted(examples.glob("*.json"))
    }
    return {**recorded, **json.loads((_HERE / "variables.json").read_text("utf-8"))}


def _in_order(listed: list[dict[str, str]]) -> list[dict[str, str]]:
    """What is asked for first, then what goes on, then what changes something; by name within."""
    rank = {"query": 0, "subscription": 1, "mutation": 2}
    return sorted(listed, key=lambda one: (one["name"] != "TodayTab", rank[one["type"]], one["name"]))


def _sits_here(request: Request) -> bool:
    """Whether the reader is at this machine, by an address of ours: a name that leads here by a trick (DNS rebinding)
    is in the Host header."""
    own = urlsplit(settings.current().public_url).hostname
    return is_at_this_machine(request) and request.url.hostname in (own, "localhost", "127.0.0.1", "::1")


def _as_data(facts: Mapping[str, object]) -> str:
    """JSON that cannot end the element it stands in."""
    return json.dumps(facts, ensure_ascii=False).replace("<", "\\u003c")


def _headers(nonce: str) -> dict[str, str]:
    policy = (
        f"default-src 'none'; script-src 'self'; style-src 'self' 'nonce-{nonce}'; connect-src 'self'; "
        "img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    return {
        "content-security-policy": policy,
        "cross-origin-opener-policy": "same-origin",
        "cache-control": "no-store",
        "referrer-policy": "no-referrer",
        "x-content-type-options": "nosniff",
        "x-robots-tag": "noindex",
    }


@cache
def _template() -> Template:
    environment = Environment(loader=FileSystemLoader(_HERE), autoescape=True, undefined=StrictUndefined)
    return environment.get_template("page.html")
