"""The real server as a process, and node with the clients from npm beside it."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.clients.installing import installed_packages

HERE = Path(__file__).parent
NODE = shutil.which("node")
IS_CI = os.environ.get("CI") == "true"
STARTING_SECONDS = 60
MISSING = "NOT RUN: tests/clients and /dev/graphiql (both come from npm): node 20 was not found"

collect_ignore_glob = [] if NODE or IS_CI else ["test_*.py"]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say it in the last lines when the clients could not be tried."""
    if NODE is None:
        terminalreporter.write_line(MISSING)


@pytest.fixture(scope="session")
def packages() -> Path:
    """The clients, installed from the lock file."""
    assert NODE, MISSING
    return installed_packages()


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """What `parley demo --json` prints, while it runs."""
    folder = tmp_path_factory.mktemp("demo")
    words = [str(Path(sys.executable).with_name("parley")), "demo", "--port", "0", "--data", str(folder), "--json"]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PARLEY_")}
    with (folder / "log.txt").open("wb") as log:
        process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=log, env=environment)
    try:
        yield json.loads(asyncio.run(_first_line(process)))
    finally:
        process.terminate()
        process.wait(20)
        if process.stdout is not None:
            process.stdout.close()
    told = (folder / "log.txt").read_text()
    assert "Traceback" not in told
    assert process.returncode == 0, told[-2000:]


async def _first_line(process: subprocess.Popen[bytes]) -> bytes:
    assert process.stdout is not None
    return await asyncio.wait_for(asyncio.to_thread(process.stdout.readline), STARTING_SECONDS)


@pytest.fixture
def run(packages: Path, demo: dict[str, Any]) -> Callable[[str], Any]:
    """Runs one of the scripts against the demo and returns what it reports."""

    def run_script(name: str) -> Any:
        environment = {**os.environ, "PARLEY_DEMO": json.dumps(demo)}
        done = subprocess.run(
            [str(NODE), name], cwd=packages, env=environment, capture_output=True, timeout=120, check=False
        )
        assert done.returncode == 0, done.stderr.decode()
        return json.loads(done.stdout)

    return run_script
