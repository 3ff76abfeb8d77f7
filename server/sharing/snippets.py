"""Pieces of HTML that others put into their mails and pages: nothing that anybody wrote stands in them unescaped."""

from __future__ import annotations

from html import escape
from urllib.parse import urlsplit

from server import settings
from server.gateways.mail.rendering import readable_on
from server.wording import direction

FRAME_HEIGHT = 640
"""Pixels that are kept free for a frame, so that the page around it does not jump."""

_BUTTON = (
    "display:inline-block;padding:12px 24px;border-radius:12px;background:{color};color:{ink};"
    "font:600 16px/24px system-ui,sans-serif;text-decoration:none"
)


def text_link(url: str, label: str) -> str:
    """An ordinary link, whose words keep their own direction."""
    return f'<a href="{escape(url)}"><bdi>{escape(label)}</bdi></a>'


def button(url: str, label: str, color: str) -> str:
    """A link that looks like a button in the company's colour, wherever it stands; it needs no style sheet."""
    style = _BUTTON.format(color=color, ink=readable_on(color))
    return f'<a href="{escape(url)}" style="{escape(style)}">{escape(label)}</a>'


def listed(*contents: str) -> str:
    """HTML as the entries of a list."""
    return "\n".join(["<ul>", *(f"<li>{one}</li>" for one in contents), "</ul>"])


def mail(locale: str, *parts: str) -> str:
    """Parts of a mail one below the other, which run as their language does; what is no list is a paragraph."""
    shown = "\n".join(one if one.startswith("<ul>") else f"<p>{one}</p>" for one in parts)
    return f'<div lang="{escape(locale)}" dir="{direction(locale)}">\n{shown}\n</div>'


def loader(slug: str, url: str, label: str) -> str:
    """An ordinary link, and one line that puts the page in its place where scripts run. What the address carries in its
    query is carried into the frame."""
    source = settings.current().address("/embed.js")
    query = urlsplit(url).query
    carried = f' data-query="{escape(query)}"' if query else ""
    return (
        f'{text_link(url, label)}\n<script async src="{escape(source)}" data-parley="{escape(slug)}"{carried}></script>'
    )


def frame(url: str, title: str) -> str:
    """The page in a frame, for sites that run no scripts of others."""
    address = f"{url}{'&' if '?' in url else '?'}embed=1"
    return (
        f'<iframe src="{escape(address)}" title="{escape(title)}" loading="lazy" '
        f'style="width:100%;height:{FRAME_HEIGHT}px;border:0"></iframe>'
    )
