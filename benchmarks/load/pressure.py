"""As many requests as a server takes on 32 connections, and what they cost."""

from __future__ import annotations

import asyncio
import json
import shutil
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.load.deck import Deck
from benchmarks.load.http_client import closed_loop
from benchmarks.processes import Process

SCRIPT = Path(__file__).with_name("wrk.lua")
CONNECTIONS = 32


@dataclass(frozen=True, slots=True)
class Figures:
    """Of one workload and one server in one round: microseconds of processor time for each request, by server and
    database; milliseconds of delay; requests a second, which on a shared machine say little; megabytes in memory."""

    server_us: float
    database_us: float
    p50: float
    p99: float
    requests: int
    a_second: float
    size: float
    memory_mb: float = 0.0

    @property
    def all_us(self) -> float:
        return self.server_us + self.database_us


class Press:
    """Puts servers under pressure, one at a time; knows whose processor time counts as the database's."""

    def __init__(self, database_cpu: Callable[[], float]) -> None:
        self._database_cpu = database_cpu

    def warm(self, server: Process, deck: Deck, seconds: float) -> None:
        """The server has answered for a while; nothing is kept of it."""
        self._load(server, deck, seconds)

    def press(self, server: Process, deck: Deck, seconds: float, *, expected_size: float = 0) -> Figures:
        """What the answers cost. Raises if answers are missing, bad, or much smaller than they should be."""
        before, database_before = server.cpu(), self._database_cpu()
        told = self._load(server, deck, seconds)
        cpu, database_cpu = server.cpu() - before, self._database_cpu() - database_before
        count = told["requests"]
        if told["bad"] or not count:
            raise RuntimeError(f"{told['bad']} of {count} answers were bad or missing")
        size = told["bytes"] / count
        if size < 0.8 * expected_size:
            raise RuntimeError(f"answers of {size:.0f} bytes where {expected_size:.0f} were expected")
        return Figures(
            server_us=cpu / count * 1e6,
            database_us=database_cpu / count * 1e6,
            p50=told["p50"],
            p99=told["p99"],
            requests=count,
            a_second=count / told["seconds"],
            size=size,
            memory_mb=server.memory() / 1024,
        )

    def _load(self, server: Process, deck: Deck, seconds: float) -> dict[str, Any]:
        return self._by_wrk(server, deck, seconds) if has_wrk() else self._by_loop(server, deck, seconds)

    def _by_wrk(self, server: Process, deck: Deck, seconds: float) -> dict[str, Any]:
        # wrk takes whole seconds only.
        words = [
            "wrk",
            "-t1",
            f"-c{CONNECTIONS}",
            f"-d{max(1, round(seconds))}s",
            "--timeout",
            "10s",
            "-s",
            str(SCRIPT),
        ]
        done = subprocess.run([*words, server.url, "--", str(deck.file)], capture_output=True, text=True, check=True)
        told: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
        return told

    def _by_loop(self, server: Process, deck: Deck, seconds: float) -> dict[str, Any]:
        answers, took = asyncio.run(closed_loop(server.port, deck, count=CONNECTIONS, seconds=seconds))
        return {
            "requests": len(answers.delays),
            "seconds": took,
            "bytes": answers.size,
            "p50": percentile(answers.delays, 50),
            "p99": percentile(answers.delays, 99),
            "bad": answers.bad,
        }


def has_wrk() -> bool:
    """Whether wrk asks; without it a loop in Python does."""
    return shutil.which("wrk") is not None


def percentile(values: Sequence[float], percent: float) -> float:
    """The smallest value that `percent` of all do not exceed; not a number where there are none."""
    if not values:
        return float("nan")
    ranked = sorted(values)
    return ranked[min(len(ranked) - 1, int(len(ranked) * percent / 100))]
