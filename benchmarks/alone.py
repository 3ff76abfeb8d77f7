"""The gates that need no peer: G11 to G15."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks import fallbacks, slots, slots_through_graphql
from benchmarks.gates import OURS, judged
from benchmarks.results import Results

ROOT = Path(__file__).parent.parent
ORACLE = "tests/server/web/fastpath/test_oracle.py"
_SLOTS = (("XS", 0.3, 0.1), ("M", 2, 1), ("G", 2, 1), ("L", 10, 5))


def measure(results: Results, *, is_quick: bool) -> list[dict[str, Any]]:
    """G11 to G13 stand in the results; G14 and G15 are returned as they are judged by those who measure them."""
    _try(results, "G11", lambda: float(fallbacks.counted()))
    _try(results, "G12", lambda: _share_alike(results, is_quick=is_quick))
    _unseen(results)
    lists = (("G14", slots.gates, _no_slots), ("G15", slots_through_graphql.gates, _no_slots_through_graphql))
    return [gate for name, gates, none in lists for gate in _listed(results, name, gates, none, is_quick=is_quick)]


def _try(results: Results, name: str, measured: Callable[[], float]) -> None:
    print(name, flush=True)
    try:
        results.singles[name] = measured()
    except Exception as error:  # noqa: BLE001  # one gate that cannot be measured must not take the others along
        results.missing[name] = f"{type(error).__name__}: {error}"


def _listed(
    results: Results,
    name: str,
    gates: Callable[[bool], list[dict[str, Any]]],
    none: Callable[[], list[dict[str, Any]]],
    *,
    is_quick: bool,
) -> list[dict[str, Any]]:
    print(name, flush=True)
    try:
        return gates(is_quick)
    except Exception as error:  # noqa: BLE001  # as above
        results.missing[name] = f"{type(error).__name__}: {error}"
        return none()


def _no_slots() -> list[dict[str, Any]]:
    lost = [judged(f"G14.{size}", None, floor, target, is_cost=True) for size, floor, target in _SLOTS]
    return [*lost, judged("G14.L.cached", None, 0.5, 0.5, is_cost=True)]


def _no_slots_through_graphql() -> list[dict[str, Any]]:
    return [judged(f"G15.{kind}", None, 80, 40, is_cost=True) for kind in ("sqlite", "pg")]


def _share_alike(results: Results, *, is_quick: bool) -> float:
    """1.0 if the oracle of the test suite found no difference on SQLite, 0.0 if it did."""
    words = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-k", "sqlite", ORACLE]
    environment = os.environ | {"PARLEY_TEST_FULL": "" if is_quick else "1"}
    done = subprocess.run(words, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=900, check=False)
    told = done.stdout.strip().splitlines()
    if done.returncode not in (0, 1) or "passed" not in done.stdout and "AssertionError" not in done.stdout:
        raise RuntimeError(" ".join(told[-5:]) or done.stderr[-300:])
    size = "its small size; at least 10,000 operations are what the full run asks" if is_quick else "its full size"
    results.notes.append(f"G12: {ORACLE} on SQLite, in {size}: {told[-1].strip('= ')}")
    return 1.0 if done.returncode == 0 else 0.0


def _unseen(results: Results) -> None:
    """What a document costs beyond the known one, in milliseconds, from the server's own processor time."""
    unseen, known = (results.middle(OURS, workload, lambda one: one.server_us) for workload in ("G13", "W1"))
    if unseen is not None and known is not None:
        results.singles["G13"] = (unseen - known) / 1000
