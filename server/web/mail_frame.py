"""What the pages that show mails have in common: how they look, and that nothing of a mail runs or fetches anything."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse, PlainTextResponse, Response

STYLE = Path(__file__).with_name("mail_frame.css")
PRIVATE = {"cache-control": "no-store", "x-content-type-options": "nosniff", "referrer-policy": "no-referrer"}
_LIST_POLICY = (
    "default-src 'none'; style-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
# A mail may show its own inline styles; it runs nothing, fetches nothing, and its links open beside it.
_MAIL_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; frame-ancestors 'self'; "
    "sandbox allow-popups allow-popups-to-escape-sandbox"
)


def list_answer(template: str, *, status: int = 200, vary: str = "", **values: object) -> Response:
    """A list of mails with one of them beside it, drawn by a template of this folder."""
    headers = PRIVATE | {"content-security-policy": _LIST_POLICY} | ({"vary": vary} if vary else {})
    return HTMLResponse(_environment().get_template(template).render(values), status_code=status, headers=headers)


def html_answer(html: str) -> Response:
    """The HTML of one mail, unable to run or fetch anything."""
    page = html.replace("<head>", '<head><base target="_blank">', 1)
    return HTMLResponse(page, headers=PRIVATE | {"content-security-policy": _MAIL_POLICY})


def text_answer(text: str) -> Response:
    """The text of one mail."""
    return PlainTextResponse(text, headers=PRIVATE)


def not_there() -> Response:
    """There is no such mail."""
    return PlainTextResponse("There is no such mail.\n", status_code=404, headers=PRIVATE)


@cache
def _environment() -> Environment:
    return Environment(loader=FileSystemLoader(STYLE.parent), autoescape=True, undefined=StrictUndefined)
