"""HTML mails as a reader sees them: words, elements, and the colours they end up with."""

from __future__ import annotations

import colorsys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

Colour = tuple[float, float, float]

_EMPTY = ("meta", "br", "img", "link", "base", "hr", "input")
_SILENT = ("style", "script", "title")


@dataclass
class Shown:
    """A text and the colours it has: its own, and that of the ground beneath it."""

    words: str
    ink: Colour
    ground: Colour


@dataclass
class _Open:
    name: str
    ink: Colour
    ground: Colour
    is_hidden: bool


@dataclass
class Page(HTMLParser):
    """What is on a page: `texts` one after another, `elements` with their attributes."""

    html: str
    texts: list[Shown] = field(default_factory=list)
    elements: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()
        self._open = [_Open("", (0, 0, 0), (1, 1, 1), is_hidden=False)]
        self.feed(self.html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        self.elements.append((tag, attributes))
        if tag in _EMPTY:
            return
        within, style = self._open[-1], _style(attributes.get("style", ""))
        hidden = within.is_hidden or tag in _SILENT or style.get("display") == "none"
        ink, ground = _colour(style.get("color")), _colour(style.get("background-color"))
        self._open.append(_Open(tag, ink or within.ink, ground or within.ground, hidden))

    def handle_endtag(self, tag: str) -> None:
        while len(self._open) > 1 and self._open.pop().name != tag:
            pass

    def handle_data(self, data: str) -> None:
        within = self._open[-1]
        if data.strip() and not within.is_hidden:
            self.texts.append(Shown(" ".join(data.split()), within.ink, within.ground))

    @property
    def names(self) -> list[str]:
        return [name for name, _ in self.elements]

    @property
    def words(self) -> str:
        return " ".join(one.words for one in self.texts)

    def values(self, attribute: str) -> list[str]:
        return [attributes[attribute] for _, attributes in self.elements if attribute in attributes]


def contrast(one: Colour, other: Colour) -> float:
    """As WCAG 2 has it."""
    darker, lighter = sorted((_brightness(one), _brightness(other)))
    return (lighter + 0.05) / (darker + 0.05)


def inversions() -> Iterator[Callable[[Colour], Colour]]:
    """What mail programs make of colours in dark mode: nothing, its complement, its hue as dark as it was light."""
    yield lambda colour: colour
    yield lambda colour: (1 - colour[0], 1 - colour[1], 1 - colour[2])
    yield _turned_dark


def _turned_dark(colour: Colour) -> Colour:
    hue, lightness, saturation = colorsys.rgb_to_hls(*colour)
    return colorsys.hls_to_rgb(hue, 1 - lightness, saturation)


def _style(text: str) -> dict[str, str]:
    pairs = (one.partition(":") for one in text.split(";") if ":" in one)
    return {name.strip().lower(): value.replace("!important", "").strip().lower() for name, _, value in pairs}


def _colour(value: str | None) -> Colour | None:
    if value is None or not value.startswith("#"):
        return None
    red, green, blue = (int(value[place : place + 2], 16) / 255 for place in (1, 3, 5))
    return red, green, blue


def _brightness(colour: Colour) -> float:
    red, green, blue = (one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
