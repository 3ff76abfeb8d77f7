"""The gates that need no peer and no race: G11, G12, G14, G15 and R."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from benchmarks import alike, fallbacks, slots, slots_through_graphql
from benchmarks.gates import judged
from benchmarks.processes import Cores
from benchmarks.progress import Course
from benchmarks.records import gates as records
from benchmarks.results import Results

STEPS = 5
_SLOTS = (("XS", 0.3, 0.1), ("M", 2, 1), ("G", 2, 1), ("L", 10, 5))

Gates = list[dict[str, Any]]


def measure(results: Results, course: Course, where: Cores, *, is_quick: bool) -> Gates:
    """G11 and G12 stand in the results; the others are returned as they are judged by those who measure them."""
    course.begin("G11: the mobile operations")
    _kept(results, "G11", lambda: float(fallbacks.counted()))
    course.begin("G12: random operations")
    _kept(results, "G12", lambda: _alike(results, where, is_quick=is_quick))
    course.begin("G14: the slot engine")
    engine = _listed(results, "G14", lambda: slots.gates(is_quick), _no_slots)
    course.begin("G15: slots through GraphQL")
    served = [gate for kind in ("sqlite", "pg") for gate in _slots_served(results, kind, is_quick=is_quick)]
    course.begin("R: search, timeline and report")
    return engine + served + _listed(results, "R", lambda: records.gates(is_quick=is_quick), records.not_measured)


def _kept(results: Results, name: str, measured: Callable[[], float]) -> None:
    try:
        results.singles[name] = measured()
    except Exception as error:  # noqa: BLE001  # one gate that cannot be measured must not take the others along
        results.missing[name] = f"{type(error).__name__}: {error}"


def _listed(results: Results, name: str, gates: Callable[[], Gates], none: Callable[[], Gates]) -> Gates:
    try:
        return gates()
    except Exception as error:  # noqa: BLE001  # as above
        results.missing[name] = f"{type(error).__name__}: {error}"
        return none()


def _no_slots() -> Gates:
    lost = [judged(f"G14.{size}", None, floor, target, is_cost=True) for size, floor, target in _SLOTS]
    return [*lost, judged("G14.L.cached", None, 0.5, 0.5, is_cost=True)]


def _slots_served(results: Results, kind: str, *, is_quick: bool) -> Gates:
    name = f"G15.{kind}"
    none = judged(name, None, slots_through_graphql.FLOOR, slots_through_graphql.TARGET, is_cost=True)
    return _listed(results, name, lambda: [slots_through_graphql.gate(kind, is_quick)], lambda: [none])


def _alike(results: Results, where: Cores, *, is_quick: bool) -> float:
    share, words = alike.compared(where, is_quick=is_quick)
    results.notes.append(f"G12: {words}")
    return share
