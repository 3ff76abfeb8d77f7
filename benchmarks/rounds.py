"""The race: one server at a time, each with every workload, as many rounds as wished."""

from __future__ import annotations

import asyncio
import json
import shutil
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks import contestants, fan_out, workloads
from benchmarks.contestants import Contestant
from benchmarks.data import Size, outcome_id
from benchmarks.fan_out import Company
from benchmarks.gates import OURS, OURS_ON_SQLITE
from benchmarks.load.deck import Deck, deck
from benchmarks.load.http_client import bodies
from benchmarks.load.pressure import Press
from benchmarks.processes import Cores, Process, cpu_of, postmaster_of, running
from benchmarks.results import Results
from benchmarks.tokens import Senders
from tests.postgresql import run_sql

CHECKED = {"W1": 8, "W2": 4, "W3": 2}
# V8 compiles what it has seen a few thousand times; before that a peer would be judged by its interpreter.
_WARMING = {"W1": 1.0, "W1C": 0.25, "W2": 0.5, "W3": 0.5}
_AS_BEFORE = (
    f"UPDATE meeting SET outcome_id = (account_id - 1) * {outcome_id(2, 0) - outcome_id(1, 0)} + 1, version = 1 "
    "WHERE version > 1",
    "DELETE FROM change",
)


@dataclass(frozen=True)
class Plan:
    """How long and how often. `seconds` of W1 come after `warm` ones that do not count."""

    size: Size
    rounds: int
    seconds: int
    warm: int
    requests: int
    is_quick: bool


@dataclass(frozen=True)
class Databases:
    """Where the same rows are, once on each kind of database."""

    postgresql: str
    sqlite: Path

    def as_before(self, contestant: Contestant) -> None:
        """The outcomes that W3 has recorded in the contestant's database are forgotten, and what it left is swept."""
        if contestant.database == "sqlite":
            connection = sqlite3.connect(self.sqlite)
            with connection:
                for statement in _AS_BEFORE:
                    connection.execute(statement)
            connection.close()
        else:
            run_sql(self.postgresql, *_AS_BEFORE, "VACUUM meeting", "VACUUM account", "VACUUM change")


