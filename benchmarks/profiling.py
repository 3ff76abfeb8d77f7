"""Where our server's processor time goes, for the gates that it misses.

The server is started once more under cProfile, which about doubles what Python costs and leaves what C costs: the
shares tell where to look, and their microseconds are of what the server used without it."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.contestants import Contestant
from benchmarks.processes import Process, running
from benchmarks.profile_tables import Seen, seen_in, told

_PATIENCE_SECONDS = 20.0
HEAD = (
    "# Where the time goes",
    "",
    "Of the gates that were missed: our server once more, under cProfile, which makes Python dearer than it is beside "
    "C. What the event loop does between calls is in no function. A microsecond is a share of what one answer costs "
    "without the profile.",
    "",
)


@dataclass(frozen=True, slots=True)
class Profile:
    """What was seen of a workload, and the microseconds that one answer costs unseen."""

    seen: list[Seen]
    cost_us: float | None


class Observed:
    """Our server with a profiler in it; see `servers/profiled.py`."""

    def __init__(self, server: Process, file: Path) -> None:
        self.server, self._file = server, file

    def begin(self) -> None:
        """What the server does from here on is in the profile."""
        self._file.unlink(missing_ok=True)
        os.kill(self.server.pid, signal.SIGUSR1)
        time.sleep(0.1)

    def end(self) -> None:
        """The profile stands in the file."""
        os.kill(self.server.pid, signal.SIGUSR1)
        until = time.monotonic() + _PATIENCE_SECONDS
        while not self._file.is_file():
            if time.monotonic() > until:
                raise RuntimeError("the server wrote no profile")
            time.sleep(0.05)

    def profile(self, answers: int, cost_us: float | None) -> Profile:
        """The profile that was ended last, of a stretch with so many answers."""
        return Profile(seen_in(self._file, answers), cost_us)


@contextmanager
def observed(contestant: Contestant, file: Path, *, core: int) -> Iterator[Observed]:
    """The contestant's command, once it answers, for as long as the block runs."""
    words = [sys.executable, "-m", "benchmarks.servers.profiled", str(file), *contestant.command[1:]]
    with running(words, contestant.environment, core=core, log=file.with_suffix(".log")) as server:
        yield Observed(server, file)


def page(profiles: Mapping[str, Profile], titles: Mapping[str, str]) -> str:
    """The report: the profile of each workload under its title."""
    lines: list[str] = list(HEAD)
    for workload, profile in profiles.items():
        lines += told(titles[workload], profile.seen, profile.cost_us)
    return "\n".join(lines)


def missed(gates: Sequence[tuple[str, bool]]) -> list[str]:
    """The workloads of the gates that do not hold, each once, in their order."""
    return list(dict.fromkeys(workload for workload, holds in gates if workload and not holds))
