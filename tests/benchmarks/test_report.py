from dataclasses import replace
from xml.etree import ElementTree

from benchmarks import chart, report
from benchmarks.gates import GATES
from benchmarks.results import BookingsHeard, Results
from tests.benchmarks.test_gates import FIGURES, SPREAD


def found() -> Results:
    results = Results(missing={"naive": "answers differ:\nA\nB"})
    for name, cost in (("parley", 100.0), ("mercurius", 250.0)):
        results.keep(name, "W1", replace(FIGURES, server_us=cost, memory_mb=64))
        results.keep_spread(name, replace(SPREAD, delivery_us=cost / 10))
    results.bookings["sqlite"] = BookingsHeard(80, 5_000, 60, 20, float("nan"), float("nan"), 9, 30)
    return results


def page() -> list[str]:
    gates = [gate.judged(found()) for gate in GATES]
    latest = {"commit": "c" * 40, "quick": True, "node": "v20.0.0", "postgres": None, "gates": gates}
    return report.page(found(), latest, ["Two words."]).splitlines()


def test_the_report_has_a_row_for_each_gate_and_each_server() -> None:
    lines = page()
    assert "| G1 | W1 uncached: mercurius' server CPU by ours | 2.5 | 1.3 | 1.8 | yes |" in lines
    assert "| parley | 100 | 2.50 | 200 | 1.0 | 2.0 | 64 | 10 |" in lines
    assert "| parley | 10.0 | 10000 | 0.5 | 2.5 | 20 | 1000 |" in lines
    assert "| sqlite | 80 | 5000 | 60 | 20 | - | - | 9.0 | 30.0 |" in lines


def test_every_kind_of_gate_says_what_it_is() -> None:
    names = ("G4.pg", "G14.L.cached", "G15.sqlite", "R.search.sqlite", "R.timeline.pg", "R.report.pg")
    gates = [{"gate": name, "value": 1.0, "floor": 2.0, "target": 1.0, "holds": True} for name in names]
    latest = {"commit": "c" * 40, "quick": False, "node": None, "postgres": None, "gates": gates}
    rows = [line.split(" | ") for line in report.page(found(), latest, []).splitlines() if line.endswith("| yes |")]
    assert [row[0] for row in rows] == [f"| {name}" for name in names]
    assert all(row[1] for row in rows)


def test_the_report_says_what_was_not_measured_and_why() -> None:
    lines = page()
    assert "| G2 | W1 uncached: the naive server's CPU by ours | - | 35 | 55 | not measured |" in lines
    assert "- G2 was not measured: answers differ: A B" in lines


def test_the_picture_draws_the_cheapest_longest() -> None:
    tree = ElementTree.fromstring(chart.picture(found()))
    texts = [text.text for text in tree.iter("{http://www.w3.org/2000/svg}text")]
    assert texts[1:6] == ["W1", "parley", "2.50", "mercurius", "1.00"]
    bars = [float(bar.get("width", 0)) for bar in tree.iter("{http://www.w3.org/2000/svg}rect")][1:3]
    assert bars[0] == 2.5 * bars[1]
