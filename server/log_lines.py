"""Lines that come with every request: written together a moment later, because a write for each is half of its cost."""

from __future__ import annotations

import asyncio
import atexit
import logging
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import orjson

WAITS_SECONDS = 0.1
MOST_WAITING = 500


class Lines:
    """JSON lines in the form of `server.logs`, for one logger, into the stream of a handler.

    A line waits for at most a tenth of a second, and no longer than the process lives; a process that is killed takes
    with it what still waits."""

    def __init__(self, name: str, handler: logging.StreamHandler[Any]) -> None:
        self._name, self._handler = name, handler
        self._waiting: list[tuple[Mapping[str, Any], float]] = []
        atexit.register(self.write)

    def add(self, facts: Mapping[str, Any], at: float) -> None:
        """A line with these facts will be written; `at` is the time of the fact, in seconds since 1970."""
        self._waiting.append((facts, at))
        if len(self._waiting) == 1:
            asyncio.get_running_loop().call_later(WAITS_SECONDS, self.write)
        elif len(self._waiting) >= MOST_WAITING:
            self.write()

    def write(self) -> None:
        """Every line that waited is written."""
        if not self._waiting:
            return
        waiting, self._waiting = self._waiting, []
        text = "".join(self._line(facts, at) for facts, at in waiting)
        self._handler.acquire()
        try:
            self._handler.stream.write(text)
            self._handler.flush()
        except (OSError, ValueError):
            # As logging itself has it: whoever closed the stream wants no more of it.
            return
        finally:
            self._handler.release()

    def _line(self, facts: Mapping[str, Any], at: float) -> str:
        when = datetime.fromtimestamp(at, UTC)
        line = {**facts, "logger": self._name, "level": "info", "timestamp": when}
        return orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE | orjson.OPT_UTC_Z).decode()
