"""Where the form of a mail comes from: our templates, or a folder of the company's own."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, PrefixLoader, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup, escape

from server.rich_text import as_html as rich
from server.rich_text import plain_text

SHIPPED = "shipped"
"""Under which a template of the company's own finds ours: `{% extends "shipped/mail.html.j2" %}`."""

_TEMPLATES = Path(__file__).parent / "templates"
_LAYOUT: dict[str, Any] = {"undefined": StrictUndefined, "trim_blocks": True, "lstrip_blocks": True}


@cache
def shipped() -> Environment:
    """Our own templates: HTML escapes what is put in, text leaves it as it is."""
    return _furnished(
        Environment(
            loader=FileSystemLoader(_TEMPLATES), autoescape=lambda name: str(name).endswith(".html.j2"), **_LAYOUT
        )
    )


@cache
def of_folder(folder: str) -> Environment:
    """The templates of that folder, in a sandbox: they read what the mail says, call nothing that is not theirs to
    call, and open no file outside the folder. A file that changes is read again with the next mail."""
    ours = PrefixLoader({SHIPPED: FileSystemLoader(_TEMPLATES)})
    loader = ChoiceLoader([ours, FileSystemLoader(folder)])
    return _furnished(ImmutableSandboxedEnvironment(loader=loader, autoescape=True, **_LAYOUT))


def _furnished(environment: Environment) -> Environment:
    environment.filters["with_breaks"] = _with_breaks
    environment.filters["plain"] = plain_text
    environment.filters["rich"] = lambda text: Markup(rich(text))
    return environment


def _with_breaks(text: str) -> Markup:
    return Markup("<br>").join(escape(line) for line in text.splitlines())
