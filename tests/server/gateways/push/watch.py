"""One time for the gateway and for the service it talks to, which runs in tasks of its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from server import clock


class Watch:
    """Called, it says the seconds since 1970 that both sides live at."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> float:
        return self.at.timestamp()

    @contextmanager
    def travel(self, to: datetime) -> Iterator[None]:
        """Inside the block it is `to` on both sides."""
        before, self.at = self.at, to
        with clock.travel(to):
            yield
        self.at = before
