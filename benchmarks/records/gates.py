"""R: the slowest search, timeline and report on each database."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.fill import fill
from benchmarks.gates import judged
from benchmarks.records.plans import plans
from benchmarks.records.questions import GROUPS
from benchmarks.records.rows import FULL, QUICK, Size, tables
from benchmarks.records.timing import Timed, timed
from tests.postgresql import run_sql, running_server, sibling

FLOOR, TARGET = 10.0, 5.0
KINDS = ("sqlite", "pg")
PLANS = Path(__file__).parents[1] / "results" / "records_plans.md"
ROUNDS = 15

Gates = list[dict[str, Any]]


def gates(*, is_quick: bool) -> Gates:
    """The slowest of each group on each database, as `benchmarks/results/latest.json` wants it. A full run keeps the
    query plans beside it."""
    size = QUICK if is_quick else FULL
    found = asyncio.run(_measured(size))
    if not is_quick:
        PLANS.write_text("\n".join(["# How search, timeline and report are asked", "", *_told(size, found), ""]))
    return [_gate(kind, group, of_kind) for kind, (of_kind, _) in found.items() for group in GROUPS]


def not_measured() -> Gates:
    """The same gates without a value."""
    return [_judged(kind, group, None) for kind in KINDS for group in GROUPS]


async def _measured(size: Size) -> dict[str, tuple[list[Timed], str]]:
    """By the name of each database what was timed in it, and its plans."""
    found = {}
    with (
        tempfile.TemporaryDirectory(prefix="parley-records-") as folder,
        running_server(shared_buffers="512MB") as server,
    ):
        run_sql(server, "CREATE DATABASE records")
        for kind, url in zip(KINDS, (f"sqlite:///{folder}/records.sqlite3", sibling(server, "records")), strict=True):
            await fill(url, tables(size), checks_keys=False)
            asked = await timed(url, ROUNDS)
            for one in asked:
                words = f"{one.milliseconds:8.2f} ms  {len(one.sent)}  {one.question.name}"
                print(f"{kind:>7} {one.question.group:>9} {words}")
            found[kind] = asked, await plans(url, asked)
    return found


def _told(size: Size, found: dict[str, tuple[list[Timed], str]]) -> list[str]:
    return [
        line
        for kind, (_, told) in found.items()
        for line in (f"## {kind}, {size.contacts:,} contacts, {size.meetings:,} meetings", "", told)
    ]


def _gate(kind: str, group: str, found: Sequence[Timed]) -> dict[str, Any]:
    slowest = max(one.milliseconds for one in found if one.question.group == group)
    return _judged(kind, group, round(slowest, 2))


def _judged(kind: str, group: str, value: float | None) -> dict[str, Any]:
    return judged(f"R.{group}.{kind}", value, FLOOR, TARGET, is_cost=True)
