"""Servers as processes of their own on a core of their own, and what the machine's books say of them."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncpg

_TICKS = os.sysconf("SC_CLK_TCK")
_STARTING_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Cores:
    """Where things run. On a machine with one core both share it, and the figures say less."""

    server: int
    rest: int

    @property
    def are_apart(self) -> bool:
        return self.server != self.rest


def cores() -> Cores:
    """The first core for the server that is measured, the last for everything else."""
    usable = sorted(os.sched_getaffinity(0))
    return Cores(usable[0], usable[-1])


@dataclass(frozen=True, slots=True)
class Process:
    """A process that answers at `url`, with all it has started."""

    pid: int
    port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def cpu(self) -> float:
        """Seconds of processor time so far."""
        return cpu_of(self.pid)

    def memory(self) -> int:
        """Kilobytes that are resident."""
        return sum(_resident(pid) for pid in tree_of(self.pid))


@contextmanager
def running(
    command: Sequence[str], environment: Mapping[str, str], *, core: int, log: Path, port: int | None = None
) -> Iterator[Process]:
    """The process, once it answers HTTP, for as long as the block runs. `{port}` in the command is where it listens."""
    port = port or free_port()
    words = ["taskset", "-c", str(core), *(word.replace("{port}", str(port)) for word in command)]
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("PARLEY_")}
    with log.open("ab") as out:
        process = subprocess.Popen(words, env={**inherited, **environment, "PORT": str(port)}, stdout=out, stderr=out)
    try:
        _wait_for_answer(process, port, log)
        yield Process(process.pid, port)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(timeout=8)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def free_port() -> int:
    """A port of the loopback address that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def cpu_of(root: int) -> float:
    """Seconds of processor time of a process, of those it has started, and of those of them that have ended."""
    total = sum(int(ticks) for ticks in _stat(root)[13:15])
    for pid in tree_of(root):
        fields = _stat(pid)
        # utime and stime of the living are asked one by one; cutime and cstime hold what the ended have used.
        total += sum(int(ticks) for ticks in fields[15:17]) + (
            sum(int(ticks) for ticks in fields[13:15]) if pid != root else 0
        )
    return total / _TICKS


def tree_of(root: int) -> list[int]:
    """A process and all below it."""
    parents = {pid: int(fields[3]) for pid in _pids() if (fields := _stat(pid))}
    found = [root]
    for pid in found:
        found += [child for child, parent in parents.items() if parent == pid]
    return found


async def postmaster_of(url: str) -> int:
    """The process of the PostgreSQL server under which all of its others run."""
    connection = await asyncpg.connect(url)
    try:
        # Asked while connected: a backend that has ended has no parent.
        return int(_stat(await connection.fetchval("SELECT pg_backend_pid()"))[3])
    finally:
        await connection.close()


def _pids() -> list[int]:
    return [int(name) for name in os.listdir("/proc") if name.isdigit()]


def _stat(pid: int) -> list[str]:
    """The fields of /proc/<pid>/stat, the state at index 2; zeros for a process that has just ended."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return ["0"] * 52
    head, _, tail = text.rpartition(") ")
    return [str(pid), head, *tail.split()]


def _resident(pid: int) -> int:
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE") // 1024


def _wait_for_answer(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    until = time.monotonic() + _STARTING_SECONDS
    while True:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
        try:
            connection.request("GET", "/health/ready")
            connection.getresponse().read()
        except (OSError, http.client.HTTPException):
            if process.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"no answer from {process.args!r}:\n{log.read_text()[-3000:]}") from None
            time.sleep(0.05)
        else:
            return
        finally:
            connection.close()
