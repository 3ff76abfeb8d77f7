"""How far a long run has come: a bar on a terminal, plain lines in a log."""

from __future__ import annotations

import time
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn


class Course:
    """The steps of a run. `begin` names the one under way; what is said stands above the bar."""

    def __init__(self, console: Console | None = None) -> None:
        self._console = console or Console()
        columns = (TextColumn("{task.description:<32}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        # Without a terminal rich draws nothing but a last line; that line would be noise in a log.
        self._bar = Progress(*columns, console=self._console, disable=not self._console.is_terminal, transient=True)
        self._task = self._bar.add_task("", total=0)
        self._begun = self._planned = 0
        self._started = time.monotonic()

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.stop()

    def expect(self, steps: int) -> None:
        """So many more steps are to come."""
        self._planned += steps
        self._bar.update(self._task, total=self._planned)

    def begin(self, what: str) -> None:
        """The step before is done, and this one under way."""
        self._bar.update(self._task, description=what, completed=self._begun)
        self._begun += 1
        self.say(f"{time.monotonic() - self._started:5.0f} s  {what}")

    def say(self, line: str) -> None:
        """A line for whoever watches."""
        self._console.print(line, markup=False, highlight=False, soft_wrap=True)
