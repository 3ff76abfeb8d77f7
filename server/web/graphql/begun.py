"""What graphql-core began and, after a failure, never asks for again."""

from __future__ import annotations

import warnings
from collections.abc import Coroutine
from inspect import CORO_CREATED, getcoroutinestate, iscoroutine
from typing import Any

from strawberry.execution import optimized_is_awaitable


class Begun:
    """Asked whether a value can be awaited, it remembers the coroutines.

    One field that fails takes the fields around it along, and those below them are then never awaited. Python says so
    on standard error when it clears them away, which anybody could bring about with a wrong question."""

    __slots__ = ("_coroutines",)

    def __init__(self) -> None:
        self._coroutines: list[Coroutine[Any, Any, Any]] = []

    def __call__(self, value: object) -> bool:
        """Whether the value can be awaited."""
        if not optimized_is_awaitable(value):
            return False
        if iscoroutine(value):
            self._coroutines.append(value)
        return True

    def close(self) -> None:
        """Whatever was not even started never will be."""
        if left := [one for one in self._coroutines if getcoroutinestate(one) == CORO_CREATED]:
            with warnings.catch_warnings():
                # What they would have awaited goes with them, and graphql-core never asks about the items of a list.
                warnings.simplefilter("ignore", RuntimeWarning)
                for one in left:
                    one.close()
