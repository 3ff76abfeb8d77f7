"""`parley ...` that writes a profile of itself when it is told to.

`python -m benchmarks.servers.profiled FILE serve ...`: the first SIGUSR1 begins the profile, the next ends and writes
it."""

from __future__ import annotations

import cProfile
import signal
import sys
import time
from pathlib import Path
from types import FrameType

from server.cli import app


class Observer:
    """Begins on one signal, ends on the next, as often as wished. A finished profile stands in the file at once."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._profile: cProfile.Profile | None = None

    def turn(self, number: int, frame: FrameType | None) -> None:
        if self._profile is None:
            # Processor time: what the machine does for others in between must not count.
            self._profile = cProfile.Profile(time.process_time)
            self._profile.enable()
            return
        self._profile.disable()
        part = self._file.with_suffix(".part")
        self._profile.dump_stats(part)
        part.rename(self._file)
        self._profile = None


if __name__ == "__main__":
    observer = Observer(Path(sys.argv.pop(1)))
    signal.signal(signal.SIGUSR1, observer.turn)
    app()
