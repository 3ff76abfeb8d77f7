"""G1 to G15: what must hold, and whether it does. A gate that could not be measured does not hold."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from benchmarks.load.pressure import Figures
from benchmarks.results import Results

OURS, OURS_ON_SQLITE, PEER, NAIVE, RAW = "parley", "parley-sqlite", "mercurius", "naive", "raw"
OFFERED = 20


@dataclass(frozen=True, slots=True)
class Gate:
    """A figure with the least (or, for a cost, the most) that is acceptable, and what the project is for. `workload` is
    what a profile would be taken of, `needs` who has to have been measured."""

    name: str
    about: str
    floor: float
    target: float
    measured: Callable[[Results], float | None]
    is_cost: bool = False
    workload: str = ""
    needs: tuple[str, ...] = ()

    def judged(self, results: Results) -> dict[str, Any]:
        """The gate as `latest.json` has it."""
        value = self.measured(results)
        return judged(self.name, value, self.floor, self.target, is_cost=self.is_cost)


def judged(name: str, value: float | None, floor: float, target: float, *, is_cost: bool) -> dict[str, Any]:
    """The five members of a gate; `value` is null where there is none."""
    holds = value is not None and (value <= floor if is_cost else value >= floor)
    told = None if value is None else round(value, 4)
    return {"gate": name, "value": told, "floor": floor, "target": target, "holds": holds}


def _server(figures: Figures) -> float:
    return figures.server_us


def _all(figures: Figures) -> float:
    return figures.all_us


def _faster_than(peer: str, workload: str) -> Callable[[Results], float | None]:
    return lambda results: results.ratio((peer, workload), (OURS, workload), _server)


def _cost_beside_peer(ours: str) -> Callable[[Results], float | None]:
    return lambda results: results.ratio((ours, "W1"), (PEER, "W1"), _all)


def _single(name: str) -> Callable[[Results], float | None]:
    return lambda results: results.singles.get(name)


def _unseen(results: Results) -> float | None:
    """What a document costs beyond the known one, in milliseconds, from the server's own processor time."""
    unseen, known = (results.middle(OURS, workload, _server) for workload in ("G13", "W1"))
    return None if unseen is None or known is None else (unseen - known) / 1000


def _delay(results: Results) -> float | None:
    if _offered_less(results):
        return None
    return results.middle_spread(OURS, lambda spread: spread.p99)


def _screen_delay(results: Results) -> float | None:
    if _offered_less(results):
        return None
    return results.middle_spread(OURS, lambda spread: spread.screen_p99 or float("inf"))


def _offered_less(results: Results) -> bool:
    carried = results.middle_spread(OURS, lambda spread: spread.bookings_a_second)
    if carried is not None and carried < OFFERED:
        why = f"it carried {carried:.1f} bookings a second to 500 subscribers where {OFFERED} are asked for"
        results.missing.setdefault("G8", why)
        results.missing.setdefault("G10", why)
    return carried is None or carried < OFFERED


GATES = (
    Gate(
        "G1",
        "W1 uncached: mercurius' server CPU by ours",
        1.3,
        1.8,
        _faster_than(PEER, "W1"),
        workload="W1",
        needs=(OURS, PEER),
    ),
    Gate(
        "G2",
        "W1 uncached: the naive server's CPU by ours",
        35,
        55,
        _faster_than(NAIVE, "W1"),
        workload="W1",
        needs=(OURS, NAIVE),
    ),
    Gate(
        "G3",
        "W1 cached: raw ASGI's CPU by ours",
        0.6,
        0.8,
        _faster_than(RAW, "W1C"),
        workload="W1C",
        needs=(OURS, RAW),
    ),
    Gate(
        "G4.pg",
        "W1 server + database CPU, by mercurius'",
        0.85,
        0.6,
        _cost_beside_peer(OURS),
        is_cost=True,
        workload="W1",
        needs=(OURS, PEER),
    ),
    Gate(
        "G4.sqlite",
        "the same, ours on SQLite",
        0.55,
        0.4,
        _cost_beside_peer(OURS_ON_SQLITE),
        is_cost=True,
        workload="W1",
        needs=(OURS_ON_SQLITE, PEER),
    ),
    Gate(
        "G5",
        "W2 uncached: mercurius' server CPU by ours",
        1.3,
        1.6,
        _faster_than(PEER, "W2"),
        workload="W2",
        needs=(OURS, PEER),
    ),
    Gate(
        "G6",
        "W3: mercurius' server CPU by ours",
        0.8,
        1.1,
        _faster_than(PEER, "W3"),
        workload="W3",
        needs=(OURS, PEER),
    ),
    Gate(
        "G7.mercurius",
        "W4: its CPU for a delivery by ours",
        2.5,
        5,
        lambda results: results.ratio_of_spreads(PEER, OURS),
        workload="W4",
        needs=(OURS, PEER),
    ),
    Gate(
        "G7.naive",
        "W4: the naive server's by ours",
        15,
        28,
        lambda results: results.ratio_of_spreads(NAIVE, OURS),
        workload="W4",
        needs=(OURS, NAIVE),
    ),
    Gate(
        "G8",
        "W4: p99 of a delivery at 10,000 a second, ms",
        10,
        3,
        _delay,
        is_cost=True,
        workload="W4",
        needs=(OURS,),
    ),
    Gate(
        "G9",
        "W4: memory of an idle subscriber, kB",
        35,
        22,
        lambda results: results.middle_spread(OURS, lambda spread: spread.idle_kb),
        is_cost=True,
        needs=(OURS,),
    ),
    Gate(
        "G10",
        "p99 of W1 at 30 % of capacity during W4, ms",
        5,
        2,
        _screen_delay,
        is_cost=True,
        workload="W4",
        needs=(OURS,),
    ),
    Gate("G11", "fallbacks on the mobile operations", 0, 0, _single("G11"), is_cost=True),
    Gate("G12", "share of random operations answered alike", 1, 1, _single("G12")),
    Gate("G13", "extra cost of an unseen document, ms", 3, 1, _unseen, is_cost=True, workload="G13", needs=(OURS,)),
)


def why_not(gate: str, results: Results) -> str:
    """Why a gate has no value, as far as is known."""
    needs = next((one.needs for one in GATES if one.name == gate), ())
    known = (results.missing.get(name) for name in (gate, gate.partition(".")[0], *needs, *(needs and ("PostgreSQL",))))
    return next((reason for reason in known if reason), "it was not measured")
