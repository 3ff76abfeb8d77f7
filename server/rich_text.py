"""Text with a little form: which HTML is kept of what people write, what it says without it, and whom it names."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser

import nh3

from server import ids
from server.errors import ErrorCode, refusal

TAGS = frozenset(
    {
        *("p", "br", "h2", "h3", "blockquote", "pre", "code", "ul", "ol", "li"),
        *("b", "strong", "i", "em", "u", "s", "a", "span"),
    }
)
SCHEMES = frozenset({"http", "https", "mailto", "tel"})
"""Where a link may lead."""

_MENTION = "data-mention"
_HAS_FORM = re.compile(r"<[a-zA-Z/!?]|&(?:[a-zA-Z][a-zA-Z0-9]*|#[0-9]+|#x[0-9a-fA-F]+);")
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_SHORTHAND = re.compile(r"@\[(usr_[0-9]{1,18})\]")
_BLOCKS = frozenset({"p", "h2", "h3", "blockquote", "pre", "ul", "ol"})
_MANY_BREAKS = re.compile(r"\n{3,}")
_TRAILING = re.compile(r"[ \t]+\n")


def rich_text(value: str, maximum: int, *path: str, may_mention: bool = False) -> str:
    """`value` as HTML that may stand in any page or mail: only `TAGS`, links only to `SCHEMES`, nothing that acts.

    A text without any tag or entity is plain, and keeps its lines. Cleaning what is clean changes nothing.
    `TEXT_TOO_LONG` above `maximum` characters, before or after. Who is named with @ stays only with `may_mention`."""
    lines = _UNPRINTABLE.sub("", value.replace("\r\n", "\n").replace("\r", "\n")).strip()
    _require_length(lines, maximum, path)
    clean = as_html(lines, may_mention=may_mention)
    _require_length(clean, maximum, path)
    return clean


def as_html(value: str, *, may_mention: bool = False) -> str:
    """Any text as HTML that is safe to show, whoever wrote it and however it came here."""
    clean = nh3.clean(
        value if _HAS_FORM.search(value) else from_plain(value),
        tags=set(TAGS),
        attributes={"a": {"href"}, "span": {_MENTION}} if may_mention else {"a": {"href"}},
        attribute_filter=_kept,
        url_schemes=set(SCHEMES),
        url_relative="deny",
        link_rel="noopener noreferrer nofollow",
    ).strip()
    # Where nothing of the form was kept, what is left is plain, and keeps its lines.
    return clean if _HAS_FORM.search(clean) else from_plain(clean)


def from_plain(text: str) -> str:
    """Plain text as HTML that shows it as it is."""
    return html.escape(text, quote=False).replace("\n", "<br>")


def plain_text(value: str) -> str:
    """What rich text says, for a terminal or a calendar: lines for paragraphs, links with their address behind."""
    if not _HAS_FORM.search(value):
        return value.strip()
    reader = _PlainReader()
    reader.feed(value)
    reader.close()
    return _MANY_BREAKS.sub("\n\n", _TRAILING.sub("\n", "".join(reader.parts))).strip()


def mentioned_in(value: str) -> set[int]:
    """The numbers of the users that a text names with @."""
    reader = _MentionReader()
    reader.feed(value)
    reader.close()
    return reader.found


def shorthands_in(value: str) -> set[int]:
    """The numbers of the users that are named in the short way, `@[usr_3]`."""
    return {number for number in (ids.number_of("usr", one) for one in _SHORTHAND.findall(value)) if number is not None}


def with_names(value: str, names: Mapping[int, str]) -> str:
    """The text in which each known `@[usr_3]` is a mention that shows the name:
    `<span data-mention="usr_3">@Ines</span>`."""

    def named(found: re.Match[str]) -> str:
        name = names.get(ids.number_of("usr", found[1]) or 0)
        return found[0] if name is None else f'<span {_MENTION}="{found[1]}">@{html.escape(name, quote=False)}</span>'

    return _SHORTHAND.sub(named, value)


def _require_length(text: str, maximum: int, path: tuple[str, ...]) -> None:
    if len(text) > maximum:
        message = f"This may have {maximum} characters and has {len(text)}; please shorten it."
        raise refusal(ErrorCode.TEXT_TOO_LONG, message, *path)


def _kept(tag: str, attribute: str, value: str) -> str | None:
    """A mention names a user by id, or nobody."""
    return value if attribute != _MENTION or ids.number_of("usr", value) is not None else None


class _PlainReader(HTMLParser):
    """Writes down what a reader would see."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._address = ""
        self._words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "br":
            self.parts.append("\n")
        elif tag == "li":
            self.parts.append("\n- ")
        elif tag in _BLOCKS:
            self.parts.append("\n\n")
        elif tag == "a":
            self._address, self._words = dict(attrs).get("href") or "", []

    def handle_endtag(self, tag: str) -> None:
        if tag in _BLOCKS:
            self.parts.append("\n\n")
        elif tag == "a" and self._address:
            self.parts.extend(_address_behind("".join(self._words).strip(), self._address))
            self._address = ""

    def handle_data(self, data: str) -> None:
        self.parts.append(data)
        self._words.append(data)


def _address_behind(words: str, address: str) -> Iterator[str]:
    """The address in brackets, unless the words say it already."""
    bare = address.removeprefix("mailto:").removeprefix("tel:")
    if words not in (address, bare):
        yield f" ({bare})"


class _MentionReader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: set[int] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        number = ids.number_of("usr", dict(attrs).get(_MENTION) or "")
        if tag == "span" and number is not None:
            self.found.add(number)
