"""`make bench [QUICK=1]`: everything is measured, judged and written into `benchmarks/results/`.

This program, the load and the database run on one core, and each server, alone, on another."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import subprocess
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import asyncpg

from benchmarks import alone, bookings_heard, chart, profiling, report
from benchmarks.bookings_heard import Where
from benchmarks.data import MEDIUM, SMALL, tables
from benchmarks.databases import Databases
from benchmarks.fill import fill
from benchmarks.gates import GATES, why_not
from benchmarks.processes import Cores, cores
from benchmarks.progress import Course
from benchmarks.results import Results
from benchmarks.rounds import Plan, Race
from benchmarks.tokens import Senders
from tests.postgresql import run_sql, running_server, sibling

RESULTS = Path(__file__).parent / "results"
QUICK = Plan(SMALL, rounds=1, seconds=2, warm=3, requests=12_000, is_quick=True)
FULL = Plan(MEDIUM, rounds=3, seconds=5, warm=8, requests=45_000, is_quick=False)
_FILLINGS = 2


def main() -> None:
    words = argparse.ArgumentParser(description="Everything that is measured, into benchmarks/results/.")
    words.add_argument("--quick", action="store_true", help="one short round on little data, under three minutes")
    words.add_argument("--into", type=Path, default=RESULTS, metavar="FOLDER", help="where the results go")
    given = words.parse_args()
    given.into.mkdir(parents=True, exist_ok=True)
    began, plan, results, where = time.monotonic(), QUICK if given.quick else FULL, Results(), cores()
    if not where.are_apart:
        results.notes.append("This machine has one core: server, load and database shared it, and figures say less.")
    os.sched_setaffinity(0, {where.rest})
    with Course() as course:
        course.expect(_FILLINGS + (1 if plan.is_quick else 2) + alone.STEPS)
        postgres = _raced(plan, where, results, course, given.into)
        others = alone.measure(results, course, where, is_quick=plan.is_quick)
    latest: dict[str, Any] = {
        "commit": _said("git", "rev-parse", "HEAD") or "unknown",
        "quick": plan.is_quick,
        "node": _said("node", "--version"),
        "postgres": postgres,
        "gates": [*(gate.judged(results) for gate in GATES), *others],
    }
    _write(given.into, latest, results, plan)
    _tell(latest["gates"], results, time.monotonic() - began)


def _raced(plan: Plan, where: Cores, results: Results, course: Course, into: Path) -> str | None:
    """W1 to W4 of every server. The version of PostgreSQL; None, with the reason in the results, if there is none."""
    try:
        options = {"track_commit_timestamp": "on"}
        with tempfile.TemporaryDirectory(prefix="parley-bench-") as folder, running_server(**options) as url:
            version = asyncio.run(_version(url))
            run_sql(url, "CREATE DATABASE bench")
            databases = Databases(sibling(url, "bench"), Path(folder) / "bench.sqlite3")
            senders = Senders(plan.size)
            for address in databases.addresses.values():
                course.begin(f"size {plan.size.name} into {address.partition(':')[0]}")
                asyncio.run(fill(address, tables(plan.size)))
            race = Race(plan, databases, senders, where, Path(folder), results, course)
            race.run()
            _profiled(race, results, into)
            for name, address in list(databases.addresses.items())[: 1 if plan.is_quick else 2]:
                course.begin(f"bookings on {name}")
                _booked(name, Where(address, where.server, Path(folder)), plan, senders, results)
            return version
    except (OSError, RuntimeError, AssertionError, ImportError, asyncpg.PostgresError) as error:
        results.missing["PostgreSQL"] = f"{type(error).__name__}: {error}"[-300:]
        return None


def _profiled(race: Race, results: Results, into: Path) -> None:
    """`profiles.md` shows where our server spends what the missed gates miss; it is gone if none was missed."""
    file = into / "profiles.md"
    file.unlink(missing_ok=True)
    judged = [(gate.workload, gate.judged(results)) for gate in GATES]
    missed = profiling.missed([(workload, one["holds"]) for workload, one in judged])
    if not missed or not results.figures:
        return
    try:
        file.write_text(profiling.page(race.profiles(missed), report.WORKLOADS))
    except (RuntimeError, OSError, TimeoutError) as error:
        results.missing["profiles"] = str(error)[-300:]


def _booked(name: str, where: Where, plan: Plan, senders: Senders, results: Results) -> None:
    try:
        results.bookings[name] = bookings_heard.measure(where, size=plan.size, senders=senders, seconds=plan.seconds)
    except (RuntimeError, OSError, TimeoutError) as error:
        results.missing[f"bookings on {name}"] = str(error)[-300:]


async def _version(url: str) -> str:
    connection = await asyncpg.connect(url)
    try:
        return str(await connection.fetchval("SHOW server_version")).split()[0]
    finally:
        await connection.close()


def _write(into: Path, latest: Mapping[str, Any], results: Results, plan: Plan) -> None:
    (into / "latest.json").write_text(json.dumps(latest, indent=1) + "\n")
    (into / "figures.json").write_text(json.dumps(results.plain(), indent=1) + "\n")
    (into / "latest.svg").write_text(chart.picture(results))
    if not chart.is_drawn(into / "latest.svg", into / "latest.png"):
        results.notes.append("latest.png was not drawn: that takes Chromium.")
    size = plan.size
    words = [
        f"{size.all_users} users, {size.accounts * size.contacts} contacts; {plan.rounds} rounds of {plan.seconds} s. "
        "Processor time is the servers' own accounting; requests a second depend on what else the machine did.",
    ]
    if _said("git", "status", "--porcelain", "--", ":/", f":!{RESULTS.name}"):
        words.append("The work tree had changes that are not in that commit.")
    (into / "latest.md").write_text(report.page(results, latest, words))


def _tell(gates: list[dict[str, Any]], results: Results, seconds: float) -> None:
    print()
    for gate in gates:
        value = "not measured" if gate["value"] is None else f"{gate['value']:g}"
        mark = "holds" if gate["holds"] else "NOT HELD"
        print(f"{gate['gate']:14} {value:>14}   floor {gate['floor']:g}, target {gate['target']:g}   {mark}")
    for gate in gates:
        if gate["value"] is None:
            print(f"{gate['gate']} was not measured: {why_not(gate['gate'], results)}")
    for name, why in results.missing.items():
        print(f"{name}: {why}")
    print(f"{sum(gate['holds'] for gate in gates)} of {len(gates)} gates hold; {seconds:.0f} s")


def _said(*words: str) -> str | None:
    """What a command prints; None where it is missing or fails."""
    try:
        done = subprocess.run(words, capture_output=True, text=True, check=True, cwd=RESULTS.parent)
    except (OSError, subprocess.CalledProcessError):
        return None
    return done.stdout.strip()


if __name__ == "__main__":
    main()
