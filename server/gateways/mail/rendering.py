"""What a mail says, in the order in which every mail says it, as text and as HTML."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import css_inline

from server.gateways.mail import environments
from server.gateways.mail.own_templates import own_html
from server.wording import direction

INK = "#15211c"


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
    return environments.shipped().get_template("mail.txt.j2").render(values_of(content)).strip() + "\n"


def as_html(content: Content, kind: str) -> str:
    """The mail for everything else, after the company's own template for this kind if it has one that works. Ours has
    one column; styles are put inline, and nothing that was put in acts as markup."""
    values = values_of(content, kind)
    page = own_html(kind, values, inlined)
    return page if page is not None else inlined(environments.shipped().get_template("mail.html.j2").render(values))


def inlined(page: str) -> str:
    """The page with its styles at the elements that they are for, where every mail program heeds them."""
    return _inliner().inline(page)


def readable_on(colour: str) -> str:
    """White or black, whichever reads better on `colour`: never below 4.5 to 1 (WCAG 2.2, 1.4.3)."""
    red, green, blue = (_linear(int(colour[place : place + 2], 16) / 255) for place in (1, 3, 5))
    brightness = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return "#ffffff" if 1.05 / (brightness + 0.05) >= (brightness + 0.05) / 0.05 else "#000000"


def _linear(share: float) -> float:
    return share / 12.92 if share <= 0.04045 else float(((share + 0.055) / 1.055) ** 2.4)


def values_of(content: Content, kind: str = "") -> dict[str, Any]:
    """What a template has to draw with."""
    return {
        "kind": kind,
        "mail": content,
        "company": content.company,
        "direction": direction(content.locale),
        "on_accent": readable_on(content.company.accent),
        "link": content.company.accent if readable_on(content.company.accent) == "#ffffff" else INK,
    }


@cache
def _inliner() -> css_inline.CSSInliner:
    return css_inline.CSSInliner(load_remote_stylesheets=False, keep_at_rules=True)
