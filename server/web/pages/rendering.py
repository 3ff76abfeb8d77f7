"""Templates to text. Everything that goes in is escaped; sentences come from the catalogue of the reader's language."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from server.web.pages.assets import address_of
from server.wording import direction, say, say_html

_ENVIRONMENT = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_ENVIRONMENT.globals["asset"] = address_of


def rendered(template: str, *, locale: str, **context: object) -> str:
    """The page in the language of `locale`. In a template `t(key, ...)` is a sentence whose values are isolated for
    text in the other direction, and `plain(key, ...)` the same for a title or an attribute."""
    words = {"t": partial(say_html, locale), "plain": partial(say, locale)}
    html = _ENVIRONMENT.get_template(template).render(
        locale=locale, lang=locale, direction=direction(locale), **words, **context
    )
    return "\n".join(line for line in map(str.strip, html.splitlines()) if line)
