"""How a database goes about each question, in its own words."""

from __future__ import annotations

from collections.abc import Sequence

from benchmarks.records.timing import Timed
from server import database

_EXPLAIN = {"sqlite": "EXPLAIN QUERY PLAN", "postgresql": "EXPLAIN ANALYZE"}


async def plans(url: str, found: Sequence[Timed]) -> str:
    """The plans of every statement of these questions, as Markdown."""
    await database.connect(url)
    try:
        return "\n".join([await _plan(one) for one in found])
    finally:
        await database.disconnect()


async def _plan(one: Timed) -> str:
    asked, explain = one.question, _EXPLAIN[database.dialect()]
    lines = [f"### {asked.group}: {asked.name} ({one.milliseconds:.2f} ms, {len(one.sent)} statements)", "", "```"]
    for sent in one.sent:
        lines += [str(row[-1]) for row in await database.fetch(f"{explain} {sent.sql}", *sent.parameters)]
        lines.append("")
    return "\n".join([*lines[:-1], "```", ""])
