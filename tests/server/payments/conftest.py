"""Payments of these tests go through the built-in provider, as in a demo."""

from __future__ import annotations

import pytest

from server import settings


@pytest.fixture(autouse=True)
def demo(in_use: settings.Settings) -> None:
    """Nobody has a key to Stripe, and a demo takes test payments."""
    settings.use(in_use.model_copy(update={"demo": True}))
