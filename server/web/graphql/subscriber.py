"""A subscription over a websocket, as its group knows it."""

from __future__ import annotations

from collections.abc import Callable

from server.accounts.viewer import Viewer
from server.web.fan_out.member import Member
from server.web.fan_out.told import Told
from server.web.graphql.line import Line


class Subscriber(Member):
    """While nothing happens it is this object and nothing else. `head` is how each of its messages begins."""

    __slots__ = ("_fail", "_head", "_line", "_lose_standing")

    def __init__(
        self,
        viewer: Viewer | None,
        after: int | None,
        head: bytes,
        line: Line,
        *,
        lose_standing: Callable[[], None],
        fail: Callable[[Exception], None],
    ) -> None:
        super().__init__(viewer, after)
        self._head = head
        self._line = line
        self._lose_standing = lose_standing
        self._fail = fail

    def hear(self, told: Told) -> bool:
        return self._line.put(told.frame(self._head))

    def lose_standing(self) -> None:
        self._lose_standing()

    def fail(self, error: Exception) -> None:
        self._fail(error)
