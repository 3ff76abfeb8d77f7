"""The race: one server at a time, each with every workload, as many rounds as wished."""

from __future__ import annotations

import asyncio
import json
import shutil
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks import contestants, fan_out, workloads
from benchmarks.contestants import Contestant
from benchmarks.data import Size
from benchmarks.databases import Databases, Written
from benchmarks.fan_out import Company, Spread
from benchmarks.gates import OURS, OURS_ON_SQLITE, PEER
from benchmarks.load.deck import Deck, deck
from benchmarks.load.http_client import bodies
from benchmarks.load.pressure import Press, has_wrk
from benchmarks.processes import Cores, Process, cpu_of, postmaster_of, running
from benchmarks.profiling import Observed, Profile, observed
from benchmarks.progress import Course
from benchmarks.results import Results
from benchmarks.tokens import Senders

CHECKED = {"W1": 8, "W2": 4, "W3": 2}
# V8 compiles what it has seen a few thousand times; before that a peer would be judged by its interpreter.
_WARMING = {"W1": 1.0, "W1C": 0.25, "W2": 0.5, "W3": 0.5}


@dataclass(frozen=True)
class Plan:
    """How long and how often. `seconds` of W1 come after `warm` ones that do not count."""

    size: Size
    rounds: int
    seconds: int
    warm: int
    requests: int
    is_quick: bool


