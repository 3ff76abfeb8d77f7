"""Processes that begin where every module is loaded already: in a quick run, loading them eighty times would take
longer than the faults."""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from benchmarks.faults.patience import until
from server.cli import app
from tests.journeys.processes import Parley

_forks = multiprocessing.get_context("forkserver")
_forks.set_forkserver_preload(["benchmarks.faults.forked", "benchmarks.faults.post"])


class Forked:
    """A running process, with what an `asyncio.subprocess.Process` has of these names."""

    def __init__(self, process: BaseProcess) -> None:
        self._process = process
        process.start()
        self.pid = process.pid or 0

    @property
    def returncode(self) -> int | None:
        """None while it runs; below zero the signal that ended it."""
        return self._process.exitcode

    def send_signal(self, number: int) -> None:
        """The process has the signal."""
        os.kill(self.pid, number)

    def terminate(self) -> None:
        """The process has been asked to end."""
        self.send_signal(signal.SIGTERM)

    async def wait(self) -> int:
        """The process has ended with this status."""
        await until(lambda: self.returncode is not None)
        return self.returncode or 0


class ForkedParley(Parley):
    """`parley <words>` in a forked process, which is killed, stopped and frozen like any other."""

    async def begin(self, words: Sequence[str]) -> Forked:
        """The program has been started with these words."""
        return Forked(_forks.Process(target=_speak, args=(words, self.environment, os.devnull), daemon=True))


async def parley_forked(*words: str, database_url: str) -> dict[str, Any]:
    """What a command of the program printed as JSON."""
    environment = Parley("doctor", database_url=database_url).environment
    with tempfile.NamedTemporaryFile("w+") as said:
        command = (*words, "--json")
        status = await Forked(_forks.Process(target=_speak, args=(command, environment, said.name), daemon=True)).wait()
        out = said.read()
    if status != 0:
        raise RuntimeError(f"parley {' '.join(words)} ended with {status}: {out}")
    return dict(json.loads(out))


async def aside(work: Callable[..., str], *given: object) -> str:
    """What the work returned, done in a process of its own; `RuntimeError` with what it raised."""
    with tempfile.NamedTemporaryFile("w+") as said:
        await Forked(_forks.Process(target=_work, args=(work, given, said.name), daemon=True)).wait()
        answer = json.loads(said.read() or '{"raised": "nothing was said"}')
    if "raised" in answer:
        raise RuntimeError(answer["raised"])
    return str(answer["returned"])


def _speak(words: Sequence[str], environment: Mapping[str, str], out: str) -> None:
    os.environ.clear()
    os.environ.update(environment)
    _say_into(out)
    sys.argv = ["parley", *words]
    app()


def _work(work: Callable[..., str], given: Sequence[object], out: str) -> None:
    _say_into(os.devnull)
    try:
        answer = {"returned": work(*given)}
    except Exception as error:  # noqa: BLE001  whoever waits is told in place of the traceback
        answer = {"raised": f"{type(error).__name__}: {error}"}
    Path(out).write_text(json.dumps(answer))


def _say_into(path: str) -> None:
    to = os.open(path, os.O_WRONLY | os.O_APPEND)
    for stream in (1, 2):
        os.dup2(to, stream)
