"""Everything that is wrong with an input, gathered before anything is refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from server.errors import Complaint, ErrorCode, Refused

P = ParamSpec("P")
T = TypeVar("T")


class Complaints:
    """What was found wrong so far. A verb asks all its questions, then calls `refuse_if_any`."""

    def __init__(self) -> None:
        self._found: list[Complaint] = []

    def add(self, code: ErrorCode, message: str, *path: str) -> None:
        """One more thing is wrong."""
        self._found.append(Complaint(code, message, path))

    def ask(self, check: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T | None:
        """What `check` makes of its arguments; None if it refuses, and then its complaints are kept."""
        try:
            return check(*args, **kwargs)
        except Refused as refused:
            self._found.extend(refused.complaints)
            return None

    @property
    def all(self) -> tuple[Complaint, ...]:
        """Every complaint so far."""
        return tuple(self._found)

    def refuse_if_any(self) -> None:
        """Raises `Refused` with every complaint, if there was one."""
        if self._found:
            raise Refused(self._found)
