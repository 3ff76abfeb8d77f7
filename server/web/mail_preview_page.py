"""`/dev/mail/preview`: every kind of mail in every language, as it would be sent; nothing is."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from server.deliveries.every_kind import KINDS, content_of, reader_of
from server.deliveries.example import example_facts, example_proposal
from server.deliveries.readers import host_reader
from server.deliveries.unworded_kinds import UNWORDED
from server.gateways.mail.rendering import Content, as_html, as_text
from server.models.enums import MailKind
from server.web.mail_frame import html_answer, list_answer, not_there, text_answer
from server.wording import LOCALES, direction, language_name, regional_locale

PROPOSED_TIMES = "proposed_times"
"""Times that a colleague puts into a mail of their own (S1-06)."""

_TWELVE_HOURS = "en-US"


@dataclass(frozen=True, slots=True)
class Shown:
    """One mail as it is looked at."""

    subject: str
    preheader: str
    text: str
    html: str


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
    chosen = _shown(kind, locale)
    return list_answer(
        "mail_preview.html",
        status=200 if chosen is not None else 404,
        kinds=(*KINDS, PROPOSED_TIMES),
        locales=[(one, language_name(one)) for one in (*LOCALES, _TWELVE_HOURS)],
        kind=kind,
        locale=locale,
        chosen=chosen,
    )


async def html(request: Request) -> Response:
    """The HTML of one mail, unable to run or fetch anything."""
    shown = _shown(**request.path_params)
    return not_there() if shown is None else html_answer(shown.html)


async def text(request: Request) -> Response:
    """The text of one mail."""
    shown = _shown(**request.path_params)
    return not_there() if shown is None else text_answer(shown.text)


def _shown(kind: str, locale: str) -> Shown | None:
    spoken = regional_locale(locale, default="")
    if spoken and kind == PROPOSED_TIMES:
        return _proposal(spoken)
    if not spoken or kind not in KINDS:
        return None
    content = _content(kind, spoken)
    return Shown(content.subject, content.preheader, as_text(content), as_html(content, kind))


def _content(kind: str, locale: str) -> Content:
    facts = example_facts()
    if kind in UNWORDED:
        return UNWORDED[kind](facts, dataclasses.replace(host_reader(facts), locale=locale))
    wanted = MailKind(kind.upper())
    return content_of(wanted, facts, dataclasses.replace(reader_of(wanted, facts), locale=locale), {})


def _proposal(locale: str) -> Shown:
    """What a colleague pastes into a mail of their own, on a page of its own."""
    title, proposed = example_proposal(locale)
    head = f'<html lang="{locale}" dir="{direction(locale)}"><head><meta charset="utf-8"></head>'
    return Shown(title, "", proposed.text, f"<!doctype html>\n{head}<body>\n{proposed.html}\n</body></html>\n")
