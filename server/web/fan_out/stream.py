"""A subscription whose client takes one answer after the other, over an HTTP response."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator
from contextlib import aclosing

from schema.errors import ProblemCode, problem
from server.accounts.viewer import Viewer
from server.web.fan_out.groups import Groups
from server.web.fan_out.member import Member
from server.web.fan_out.told import Told
from server.web.graphql.executor import Answer, Followed

MOST_WAITING = 100


class Stream(Member):
    """Holds what the client has not taken yet, up to a bound. A client that is slower than that loses nothing: what
    waits beyond it is read from the log once there is room again."""

    __slots__ = ("_end", "_is_behind", "_stirred", "_waiting")

    def __init__(self, viewer: Viewer | None, after: int | None) -> None:
        super().__init__(viewer, after)
        self._waiting: deque[Told] = deque()
        self._stirred = asyncio.Event()
        self._is_behind = False
        self._end: Exception | None = None

    def hear(self, told: Told) -> bool:
        self._stirred.set()
        if len(self._waiting) >= MOST_WAITING:
            self._is_behind = True
            return False
        self._waiting.append(told)
        return True

    def lose_standing(self) -> None:
        self.fail(problem(ProblemCode.UNAUTHENTICATED, "Your rights have changed or ended; connect again."))

    def fail(self, error: Exception) -> None:
        self._end = error
        self._stirred.set()

    async def answers(self, groups: Groups, followed: Followed) -> AsyncGenerator[Answer, None]:
        """Each change that is followed, in order, none missed and none twice. What ends it is raised."""
        group = groups.enter(followed, self)
        try:
            while True:
                async with aclosing(group.missed(self)) as missed:
                    async for told in missed:
                        self._require_standing()
                        yield told.answer
                self._is_behind = False
                async with aclosing(self._live()) as live:
                    async for told in live:
                        yield told.answer
        finally:
            groups.leave(group, self)

    def _require_standing(self) -> None:
        if self._end is not None:
            raise self._end

    async def _live(self) -> AsyncGenerator[Told, None]:
        """What is told as it happens, until it becomes too much."""
        while True:
            self._require_standing()
            if self._waiting:
                yield self._waiting.popleft()
            elif self._is_behind:
                return
            else:
                self._stirred.clear()
                await self._stirred.wait()
