"""Every fault on every database: `python -m benchmarks.faults [--quick] [--only NAME] [--database KIND] [--seed N]`."""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from collections.abc import Awaitable, Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
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
    "slow reader": slow_reader,
    "waiting": waiting_subscribers,
}
DATABASES = ("sqlite", "postgresql")
LONGEST_SECONDS = 1_200


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
    outcomes: list[Outcome] = []
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="parley-faults-")))
        stages = [_stage(kind, stack, folder) for kind in asked.database or DATABASES]
        with console.status("Setting the stage"):
            await asyncio.gather(*(stage.build() for stage in stages))
        lanes = [_play(stage, asked, console, outcomes) for stage in stages]
        if asked.quick:
            await asyncio.gather(*lanes)
        else:
            for lane in lanes:
                await lane
    return _sum_up(outcomes, monotonic() - began)


def _stage(kind: str, stack: ExitStack, folder: Path) -> Stage:
    server = stack.enter_context(crashable_server()) if kind == "postgresql" else None
    return Stage(kind, server, folder)


async def _play(stage: Stage, asked: argparse.Namespace, console: Console, outcomes: list[Outcome]) -> None:
    for name in asked.only or FAULTS:
        began = monotonic()
        with stage.scene(seed=asked.seed, is_quick=asked.quick) as scene:
            try:
                async with asyncio.timeout(LONGEST_SECONDS):
                    figures, held = await FAULTS[name](scene), True
            except Exception as broken:  # noqa: BLE001  whatever breaks one scenario is that scenario's result
                figures, held = f"{type(broken).__name__}: {broken}", False
        outcome = Outcome(name, stage.kind, held, figures, monotonic() - began)
        outcomes.append(outcome)
        mark = "[green]held[/]" if held else "[red]NOT HELD[/]"
        console.print(f"{mark} {outcome.fault} on {outcome.database} ({outcome.seconds:.1f} s): {outcome.figures}")


def _sum_up(outcomes: list[Outcome], seconds: float) -> int:
    broken = [f"{one.fault} on {one.database}" for one in outcomes if not one.held]
    held = len(outcomes) - len(broken)
    tail = f"; not held: {', '.join(broken)}" if broken else ""
    sys.stdout.write(f"faults: {held} of {len(outcomes)} held in {seconds:.0f} s{tail}\n")
    return 1 if broken else 0


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small sizes, both databases at once")
    parser.add_argument("--only", action="append", choices=sorted(FAULTS), help="this fault alone; repeat for several")
    parser.add_argument("--database", action="append", choices=DATABASES, help="this database alone")
    parser.add_argument("--seed", type=int, default=1, help="for everything left to chance")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
