"""Files of these tests lie in a folder of their own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from server import settings


@pytest.fixture
def kept_in(in_use: settings.Settings, tmp_path: Path) -> Iterator[Path]:
    """The folder; empty."""
    folder = tmp_path / "files"
    settings.use(in_use.model_copy(update={"files_url": folder.as_uri(), "limit_file_bytes": 2048}))
    yield folder
    settings.use(in_use)