class Race:
    """Runs the rounds and keeps what they find."""

    def __init__(
        self, plan: Plan, databases: Databases, senders: Senders, cores: Cores, folder: Path, results: Results
    ) -> None:
        self._plan, self._databases, self._senders, self._cores = plan, databases, senders, cores
        self._folder, self._results = folder, results
        postmaster = asyncio.run(postmaster_of(databases.postgresql))
        self._database_cpu = lambda: cpu_of(postmaster)
        self._press = Press(self._database_cpu)
        self._decks = self._written_decks()
        self._expected: list[bytes] = []
        self._sizes: dict[str, float] = {}

    def run(self) -> None:
        """Every contestant has had all its rounds, or is named in the results with the reason why not."""
        entered = self._entered()
        for number in range(self._plan.rounds):
            for contestant in list(entered):
                print(f"round {number + 1}: {contestant.name}", flush=True)
                if not self._is_done(contestant):
                    entered.remove(contestant)
                if not self._expected:
                    return

    def _is_done(self, contestant: Contestant) -> bool:
        try:
            self._turn(contestant)
        except (RuntimeError, OSError, TimeoutError) as error:
            self._results.missing[contestant.name] = str(error).strip()[-400:]
            print(f"  left out: {error}", flush=True)
            return False
        return True

    def _entered(self) -> list[Contestant]:
        # Ours answers first, because the others are compared with it.
        entered = [contestants.parley(OURS, self._databases.postgresql)]
        if shutil.which("node") and shutil.which("npm"):
            contestants.install_peers()
            entered.append(contestants.peer("mercurius", self._databases.postgresql, bookings_a_second=20))
        else:
            self._results.missing["mercurius"] = "node and npm are not installed"
        entered.append(contestants.naive(self._databases.postgresql))
        entered.append(contestants.raw(self._folder / "answer.json"))
        entered.append(contestants.parley(OURS_ON_SQLITE, f"sqlite:///{self._databases.sqlite}"))
        if "mercurius" not in self._results.missing and not self._plan.is_quick:
            entered += [contestants.peer(name, self._databases.postgresql) for name in ("yoga", "apollo")]
        return entered

    def _written_decks(self) -> dict[str, Deck]:
        size, many = self._plan.size, self._plan.requests
        decks = {
            "W1": workloads.today_tab(size, many),
            "W1 warm": workloads.today_tab(size, many // 4, run=5),
            "W1C": workloads.today_tab_again(size),
            "W2": workloads.links_menu(size, 2 * many),
            "W2 warm": workloads.links_menu(size, many // 4, run=9),
            "W3": workloads.record_outcome(size, many),
            "W3 warm": workloads.record_outcome(size, many // 2, skip=many),
            "G13": workloads.today_tab_unseen(size, many // 4),
            "check": [
                *workloads.today_tab(size, CHECKED["W1"], run=9),
                *workloads.links_menu(size, CHECKED["W2"], run=9),
                *workloads.record_outcome(size, CHECKED["W3"]),
            ],
        }
        decks["W1C warm"] = decks["W1C"]
        return {name: deck(self._folder / f"{name}.requests", asks, self._senders) for name, asks in decks.items()}

    def _turn(self, contestant: Contestant) -> None:
        log = self._folder / f"{contestant.name}.log"
        log.unlink(missing_ok=True)
        with running(contestant.command, contestant.environment, core=self._cores.server, log=log) as server:
            self._check(contestant, server)
            for workload in self._workloads_of(contestant):
                self._measure(contestant, server, workload)
        if contestant.bookings_a_second:
            with running(contestant.command, contestant.environment, core=self._cores.server, log=log) as server:
                self._spread(contestant, server)

    def _workloads_of(self, contestant: Contestant) -> Sequence[str]:
        asked = [name for name in ("W1", "W1C", "W2", "W3", "G13") if name in contestant.asks]
        if not self._plan.is_quick or contestant.name in (OURS, "mercurius"):
            return asked
        return [name for name in asked if name in ("W1", "W1C")]

    def _check(self, contestant: Contestant, server: Process) -> None:
        """What it answers is what the first contestant answered: the same bytes, or at least the same JSON."""
        if contestant.database == "none":
            return
        self._databases.as_before(contestant)
        given = asyncio.run(bodies(server.port, self._decks["check"]))
        self._databases.as_before(contestant)
        if not self._expected:
            self._accept(given, server)
        unlike = [one for one, wanted in zip(given, self._expected, strict=True) if one != wanted]
        for one, wanted in zip(given, self._expected, strict=True):
            if one != wanted and json.loads(one) != json.loads(wanted):
                raise RuntimeError(f"answers differ:\n{one[:600]!r}\n{wanted[:600]!r}")
        if unlike:
            note = f"{contestant.name}: bodies equal ours as JSON, not byte for byte"
            self._results.notes += [note] if note not in self._results.notes else []

    def _accept(self, given: list[bytes], server: Process) -> None:
        if any(b'"errors"' in body for body in given):
            raise RuntimeError(f"our own answers have errors: {given[0][:600]!r}")
        self._expected = given
        first, second = CHECKED["W1"], CHECKED["W1"] + CHECKED["W2"]
        for name, part in (("W1", given[:first]), ("W2", given[first:second]), ("W3", given[second:])):
            self._sizes[name] = sum(len(body) for body in part) / len(part)
        (self._folder / "answer.json").write_bytes(asyncio.run(bodies(server.port, self._decks["W1C"]))[0])
        self._sizes["W1C"] = self._sizes["G13"] = self._sizes["W1"]

    def _measure(self, contestant: Contestant, server: Process, workload: str) -> None:
        decks, plan = self._decks, self._plan
        if workload in _WARMING:
            self._press.warm(server, decks[f"{workload} warm"], _WARMING[workload] * plan.warm)
        seconds = 1 if workload == "G13" else plan.seconds
        found = self._press.press(server, decks[workload], seconds, expected_size=self._sizes[workload])
        if workload == "W3":
            self._databases.as_before(contestant)
        self._results.keep(contestant.name, workload, found)
        print(f"  {workload}: {found.server_us:.0f} us, database {found.database_us:.0f} us", flush=True)

    def _spread(self, contestant: Contestant, server: Process) -> None:
        """W4; ours also has W1 beside it, at 30 % of what the server could answer if it did nothing else."""
        company = None
        if contestant.name == OURS and (cost := self._results.middle(OURS, "W1", lambda one: one.server_us)):
            company = Company(self._decks["W1"], 0.3 * 1e6 / cost)
        found = asyncio.run(
            fan_out.measure(
                server,
                self._databases.postgresql,
                self._database_cpu,
                size=self._plan.size,
                senders=self._senders,
                bookings_a_second=contestant.bookings_a_second,
                seconds=self._plan.seconds,
                company=company,
            )
        )
        self._results.keep_spread(contestant.name, found)
        print(f"  W4: {found.delivery_us:.1f} us a delivery, p99 {found.p99:.1f} ms", flush=True)
