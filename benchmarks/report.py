"""What was found, as Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import isnan
from operator import attrgetter
from typing import Any

from benchmarks.gates import GATES, PEER, why_not
from benchmarks.results import Results

WORKLOADS = {
    "W1": "W1, the Today screen, of another user, day or zone each time",
    "W1C": "W1 asked again and again, so that it may come from a cache",
    "W2": "W2, a page of meeting links",
    "W3": "W3, an outcome recorded: change log, data version and notice to other processes in one transaction",
    "G13": "G13, W1 under a name that the server has not heard before",
    "W4": "W4, bookings heard by 500 subscribers",
}
_ABOUT = {gate.name: gate.about for gate in GATES} | {
    "G14": "the slot engine, ms",
    "G15": "slots through GraphQL from a cold database, ms",
    "R.search": "the slowest search among 100,000 contacts, database ms",
    "R.timeline": "the slowest timeline among 1,000,000 meetings, database ms",
    "R.report": "the slowest report of a month, database ms",
}


def page(results: Results, latest: Mapping[str, Any], words: Sequence[str]) -> str:
    """The whole report. `words` say how it was made."""
    parts = (
        _head(latest, words),
        _gates(results, latest["gates"]),
        _tables(results),
        _spreads(results),
        _bookings(results),
    )
    return "\n".join(line for part in parts for line in part)


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
        about = next(_ABOUT[part] for part in (name, name.rpartition(".")[0], name.partition(".")[0]) if part in _ABOUT)
        shown = "-" if value is None else f"{value:g}"
        holds = "yes" if gate["holds"] else "**no**" if value is not None else "not measured"
        yield f"| {name} | {about} | {shown} | {gate['floor']:g} | {gate['target']:g} | {holds} |"
    yield ""
    for gate in gates:
        if gate["value"] is None:
            yield f"- {gate['gate']} was not measured: {_line(why_not(gate['gate'], results))}"
    yield from (f"- {name}: {_line(why)}" for name, why in results.missing.items())
    yield from (f"- {note}" for note in results.notes)
    yield ""


def _line(words: str) -> str:
    return " ".join(words.split())[:300]


def _tables(results: Results) -> Iterator[str]:
    for workload, about in WORKLOADS.items():
        names = [name for name, work in results.figures if work == workload]
        if not names:
            continue
        peer = results.middle(PEER, workload, lambda one: one.server_us)
        yield f"## {about}"
        yield ""
        yield f"| server | CPU us | x {PEER} | database CPU us | p50 ms | p99 ms | memory MB | requests/s |"
        yield "|---|---:|---:|---:|---:|---:|---:|---:|"
        rows = [_row(results, name, workload, peer) for name in names]
        yield from (line for _, line in sorted(rows))
        yield ""


def _row(results: Results, name: str, workload: str, peer: float | None) -> tuple[float, str]:
    cost, database, p50, p99, memory, a_second = (
        results.middle(name, workload, attrgetter(part)) or 0.0
        for part in ("server_us", "database_us", "p50", "p99", "memory_mb", "a_second")
    )
    times = f"{peer / cost:.2f}" if peer and cost else "-"
    delays = f"{p50:.1f} | {p99:.1f}"
    return cost, f"| {name} | {cost:.0f} | {times} | {database:.0f} | {delays} | {memory:.0f} | {a_second:.0f} |"


def _spreads(results: Results) -> Iterator[str]:
    if not results.spreads:
        return
    yield f"## {WORKLOADS['W4']}"
    yield ""
    yield "| server | CPU us a delivery | deliveries/s | p50 ms | p99 ms | kB idle | sockets/s |"
    yield "|---|---:|---:|---:|---:|---:|---:|"
    for name in results.spreads:
        cost, offered, p50, p99, idle, accepted = (
            results.middle_spread(name, attrgetter(part)) or 0.0
            for part in ("delivery_us", "bookings_a_second", "p50", "p99", "idle_kb", "accepted_a_second")
        )
        yield f"| {name} | {cost:.1f} | {offered * 500:.0f} | {p50:.1f} | {p99:.1f} | {idle:.0f} | {accepted:.0f} |"
    yield ""


def _bookings(results: Results) -> Iterator[str]:
    if not results.bookings:
        return
    yield "## Whole bookings over GraphQL, and 500 subscribers who hear of each"
    yield ""
    yield "The delays are those at the pace given, from the commit and from the visitor's asking to the subscriber."
    yield ""
    yield "| database | bookings/s | CPU us each | 500 listening | pace | commit p50 ms | p99 | asked p50 ms | p99 |"
    yield "|---|---:|---:|---:|---:|---:|---:|---:|---:|"
    for name, one in results.bookings.items():
        made = f"{one.bookings_a_second:.0f} | {one.server_us:.0f} | {one.heard_bookings_a_second:.0f} | {one.pace:.0f}"
        delays = (one.commit_p50, one.commit_p99, one.asked_p50, one.asked_p99)
        yield f"| {name} | {made} | {' | '.join('-' if isnan(delay) else f'{delay:.1f}' for delay in delays)} |"
    yield ""
