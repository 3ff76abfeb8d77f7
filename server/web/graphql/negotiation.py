"""Which media type the answer takes, by the Accept header and its qualities (RFC 9110, 12.5.1)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

GRAPHQL_RESPONSE = "application/graphql-response+json"
JSON = "application/json"
EVENT_STREAM = "text/event-stream"
MULTIPART = "multipart/mixed"


@dataclass(frozen=True, slots=True)
class _Range:
    kind: str
    subtype: str
    quality: float
    is_utf8: bool

    def closeness(self, offered: str) -> int:
        """0 when the range does not cover `offered`, and more the closer it names it."""
        kind, _, subtype = offered.partition("/")
        if (self.kind, self.subtype) == (kind, subtype):
            return 3
        if self.kind == kind and self.subtype == "*":
            return 2
        return 1 if self.kind == self.subtype == "*" else 0


@lru_cache(maxsize=256)
def best_of(accept: str, offered: Sequence[str]) -> str | None:
    """The media type of `offered` that the header prefers, or None when it takes none of them.

    The closest range decides the quality of a type. Between equal qualities the type that is named before others in
    the header wins, then the order of `offered`. A range that asks for another character set than UTF-8 counts for
    nothing. No header means: anything, so the first.
    """
    said = list(_ranges(accept))
    if not said:
        return offered[0]
    ranges = [one for one in said if one.is_utf8]
    if not ranges:
        return None
    ranked = [(_quality(one, ranges), -_place(one, ranges), -index, one) for index, one in enumerate(offered)]
    quality, _, _, best = max(ranked)
    return best if quality > 0 else None


def names(accept: str, media_type: str) -> bool:
    """Whether the header names this very type, so that it is not only covered by a wildcard."""
    return any(one.closeness(media_type) == 3 and one.quality > 0 for one in _ranges(accept))


def _quality(media_type: str, ranges: Sequence[_Range]) -> float:
    closest = max(ranges, key=lambda one: one.closeness(media_type))
    return closest.quality if closest.closeness(media_type) else 0.0


def _place(media_type: str, ranges: Sequence[_Range]) -> int:
    return next((index for index, one in enumerate(ranges) if one.closeness(media_type)), len(ranges))


def _ranges(accept: str) -> Iterator[_Range]:
    for part in accept.split(",")[:32]:
        name, *rest = (piece.strip() for piece in part.split(";"))
        kind, separator, subtype = name.lower().partition("/")
        if not separator:
            continue
        parameters = [_parameter(piece) for piece in rest]
        quality = next((_number(value) for key, value in parameters if key == "q"), 1.0)
        is_utf8 = all(value in ("utf-8", "utf8") for key, value in parameters if key == "charset")
        yield _Range(kind, subtype, quality, is_utf8)


def _parameter(text: str) -> tuple[str, str]:
    name, _, value = text.partition("=")
    return name.strip().lower(), value.strip().strip('"').lower()


def _number(text: str) -> float:
    try:
        return min(max(float(text), 0.0), 1.0)
    except ValueError:
        return 0.0
