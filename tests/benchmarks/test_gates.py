from dataclasses import replace

import pytest

from benchmarks.fan_out import Spread
from benchmarks.gates import GATES, judged, why_not
from benchmarks.load.pressure import Figures
from benchmarks.results import Results

FIGURES = Figures(server_us=100, database_us=200, p50=1, p99=2, requests=10, a_second=10, size=8000)
SPREAD = Spread(
    delivery_us=8,
    database_us=1,
    p50=0.5,
    p99=2.5,
    deliveries=20_000,
    expected=20_000,
    idle_kb=20,
    accepted_a_second=1_000,
    bookings_a_second=20,
    screen_p99=1.5,
)


def of_rounds(**costs: list[float]) -> Results:
    """Results of W1 with these server costs in each round."""
    results = Results()
    for name, rounds in costs.items():
        for cost in rounds:
            results.keep(name, "W1", replace(FIGURES, server_us=cost))
    return results


def value(name: str, results: Results) -> float | None:
    found: float | None = next(gate for gate in GATES if gate.name == name).judged(results)["value"]
    return found


@pytest.mark.parametrize(
    ("value", "is_cost", "holds"),
    [(1.3, False, True), (1.29, False, False), (1.3, True, True), (1.31, True, False), (None, True, False)],
)
def test_a_gate_holds_at_its_floor_and_without_a_figure_never(value: float | None, is_cost: bool, holds: bool) -> None:
    wanted = {"gate": "G0", "value": value, "floor": 1.3, "target": 2.0, "holds": holds}
    assert judged("G0", value, 1.3, 2.0, is_cost=is_cost) == wanted


def test_a_ratio_is_the_median_of_those_of_the_rounds() -> None:
    # 2, 1.5 and 4: the median of each server's own figures would say 3.
    results = of_rounds(mercurius=[200, 300, 400], parley=[100, 200, 100])
    assert value("G1", results) == 2.0


def test_the_cost_beside_the_peer_has_the_database_in_it() -> None:
    results = of_rounds(mercurius=[200], parley=[100])
    assert value("G4.pg", results) == (100 + 200) / (200 + 200)


def test_a_document_not_seen_before_costs_what_is_beyond_the_known_one() -> None:
    results = of_rounds(parley=[100])
    results.keep("parley", "G13", replace(FIGURES, server_us=1_600))
    assert value("G13", results) == 1.5


def test_delays_count_only_if_all_bookings_were_carried() -> None:
    results = Results()
    results.keep_spread("parley", SPREAD)
    assert (value("G8", results), value("G10", results)) == (2.5, 1.5)
    slow = Results()
    slow.keep_spread("parley", replace(SPREAD, bookings_a_second=12.0))
    assert (value("G8", slow), value("G10", slow)) == (None, None)
    assert why_not("G8", slow) == "it carried 12.0 bookings a second to 500 subscribers where 20 are asked for"


def test_without_node_the_gates_that_need_a_peer_say_so() -> None:
    results = of_rounds(parley=[100], naive=[5_000])
    results.missing["mercurius"] = "node and npm are not installed"
    lost = {gate.name: why_not(gate.name, results) for gate in GATES if "mercurius" in gate.needs}
    assert lost == dict.fromkeys(
        ("G1", "G4.pg", "G4.sqlite", "G5", "G6", "G7.mercurius"), "node and npm are not installed"
    )
    assert value("G2", results) == 50.0


def test_without_postgresql_every_gate_of_the_race_says_so() -> None:
    results = Results(missing={"PostgreSQL": "RuntimeError: no program"})
    lost = [gate.name for gate in GATES if why_not(gate.name, results) == "RuntimeError: no program"]
    assert lost == [gate.name for gate in GATES if gate.name not in ("G11", "G12")]
    assert not any(gate.judged(results)["holds"] for gate in GATES)
