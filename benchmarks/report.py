"""What was found, as Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from benchmarks.gates import GATES, PEER
from benchmarks.results import Results

WORKLOADS = {
    "W1": "W1, the Today screen, of another user, day or zone each time",
    "W1C": "W1 asked again and again, so that it may come from a cache",
    "W2": "W2, a page of meeting links",
    "W3": "W3, an outcome recorded: change log, data version and notice to other processes in one transaction",
}
_ABOUT = {gate.name: gate.about for gate in GATES} | {
    "G14": "the slot engine, ms",
    "G15": "slots through GraphQL from a cold database, ms",
}


def page(results: Results, latest: Mapping[str, Any], words: Sequence[str]) -> str:
    """The whole report. `words` say how it was made."""
    return "\n".join([*_head(latest, words), *_gates(results, latest["gates"]), *_tables(results), *_spreads(results)])


def _head(latest: Mapping[str, Any], words: Sequence[str]) -> Iterator[str]:
    command = "make bench QUICK=1" if latest["quick"] else "make bench"
    yield "# What Parley costs, beside its peers"
    yield ""
    yield f"Made by `{command}` at commit `{latest['commit'][:12]}`."
    yield f"node {latest['node'] or 'missing'}, PostgreSQL {latest['postgres'] or 'missing'}."
    yield from words
    yield ""


def _gates(results: Results, gates: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    yield "## Gates"
    yield ""
    yield "| gate | what | value | floor | target | holds |"
    yield "|---|---|---:|---:|---:|---|"
    for gate in gates:
        name, value = gate["gate"], gate["value"]
        about = _ABOUT.get(name) or _ABOUT.get(name.partition(".")[0], "")
        shown = "-" if value is None else f"{value:g}"
        holds = "yes" if gate["holds"] else "**no**" if value is not None else "not measured"
        yield f"| {name} | {about} | {shown} | {gate['floor']:g} | {gate['target']:g} | {holds} |"
    yield ""
    for name, why in results.missing.items():
        yield f"- {name}: {' '.join(why.split())[:300]}"
    yield from (f"- {note}" for note in results.notes)
    yield ""


def _tables(results: Results) -> Iterator[str]:
    for workload, about in WORKLOADS.items():
        names = [name for name, work in results.figures if work == workload]
        if not names:
            continue
        peer = results.middle(PEER, workload, lambda one: one.server_us)
        yield f"## {about}"
        yield ""
        yield f"| server | CPU us | x {PEER} | database CPU us | p50 ms | p99 ms | requests/s |"
        yield "|---|---:|---:|---:|---:|---:|---:|"
        rows = [_row(results, name, workload, peer) for name in names]
        yield from (line for _, line in sorted(rows))
        yield ""


def _row(results: Results, name: str, workload: str, peer: float | None) -> tuple[float, str]:
    cost, database, p50, p99, a_second = (
        results.middle(name, workload, lambda one, part=part: getattr(one, part)) or 0.0
        for part in ("server_us", "database_us", "p50", "p99", "a_second")
    )
    times = f"{peer / cost:.2f}" if peer and cost else "-"
    return cost, f"| {name} | {cost:.0f} | {times} | {database:.0f} | {p50:.1f} | {p99:.1f} | {a_second:.0f} |"


def _spreads(results: Results) -> Iterator[str]:
    if not results.spreads:
        return
    yield "## W4, bookings heard by 500 subscribers"
    yield ""
    yield "| server | CPU us a delivery | deliveries/s | p50 ms | p99 ms | kB idle | sockets/s |"
    yield "|---|---:|---:|---:|---:|---:|---:|"
    for name in results.spreads:
        cost, offered, p50, p99, idle, accepted = (
            results.middle_spread(name, lambda one, part=part: getattr(one, part)) or 0.0
            for part in ("delivery_us", "bookings_a_second", "p50", "p99", "idle_kb", "accepted_a_second")
        )
        yield f"| {name} | {cost:.1f} | {offered * 500:.0f} | {p50:.1f} | {p99:.1f} | {idle:.0f} | {accepted:.0f} |"
    yield ""
