"""What a mail says, in the order in which every mail says it, as text and as HTML. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import css_inline
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from server.rich_text import as_html as rich
from server.rich_text import plain_text
from server.wording import direction

INK = "#15211c"

_TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of What, When, Where, With. `was` is the same before the change, shown struck through; what matters
    most is strong."""

    label: str
    lines: tuple[str, ...]
    was: str = ""
    is_strong: bool = False


@dataclass(frozen=True, slots=True)
class Action:
    """An address and the words that say where it leads."""

    words: str
    url: str


@dataclass(frozen=True, slots=True)
class Company:
    """Who sends this: in their name, their colour (`#rrggbb`), with their address and their privacy page."""

    name: str
    accent: str
    postal_address: str = ""
    website_url: str = ""
    privacy: Action | None = None
    logo_url: str = ""


@dataclass(frozen=True, slots=True)
class Content:
    """One mail in the reader's own words; every text is plain save `description`, which is rich text: what the host
    wrote for the attendees. At most two `buttons`. `notes` are further lines under the facts, `ways_out` how to change
    or cancel, `closing` what the account says at the end."""

    locale: str
    subject: str
    preheader: str
    opening: str
    facts: tuple[Fact, ...]
    company: Company
    why: str
    buttons: tuple[Action, ...] = ()
    notes: tuple[str, ...] = ()
    description: str = ""
    ways_out_intro: str = ""
    ways_out: tuple[Action, ...] = ()
    closing: str = ""


def as_text(content: Content) -> str:
    """The mail for a terminal or a watch: links on lines of their own."""
    return _environment().get_template("mail.txt.j2").render(_values(content)).strip() + "\n"


def as_html(content: Content) -> str:
    """The mail for everything else: one column, styles inline, and nothing that was put in acts as markup."""
    page = _environment().get_template("mail.html.j2").render(_values(content))
    return _inliner().inline(page)


def readable_on(colour: str) -> str:
    """White or black, whichever reads better on `colour`: never below 4.5 to 1 (WCAG 2.2, 1.4.3)."""
    red, green, blue = (_linear(int(colour[place : place + 2], 16) / 255) for place in (1, 3, 5))
    brightness = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return "#ffffff" if 1.05 / (brightness + 0.05) >= (brightness + 0.05) / 0.05 else "#000000"


def _linear(share: float) -> float:
    return share / 12.92 if share <= 0.04045 else float(((share + 0.055) / 1.055) ** 2.4)


def _values(content: Content) -> dict[str, Any]:
    return {
        "mail": content,
        "company": content.company,
        "direction": direction(content.locale),
        "on_accent": readable_on(content.company.accent),
        "link": content.company.accent if readable_on(content.company.accent) == "#ffffff" else INK,
    }


def _with_breaks(text: str) -> Markup:
    return Markup("<br>").join(escape(line) for line in text.splitlines())


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=lambda name: name is not None and name.endswith(".html.j2"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["with_breaks"] = _with_breaks
    environment.filters["plain"] = plain_text
    environment.filters["rich"] = lambda text: Markup(rich(text))
    return environment


@cache
def _inliner() -> css_inline.CSSInliner:
    return css_inline.CSSInliner(load_remote_stylesheets=False, keep_at_rules=True)