class Race:
    """Runs the rounds and keeps what they find."""

    def __init__(
        self,
        plan: Plan,
        databases: Databases,
        senders: Senders,
        cores: Cores,
        folder: Path,
        results: Results,
        course: Course,
    ) -> None:
        self._plan, self._databases, self._senders, self._cores = plan, databases, senders, cores
        self._folder, self._results, self._course = folder, results, course
        postmaster = asyncio.run(postmaster_of(databases.postgresql))
        self._database_cpu = lambda: cpu_of(postmaster)
        self._press = Press(self._database_cpu)
        self._decks = self._written_decks()
        self._expected: list[bytes] = []
        self._expected_writes: Written | None = None
        self._sizes: dict[str, float] = {}
        if not has_wrk():
            self._results.missing["wrk"] = "not installed; a loop in Python asked instead, at a lower rate"

    def run(self) -> None:
        """Every contestant has had all its rounds, or is named in the results with the reason why not."""
        entered = self._entered()
        self._course.expect(self._plan.rounds * len(entered))
        for number in range(self._plan.rounds):
            for contestant in list(entered):
                self._course.begin(f"round {number + 1}: {contestant.name}")
                if not self._is_done(contestant):
                    entered.remove(contestant)
                if not self._expected:
                    return

    def profiles(self, workloads: Sequence[str]) -> dict[str, Profile]:
        """Our server once more, under a profiler, with each of these workloads."""
        self._course.expect(1)
        self._course.begin(f"profiles: {', '.join(workloads)}")
        contestant, file = contestants.parley(OURS, self._databases.postgresql), self._folder / "profile"
        found = {}
        with observed(contestant, file, core=self._cores.server) as seen:
            for workload in workloads:
                try:
                    answers = self._answers_under_profile(seen, workload)
                except (RuntimeError, OSError, TimeoutError) as error:
                    self._results.missing[f"profile of {workload}"] = str(error)[-300:]
                    break
                found[workload] = seen.profile(answers, self._cost_of(workload))
        return found

    def _answers_under_profile(self, seen: Observed, workload: str) -> int:
        if workload == "W4":
            return self._spread(seen.server, 20, on_begin=seen.begin, on_end=seen.end).deliveries
        seconds = max(1, self._plan.seconds // 2)
        if workload == "G13":
            # Under a profile the first answers to all 32 connections come together, seconds later.
            seconds = 4
        if workload in _WARMING:
            self._press.warm(seen.server, self._decks[f"{workload} warm"], seconds)
        seen.begin()
        answers = self._press.press(seen.server, self._decks[workload], seconds).requests
        seen.end()
        return answers

    def _cost_of(self, workload: str) -> float | None:
        if workload == "W4":
            return self._results.middle_spread(OURS, lambda spread: spread.delivery_us)
        return self._results.middle(OURS, workload, lambda one: one.server_us)

    def _is_done(self, contestant: Contestant) -> bool:
        try:
            self._turn(contestant)
        except (RuntimeError, OSError, TimeoutError) as error:
            self._results.missing[contestant.name] = str(error).strip()[-400:]
            self._course.say(f"         left out: {error}")
            return False
        return True

    def _entered(self) -> list[Contestant]:
        # Ours answers first, because the others are compared with it.
        url = self._databases.postgresql
        entered = [contestants.parley(OURS, url)]
        has_peers = self._has_peers()
        if has_peers:
            entered.append(contestants.peer(PEER, url, bookings_a_second=20))
        entered += [contestants.naive(url), contestants.raw(self._folder / "answer.json")]
        entered.append(contestants.parley(OURS_ON_SQLITE, f"sqlite:///{self._databases.sqlite}"))
        if has_peers and not self._plan.is_quick:
            entered += [contestants.peer(name, url) for name in ("yoga", "apollo")]
        return entered

    def _has_peers(self) -> bool:
        if not (shutil.which("node") and shutil.which("npm")):
            self._results.missing[PEER] = "node and npm are not installed"
            return False
        try:
            contestants.install_peers()
        except subprocess.SubprocessError as error:
            said = getattr(error, "stderr", None) or b""
            self._results.missing[PEER] = f"npm ci failed: {error} {said.decode(errors='replace')[-300:]}"
            return False
        return True

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
                self._keep_spread(contestant, server)

    def _workloads_of(self, contestant: Contestant) -> Sequence[str]:
        asked = [name for name in ("W1", "W1C", "W2", "W3", "G13") if name in contestant.asks]
        if not self._plan.is_quick or contestant.name in (OURS, PEER):
            return asked
        return [name for name in asked if name in ("W1", "W1C")]

    def _check(self, contestant: Contestant, server: Process) -> None:
        """It answers what the first contestant answered, in the same bytes or at least the same JSON, and writes what
        that one wrote."""
        if contestant.database == "none":
            return
        self._databases.as_before(contestant)
        before = asyncio.run(self._databases.written(contestant))
        given = asyncio.run(bodies(server.port, self._decks["check"]))
        written = asyncio.run(self._databases.written(contestant)).since(before)
        self._databases.as_before(contestant)
        if not self._expected:
            self._accept(given, written, server)
        for one, wanted in zip(given, self._expected, strict=True):
            if one != wanted and json.loads(one) != json.loads(wanted):
                raise RuntimeError(f"answers differ:\n{one[:600]!r}\n{wanted[:600]!r}")
        if written != self._expected_writes:
            raise RuntimeError(f"writes differ:\n{written}\n{self._expected_writes}")
        if given != self._expected:
            self._note(f"{contestant.name}: bodies equal ours as JSON, not byte for byte")

    def _accept(self, given: list[bytes], written: Written, server: Process) -> None:
        if any(b'"errors"' in body for body in given):
            raise RuntimeError(f"our own answers have errors: {given[0][:600]!r}")
        if len(written.changes) != CHECKED["W3"]:
            raise RuntimeError(f"our own server wrote {len(written.changes)} changes for {CHECKED['W3']} outcomes")
        self._expected, self._expected_writes = given, written
        first, second = CHECKED["W1"], CHECKED["W1"] + CHECKED["W2"]
        for name, part in (("W1", given[:first]), ("W2", given[first:second]), ("W3", given[second:])):
            self._sizes[name] = sum(len(body) for body in part) / len(part)
        (self._folder / "answer.json").write_bytes(asyncio.run(bodies(server.port, self._decks["W1C"]))[0])
        self._sizes["W1C"] = self._sizes["G13"] = self._sizes["W1"]

    def _measure(self, contestant: Contestant, server: Process, workload: str) -> None:
        decks, plan = self._decks, self._plan
        if workload in _WARMING:
            self._press.warm(server, decks[f"{workload} warm"], _WARMING[workload] * plan.warm)
        seconds = 2 if workload == "G13" else plan.seconds
        found = self._press.press(server, decks[workload], seconds, expected_size=self._sizes[workload])
        if workload == "W3":
            self._databases.as_before(contestant)
        if workload != "W1C" and found.requests > decks[workload].count:
            self._note(f"{contestant.name} {workload}: {found.requests} answers to {decks[workload].count} requests")
        self._results.keep(contestant.name, workload, found)
        self._course.say(f"         {workload}: {found.server_us:.0f} us, database {found.database_us:.0f} us")

    def _keep_spread(self, contestant: Contestant, server: Process) -> None:
        """W4; ours also has W1 beside it, at 30 % of what the server could answer if it did nothing else."""
        company = None
        if contestant.name == OURS and (cost := self._results.middle(OURS, "W1", lambda one: one.server_us)):
            company = Company(self._decks["W1"], self._decks["W1 warm"], 0.3 * 1e6 / cost)
        found = self._spread(server, contestant.bookings_a_second, company=company)
        self._results.keep_spread(contestant.name, found)
        self._course.say(f"         W4: {found.delivery_us:.1f} us a delivery, p99 {found.p99:.1f} ms")

    def _spread(
        self,
        server: Process,
        bookings_a_second: int,
        *,
        company: Company | None = None,
        on_begin: Callable[[], None] = lambda: None,
        on_end: Callable[[], None] = lambda: None,
    ) -> Spread:
        return asyncio.run(
            fan_out.measure(
                server,
                self._databases.postgresql,
                self._database_cpu,
                size=self._plan.size,
                senders=self._senders,
                bookings_a_second=bookings_a_second,
                seconds=self._plan.seconds,
                company=company,
                on_begin=on_begin,
                on_end=on_end,
            )
        )

    def _note(self, words: str) -> None:
        if words not in self._results.notes:
            self._results.notes.append(words)
