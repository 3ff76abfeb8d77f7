"""Trusting a server of this machine, as an operator does: through SSL_CERT_FILE."""

from __future__ import annotations

from pathlib import Path

import pytest

from server.gateways.certificates import usual_tls
from tests.server.gateways.push.serving import new_certificate


def trusted(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A new certificate in `folder`, trusted until the test ends."""
    path = new_certificate(folder)
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    usual_tls.cache_clear()
    return path
