"""A profile of cProfile as Markdown: by place, by function alone, by function with all it calls."""

from __future__ import annotations

import pstats
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
_MOST = 16


@dataclass(frozen=True, slots=True)
class Seen:
    """One function: its share of all time by itself, its share with what it called, and how often it was called for
    each answer."""

    name: str
    own: float
    whole: float
    calls: float


def seen_in(file: Path, answers: int) -> list[Seen]:
    """Every function of a profile that was written while so many answers were given; what the event loop does between
    calls is in none of them."""
    table: dict[Any, Any] = pstats.Stats(str(file)).stats  # type: ignore[attr-defined]  # typeshed leaves it out
    total = sum(row[2] for row in table.values()) or 1.0
    return [Seen(_name(key), row[2] / total, row[3] / total, row[1] / max(1, answers)) for key, row in table.items()]


def told(title: str, seen: list[Seen], cost_us: float | None) -> Iterator[str]:
    """The lines of one profile; microseconds are the shares of what the server costs without one."""
    yield f"## {title}"
    yield ""
    yield "Which of the server's files, and which packages, the time is spent in:"
    yield ""
    yield "| where | share | us |"
    yield "|---|---:|---:|"
    for place, share in _places(seen):
        yield f"| {place} | {share:.1%} | {_us(share, cost_us)} |"
    yield ""
    words = "The functions that cost most by themselves:"
    yield from _table(words, sorted(seen, key=lambda one: -one.own), "own", cost_us)
    ours = [one for one in seen if one.name.startswith(("server/", "schema/", "resolvers/"))]
    words = "The server's own functions with all they call (several of one chain count the same time):"
    yield from _table(words, sorted(ours, key=lambda one: -one.whole), "whole", cost_us)


def _table(words: str, seen: list[Seen], what: str, cost_us: float | None) -> Iterator[str]:
    yield words
    yield ""
    yield "| function | calls | share | us |"
    yield "|---|---:|---:|---:|"
    for one in seen[:_MOST]:
        share = getattr(one, what)
        yield f"| `{one.name}` | {one.calls:.1f} | {share:.1%} | {_us(share, cost_us)} |"
    yield ""


def _us(share: float, cost_us: float | None) -> str:
    return "-" if cost_us is None else f"{share * cost_us:.1f}"


def _places(seen: list[Seen]) -> list[tuple[str, float]]:
    places: defaultdict[str, float] = defaultdict(float)
    for one in seen:
        places[one.name.partition(":")[0]] += one.own
    return sorted(places.items(), key=lambda place: -place[1])[:_MOST]


def _name(key: tuple[str, int, str]) -> str:
    file, line, function = key
    if file == "~":
        return f"C:{function.strip('<>')}"
    if "site-packages/" in file:
        package, _, rest = file.rpartition("site-packages/")[2].partition("/")
        return f"{package}:{Path(rest).name}:{function}"
    path = Path(file)
    if path.is_relative_to(ROOT):
        return f"{path.relative_to(ROOT)}:{function}"
    return f"{'generated' if file.startswith('<') else 'Python'}:{path.name}:{line}:{function}"
