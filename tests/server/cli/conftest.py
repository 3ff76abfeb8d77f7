"""Commands run in this process, as a shell without a terminal would."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import structlog
from typer.testing import CliRunner, Result

from server import settings
from server.cli import app

Command = Callable[..., Result]


@pytest.fixture
def surroundings(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """An environment without settings; what a command does to the log is put back."""
    for name in [name for name in os.environ if name.startswith("PARLEY_")]:
        monkeypatch.delenv(name)
    before, root, kept = list(settings._in_use), logging.getLogger(), structlog.get_config()
    handlers, level = root.handlers[:], root.level
    settings._in_use.clear()
    yield monkeypatch
    settings._in_use[:] = before
    root.handlers[:], root.level = handlers, level
    structlog.configure(**kept)


@pytest.fixture
def command(surroundings: pytest.MonkeyPatch, database_url: str) -> Command:
    """Runs `parley <words>` on a migrated, empty database."""
    surroundings.setenv("PARLEY_DATABASE_URL", database_url)
    surroundings.setenv("PARLEY_SECRET_KEY", "for-tests-only-" + "k" * 32)

    def run(*words: str, given: str | bytes | None = None) -> Result:
        settings._in_use.clear()
        return CliRunner().invoke(app, [*words], input=given)

    return run


def facts(result: Result) -> Any:
    """What a command that went well said in JSON."""
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)
