"""A certificate that this process trusts while a test runs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.server.gateways.push.notices import NOW
from tests.server.gateways.push.trust import trusted
from tests.server.gateways.push.watch import Watch


@pytest.fixture
def watch() -> Iterator[Watch]:
    """It is the time of the notices."""
    found = Watch(NOW)
    with found.travel(NOW):
        yield found


@pytest.fixture
def certificate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return trusted(tmp_path, monkeypatch)
