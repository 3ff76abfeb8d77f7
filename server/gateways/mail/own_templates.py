"""The HTML of mails after templates of the company's own (E-25). A fault in one never holds a mail up."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import structlog

from server import settings
from server.gateways.mail import environments

SUFFIX = ".html.j2"
EVERY_KIND = "mail"
"""What the template of all mails is called that have none of their own."""

_LONGEST_FAULT = 300
_log = structlog.get_logger(__name__)


class TemplateFault(Exception):
    """A template that cannot be used; the text says which, and why."""


def own_html(kind: str, values: Mapping[str, Any], finish: Callable[[str], str]) -> str | None:
    """The page that the company's own template makes of a mail of this kind; None where it has none, and where that
    cannot be used: then the log says why, and the mail goes out in our form. `finish` is done to the page at last."""
    folder = settings.current().mail_templates_dir
    if not folder:
        return None
    try:
        return drawn(folder, kind, values, finish)
    except TemplateFault as fault:
        _log.warning("mail.template_faulty", kind=kind, fault=str(fault))
        return None


def drawn(folder: str, kind: str, values: Mapping[str, Any], finish: Callable[[str], str]) -> str | None:
    """As `own_html`, of that folder; `TemplateFault` for a template that cannot be used."""
    name = None
    try:
        names = [f"{one}{SUFFIX}" for one in (kind, EVERY_KIND)]
        name = next((one for one in names if (Path(folder) / one).is_file()), None)
        return finish(_page(folder, name, values)) if name is not None else None
    except Exception as error:
        raise TemplateFault(_said(error, name or folder)) from error


def _page(folder: str, name: str, values: Mapping[str, Any]) -> str:
    page = environments.of_folder(folder).get_template(name).render(values)
    if not page.strip():
        raise ValueError("it draws nothing")
    return page


def _said(error: Exception, name: str) -> str:
    """In which file it went wrong, on which line if that is known, and what it was."""
    where, line = getattr(error, "name", None) or name, getattr(error, "lineno", None)
    what = " ".join(str(error).split()) or type(error).__name__
    return f"{where}{f', line {line}' if line else ''}: {what}"[:_LONGEST_FAULT]
