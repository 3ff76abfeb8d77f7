"""G15: what the slots of the page of size L cost through GraphQL, asked of a server that has never read them.

`python -m benchmarks.slots_through_graphql [--quick] [--postgresql] [--json FILE]`. Each round starts `parley serve`
on loopback, asks for a quiet page twice, so that the code has been through once, then asks the crowded one: that first
answer is the gate. Asked again, and asked as the phone does (the whole page with its next free time), stand beside it.
The time is from the first byte sent to the last byte received.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http.client import HTTPConnection
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks import crowded_page
from benchmarks.slots import calibration, timed
from server import clock
from tests.postgresql import run_sql, running_server, sibling

FLOOR, TARGET = 80.0, 40.0
SLOTS = """query ($slug: String!, $from: Date!, $to: Date!) { schedulingPage(slug: $slug) {
  slots(from: $from, to: $to, durationMinutes: 30, timeZone: "America/New_York") {
    date slots { startsAt endsAt } } } }"""
WHOLE = (Path(__file__).parents[1] / "mobile_contract/operations/scheduling_page.graphql").read_text()
Figures = dict[str, list[float]]


def gate(kind: str, quick: bool = False) -> dict[str, Any]:
    """G15 of one database ("sqlite" or "pg") as `benchmarks/results/latest.json` wants it: milliseconds, the median of
    the rounds."""
    return _gate(f"G15.{kind}", median(measured(kind, 3 if quick else 7)["first"]))


def measured(kind: str, rounds: int) -> Figures:
    """Milliseconds of the first answer, of the second, and of the whole page, in each round."""
    figures: Figures = {"first": [], "again": [], "whole": []}
    with _database(kind) as url:
        asyncio.run(crowded_page.make(url))
        for _ in range(rounds):
            with _server(url) as client:
                for _ in range(2):
                    client.ask(SLOTS, crowded_page.QUIET)
                    client.ask(WHOLE, crowded_page.QUIET)
                figures["first"].append(client.ask(SLOTS, crowded_page.CROWDED))
                figures["again"].append(client.ask(SLOTS, crowded_page.CROWDED))
                figures["whole"].append(client.ask(WHOLE, crowded_page.CROWDED))
    return figures


class Client:
    """One connection that is kept, as a phone's is."""

    def __init__(self, port: int) -> None:
        self._connection = HTTPConnection("127.0.0.1", port)
        self.slots = 0

    def ask(self, document: str, slug: str) -> float:
        """Milliseconds to the end of the answer, which has slots and no errors."""
        today = clock.now().date()
        last = today.fromordinal(today.toordinal() + crowded_page.DAYS - 1)
        variables = {"slug": slug, "from": str(today), "to": str(last)}
        whole = {"durationMinutes": 30, "timeZone": "America/New_York"} if document is WHOLE else {}
        body = json.dumps({"query": document, "variables": variables | whole})
        began = time.perf_counter()
        self._connection.request("POST", "/graphql", body, {"Content-Type": "application/json"})
        said = self._connection.getresponse().read()
        took = (time.perf_counter() - began) * 1000
        days = json.loads(said)["data"]["schedulingPage"]["slots"]
        self.slots = sum(len(day["slots"]) for day in days)
        assert self.slots
        return took

    def is_answered(self) -> bool:
        """Whether the server is there; the connection begins anew until it is."""
        try:
            self._connection.request("GET", "/health/ready")
            return self._connection.getresponse().read() is not None
        except OSError:
            self._connection.close()
            return False


@contextmanager
def _database(kind: str) -> Iterator[str]:
    with ExitStack() as stack:
        if kind == "sqlite":
            folder = stack.enter_context(tempfile.TemporaryDirectory())
            yield f"sqlite:///{folder}/crowded.sqlite3"
            return
        server = stack.enter_context(running_server())
        run_sql(server, "CREATE DATABASE crowded")
        yield sibling(server, "crowded")


@contextmanager
def _server(database_url: str) -> Iterator[Client]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    own = {
        "PARLEY_DATABASE_URL": database_url,
        "PARLEY_SECRET_KEY": crowded_page.SECRET,
        "PARLEY_WORKER_IN_PROCESS": "false",
        "PARLEY_LOG_LEVEL": "ERROR",
    }
    words = [str(Path(sys.executable).with_name("parley")), "serve", "--port", str(port)]
    nowhere = subprocess.DEVNULL
    process = subprocess.Popen(words, env={**os.environ, **own}, stdout=nowhere, stderr=nowhere)
    try:
        client, until = Client(port), time.monotonic() + 40
        while not client.is_answered():
            if process.poll() is not None or time.monotonic() > until:
                raise RuntimeError("parley serve did not start")
            time.sleep(0.1)
        yield client
    finally:
        process.terminate()
        process.wait(timeout=20)


def _gate(name: str, value: float) -> dict[str, Any]:
    return {"gate": name, "value": round(value, 1), "floor": FLOOR, "target": TARGET, "holds": value <= FLOOR}


def main() -> None:
    words = argparse.ArgumentParser(description="G15, slots through GraphQL from a cold database")
    words.add_argument("--quick", action="store_true", help="three rounds instead of seven")
    words.add_argument("--postgresql", action="store_true", help="on PostgreSQL instead of SQLite")
    words.add_argument("--json", metavar="FILE", help="write the gate to FILE")
    given = words.parse_args()
    kind = "pg" if given.postgresql else "sqlite"
    figures = measured(kind, 3 if given.quick else 7)
    loop = min(timed(calibration) for _ in range(20))
    print(f"calibration loop {loop:.3f} ms; in brackets multiples of it; {kind}")
    for name, values in figures.items():
        middle, best = median(values), min(values)
        print(f"{name:>6}  median {middle:7.1f} ms ({middle / loop:6.1f})   best {best:7.1f} ms ({best / loop:6.1f})")
    judged = _gate(f"G15.{kind}", median(figures["first"]))
    print(f"floor {FLOOR:.0f}, target {TARGET:.0f}: {'holds' if judged['holds'] else 'does not hold'}")
    if given.json:
        Path(given.json).write_text(json.dumps([judged], indent=1))


if __name__ == "__main__":
    main()
