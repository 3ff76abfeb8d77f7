"""Every fault on every database: `python -m benchmarks.faults [--quick] [--only NAME] [--database KIND] [--seed N]`."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import tempfile
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from time import monotonic

from rich.console import Console

from benchmarks.faults.behind import resumed_from_far_behind
from benchmarks.faults.crowded import slow_reader, waiting_subscribers
from benchmarks.faults.interrupted import frozen_process, full_disk, locked_database, restarted_database
from benchmarks.faults.killed import killed_while_booking
from benchmarks.faults.nodes import two_nodes, two_nodes_with_nats
from benchmarks.faults.post import mail_in_trouble
from benchmarks.faults.repeated import repeated_requests
from benchmarks.faults.scene import Scene, Stage
from benchmarks.faults.stopped import restarted_one_by_one
from tests.postgresql import crashable_server

Fault = Callable[[Scene], Awaitable[str]]

FAULTS: Mapping[str, Fault] = {
    "slow reader": slow_reader,
    "killed": killed_while_booking,
    "repeated": repeated_requests,
    "mail": mail_in_trouble,
    "nodes": two_nodes,
    "nats": two_nodes_with_nats,
    "frozen": frozen_process,
    "locked": locked_database,
    "restarted": restarted_database,
    "full disk": full_disk,
    "stopped": restarted_one_by_one,
    "far behind": resumed_from_far_behind,
    "waiting": waiting_subscribers,
}
ALONE = ("restarted",)
"""Takes the database from every other scene too."""
DATABASES = ("sqlite", "postgresql")
AT_ONCE_WHEN_QUICK = 6
LONGEST_SECONDS = 3_600
FIGURES = Path(__file__).parents[1] / "results" / "faults.json"


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one fault went on one database."""

    fault: str
    database: str
    held: bool
    figures: str
    seconds: float


async def main() -> int:
    """All that was asked for was done; 0 if every promise held."""
    asked = _asked()
    console = Console(stderr=True)
    began = monotonic()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="parley-faults-")))
        stages = [_stage(kind, stack, folder, asked.quick) for kind in asked.database or DATABASES]
        with console.status("Setting the stage"):
            await asyncio.gather(*(stage.build() for stage in stages))
        outcomes = await _played(stages, asked, console)
    return _sum_up(outcomes, monotonic() - began)


def _stage(kind: str, stack: ExitStack, folder: Path, is_quick: bool) -> Stage:
    server = stack.enter_context(crashable_server()) if kind == "postgresql" else None
    return Stage(kind, server, folder, is_quick=is_quick)


async def _played(stages: Sequence[Stage], asked: argparse.Namespace, console: Console) -> list[Outcome]:
    """How everything went: in a quick run several faults side by side, save those that take the database from all."""
    names = [name for name in FAULTS if name in (asked.only or FAULTS)]
    places = asyncio.Semaphore(AT_ONCE_WHEN_QUICK if asked.quick else 1)

    async def played(name: str, stage: Stage) -> Outcome:
        async with places:
            outcome = await _play(name, stage, asked.seed, console)
        if not asked.quick:
            _keep(outcome)
        return outcome

    outcomes: list[Outcome] = []
    for is_alone in (False, True):
        some = [(name, stage) for stage in stages for name in names if (name in ALONE) is is_alone]
        some.sort(key=lambda one: names.index(one[0]) if asked.quick else 0)
        outcomes += await asyncio.gather(*(played(*one) for one in some))
    return outcomes


async def _play(name: str, stage: Stage, seed: int, console: Console) -> Outcome:
    began = monotonic()
    with stage.scene(seed=seed) as scene:
        try:
            async with asyncio.timeout(LONGEST_SECONDS):
                figures, held = await FAULTS[name](scene), True
        except Exception as broken:  # noqa: BLE001  whatever breaks one scenario is that scenario's result
            figures, held = f"{type(broken).__name__}: {broken}", False
    outcome = Outcome(name, stage.kind, held, figures, round(monotonic() - began, 1))
    mark = "[green]held[/]" if held else "[red]NOT HELD[/]"
    console.print(f"{mark} {outcome.fault} on {outcome.database} ({outcome.seconds:.1f} s): {outcome.figures}")
    return outcome


def _keep(outcome: Outcome) -> None:
    """The figures of a full run stand in the results, in place of those that the same fault had before."""
    kept = json.loads(FIGURES.read_text()) if FIGURES.exists() else []
    told = {(one["fault"], one["database"]): one for one in (*kept, asdict(outcome))}
    order = sorted(told, key=lambda one: (list(FAULTS).index(one[0]), DATABASES.index(one[1])))
    FIGURES.write_text(json.dumps([told[one] for one in order], indent=2) + "\n")


def _sum_up(outcomes: Sequence[Outcome], seconds: float) -> int:
    broken = [f"{one.fault} on {one.database}" for one in outcomes if not one.held]
    held = len(outcomes) - len(broken)
    tail = f"; not held: {', '.join(broken)}" if broken else ""
    sys.stdout.write(f"faults: {held} of {len(outcomes)} held in {seconds:.0f} s{tail}\n")
    return 1 if broken else 0


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small sizes, several faults at once")
    parser.add_argument("--only", action="append", choices=sorted(FAULTS), help="this fault alone; repeat for several")
    parser.add_argument("--database", action="append", choices=DATABASES, help="this database alone")
    parser.add_argument("--seed", type=int, default=1, help="for everything left to chance")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
