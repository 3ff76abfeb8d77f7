from __future__ import annotations

from collections.abc import Iterator

import pytest

from server import clock
from tests.server.deliveries.conftest import receiver, story
from tests.server.replies.mails import LATER

__all__ = ["receiver", "story"]


@pytest.fixture(autouse=True)
def _then() -> Iterator[None]:
    """It is a while before the meeting, and after the first reply."""
    with clock.travel(LATER.replace(hour=12)):
        yield
