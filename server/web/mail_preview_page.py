"""`/dev/mail/preview`: every kind of mail in every language, as it would be sent; nothing is."""

from __future__ import annotations

import dataclasses
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

from server.deliveries.every_kind import content_of, reader_of
from server.deliveries.example import example_facts
from server.gateways.mail.rendering import Content, as_html, as_text
from server.models.enums import MailKind
from server.web.mail_sink_page import LIST_POLICY, MAIL_POLICY, PRIVATE
from server.wording import LOCALES, language_name, regional_locale

_HERE = Path(__file__).parent
_TWELVE_HOURS = "en-US"


def routes() -> list[Route]:
    """The index, and each mail as HTML and as text."""
    return [
        Route("/dev/mail/preview", index, methods=["GET"]),
        Route("/dev/mail/preview/{kind}/{locale}.html", html, methods=["GET"]),
        Route("/dev/mail/preview/{kind}/{locale}.txt", text, methods=["GET"]),
    ]


async def index(request: Request) -> Response:
    """All kinds in all languages, with the chosen one beside them."""
    kind, locale = request.query_params.get("kind", "booked"), request.query_params.get("locale", "en")
    chosen = _content(kind, locale)
    page = _template().render(
        kinds=[one.value.lower() for one in MailKind],
        locales=[(one, language_name(one)) for one in (*LOCALES, _TWELVE_HOURS)],
        kind=kind,
        locale=locale,
        chosen=chosen,
        text=as_text(chosen) if chosen is not None else "",
    )
    headers = PRIVATE | {"content-security-policy": LIST_POLICY}
    return HTMLResponse(page, status_code=200 if chosen is not None else 404, headers=headers)


async def html(request: Request) -> Response:
    """The HTML of one mail, unable to run or fetch anything."""
    content = _content(request.path_params["kind"], request.path_params["locale"])
    if content is None:
        return _not_there()
    page = as_html(content).replace("<head>", '<head><base target="_blank">', 1)
    return HTMLResponse(page, headers=PRIVATE | {"content-security-policy": MAIL_POLICY})


async def text(request: Request) -> Response:
    """The text of one mail."""
    content = _content(request.path_params["kind"], request.path_params["locale"])
    return _not_there() if content is None else PlainTextResponse(as_text(content), headers=PRIVATE)


def _content(kind: str, locale: str) -> Content | None:
    spoken = regional_locale(locale, default="")
    if not spoken or kind.upper() not in MailKind.__members__:
        return None
    facts, wanted = example_facts(), MailKind[kind.upper()]
    return content_of(wanted, facts, dataclasses.replace(reader_of(wanted, facts), locale=spoken), {})


def _not_there() -> Response:
    return PlainTextResponse("There is no such mail.\n", status_code=404, headers=PRIVATE)


@cache
def _template() -> Template:
    environment = Environment(loader=FileSystemLoader(_HERE), autoescape=True, undefined=StrictUndefined)
    return environment.get_template("mail_preview.html")
