"""What the journeys offer, on one database: a proxy does not mind which."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest

from tests.journeys.conftest import company, mail
from tests.proxies.standing import KINDS

__all__ = ["company", "mail"]

# Debian keeps servers where not everybody's path leads.
os.environ["PATH"] += os.pathsep + "/usr/sbin"
MISSING = [name for name in (*KINDS, "openssl") if shutil.which(name) is None]
collect_ignore_glob = ["test_*.py"] if MISSING and os.environ.get("CI") != "true" else []


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say it in the last lines when the recipes could not be tried; in CI they fail."""
    if MISSING:
        terminalreporter.write_line(f"NOT RUN: tests/proxies (the recipes of docs/operating/proxies): no {MISSING}")


@pytest.fixture
def database_url(sqlite_database: Any) -> Iterator[str]:
    """The address of a migrated, empty file."""
    yield from sqlite_database()
