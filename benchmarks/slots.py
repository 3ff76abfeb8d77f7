"""G14: what a list of slots costs, from native objects to ISO strings, without a database.

`python -m benchmarks.slots [--quick] [--json FILE]`. Every size is measured in three states:

- fresh: members that were never asked before. They are made before the clock starts; what making them costs (sorting
  and merging their busy spans, which a server does once for each version of a host) stands in a column of its own.
- kept: the same members asked again, as a server does that keeps them in memory until their version changes.
- swept: a `Timetable` of the page asked again, which has the masks of who is free when.

All sizes and states take turns in rounds; a figure is the best round, as `timeit` has it, because what makes a round
worse is the other work of the machine; the median of the fresh rounds stands beside it. The garbage collector runs
between rounds, not within them. Milliseconds are those of one machine; multiples of the loop are for all others.
"""

from __future__ import annotations

import argparse
import gc
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from random import Random
from statistics import median
from time import perf_counter
from typing import Any

from server.availability import Member, Offer, Page, Timetable, iso_starts, offered

TODAY = date(2026, 3, 2)
NOW = int(datetime(2026, 3, 2, 6, 0, tzinfo=UTC).timestamp())
PAGE_TZ, VIEWER_TZ, DURATION = "Europe/Warsaw", "America/New_York", 30
SPLIT_DAY = [(540, 720), (780, 1020)]
STATES = ("fresh", "kept", "swept")
Figures = dict[str, dict[str, float]]


@dataclass(frozen=True)
class Size:
    """One line of the benchmark inputs, with the floor and the target of G14 in milliseconds."""

    name: str
    kind: str
    members: int
    days: int
    busy: int
    floor: float = 0
    target: float = 0


SIZES = (
    Size("XS", "PERSONAL", 1, 14, 40, 0.3, 0.1),
    Size("M", "ROUND_ROBIN", 10, 30, 200, 2, 1),
    Size("G", "GROUP", 8, 60, 200, 2, 1),
    Size("L", "ROUND_ROBIN", 50, 60, 1000, 10, 5),
)
GROWTH = {
    "members": [Size(str(count), "ROUND_ROBIN", count, 30, 200) for count in (1, 5, 10, 20, 40, 80)],
    "days": [Size(str(days), "ROUND_ROBIN", 10, days, 200) for days in (7, 14, 30, 60, 120)],
    "busy spans a member": [Size(str(busy), "ROUND_ROBIN", 10, 30, busy) for busy in (0, 100, 200, 500, 1000, 2000)],
}


class Workload:
    """A page of one size with its members, and one way to be asked for each state."""

    def __init__(self, size: Size) -> None:
        dice = Random(f"slots {size.name}")
        self.size = size
        self.end = TODAY + timedelta(days=size.days - 1)
        self.page = Page(
            kind=size.kind,
            tz=PAGE_TZ,
            durations=(15, 30, 60),
            increment=15,
            buffer_before=10,
            buffer_after=5,
            min_notice=240,
            window=None,
        )
        self._hosts = [self._host(number, dice) for number in range(size.members)]
        self.kept = self.made()
        self.timetable = Timetable(self.page, self.kept, start=TODAY, end=self.end, duration=DURATION)

    def made(self) -> list[Member]:
        """The members anew, with nothing kept but what making them leaves."""
        return [Member(**host) for host in self._hosts]

    def ask(self, members: Sequence[Member]) -> list[str]:
        return iso(
            offered(self.page, members, now=NOW, start=TODAY, end=self.end, duration=DURATION, viewer_tz=VIEWER_TZ)
        )

    def ask_swept(self) -> list[str]:
        return iso(self.timetable.offered(now=NOW, start=TODAY, end=self.end, viewer_tz=VIEWER_TZ))

    def _host(self, number: int, dice: Random) -> dict[str, Any]:
        days = [TODAY + timedelta(days=count) for count in range(self.size.days)]
        starts = [NOW + dice.randrange(self.size.days * 1440) * 60 for _ in range(self.size.busy)]
        return {
            "id": number,
            "tz": PAGE_TZ,
            "weekly": dict.fromkeys(range(5), SPLIT_DAY),
            "overrides": {day: [(600, 840)] for day in days if dice.random() < 0.06},
            "busy": [(start, start + dice.randint(15, 90) * 60) for start in sorted(starts)],
        }


def iso(offers: list[Offer]) -> list[str]:
    return iso_starts([offer.start for offer in offers], VIEWER_TZ)


def calibration() -> int:
    """A fixed amount of what Python does all day: integers, a list, a dictionary. Never to be changed."""
    seen: dict[int, int] = {}
    value = 1
    for step in range(20_000):
        value = (value * 1_103_515_245 + 12_345) % 2_147_483_648
        seen[value % 512] = seen.get(value % 512, 0) + step
    return len(sorted(seen.values()))


def timed(act: Callable[..., object], *arguments: object) -> float:
    """Milliseconds that the act takes."""
    started = perf_counter()
    act(*arguments)
    return (perf_counter() - started) * 1000


def measured(workloads: Sequence[Workload], rounds: int) -> Figures:
    """Milliseconds of each state of each workload, and of the calibration loop in the same rounds."""
    times: dict[str, dict[str, list[float]]] = {"loop": {"loop": []}}
    for load in workloads:
        times[load.size.name] = {state: [] for state in ("making", *STATES)}
    for _ in range(rounds):
        gc.collect()
        gc.disable()
        times["loop"]["loop"].append(timed(calibration))
        for load in workloads:
            _round(load, times[load.size.name])
        gc.enable()
    best = {name: {state: min(each) for state, each in row.items()} for name, row in times.items()}
    for load in workloads:
        best[load.size.name]["median"] = median(times[load.size.name]["fresh"])
    return best


def _round(load: Workload, times: dict[str, list[float]]) -> None:
    """Small sizes are asked a few times in a row, so that a round is long enough to be timed."""
    asks = max(1, 20 // load.size.members)
    times["making"].append(sum(timed(load.made) for _ in range(asks)) / asks)
    fresh = [load.made() for _ in range(asks)]
    times["fresh"].append(sum(timed(load.ask, members) for members in fresh) / asks)
    times["kept"].append(sum(timed(load.ask, load.kept) for _ in range(asks)) / asks)
    times["swept"].append(sum(timed(load.ask_swept) for _ in range(asks)) / asks)


def gates(quick: bool = False) -> list[dict[str, Any]]:
    """G14 as `benchmarks/results/latest.json` wants it: milliseconds, fresh members; the cached one is a timetable."""
    return _gates(measured([Workload(size) for size in SIZES], 15 if quick else 60))


def _gates(figures: Figures) -> list[dict[str, Any]]:
    found = [_gate(f"G14.{size.name}", figures[size.name]["fresh"], size.floor, size.target) for size in SIZES]
    return [*found, _gate("G14.L.cached", figures["L"]["swept"], 0.5, 0.5)]


def _gate(name: str, value: float, floor: float, target: float) -> dict[str, Any]:
    return {"gate": name, "value": round(value, 3), "floor": floor, "target": target, "holds": value <= floor}


def report(figures: Figures, workloads: Sequence[Workload]) -> None:
    loop = figures["loop"]["loop"]
    print(f"calibration loop {loop:.3f} ms; in brackets multiples of it")
    columns = ("making", *STATES, "median")
    print(f"{'size':>5} {'slots':>6} " + " ".join(f"{column:>16}" for column in columns) + "   floor  target")
    for load in workloads:
        row = figures[load.size.name]
        cells = " ".join(f"{row[column]:8.3f} ({row[column] / loop:5.3f})" for column in columns)
        slots = len(load.ask(load.kept))
        print(f"{load.size.name:>5} {slots:>6} {cells} {load.size.floor:7.1f} {load.size.target:7.1f}")


def chart(rounds: int) -> None:
    """How the cost of fresh members grows with members, days and busy spans; the rest is as in size M."""
    for what, sizes in GROWTH.items():
        figures = measured([Workload(size) for size in sizes], rounds)
        longest = max(figures[size.name]["fresh"] for size in sizes)
        print(f"\nms for fresh members by {what}")
        for size in sizes:
            value = figures[size.name]["fresh"]
            print(f"{size.name:>6} {'#' * round(50 * value / longest):<50} {value:.2f}")


def main() -> None:
    words = argparse.ArgumentParser(description="G14, the slot engine")
    words.add_argument("--quick", action="store_true", help="fewer rounds, no chart")
    words.add_argument("--json", metavar="FILE", help="write the gates to FILE")
    given = words.parse_args()
    workloads = [Workload(size) for size in SIZES]
    figures = measured(workloads, 15 if given.quick else 60)
    report(figures, workloads)
    if not given.quick:
        chart(12)
    if given.json:
        with open(given.json, "w") as out:
            json.dump(_gates(figures), out, indent=1)


if __name__ == "__main__":
    main()
