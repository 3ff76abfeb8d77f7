"""Waiting for something outside of this process, which has no event to wait for."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from time import monotonic


async def until(is_so: Callable[[], bool], *, within: float = 300.0, every: float = 0.01) -> float:
    """Returns once it is so, and how many seconds that took; `TimeoutError` if it is not within `within` seconds."""
    began = monotonic()
    while not is_so():
        if monotonic() - began > within:
            raise TimeoutError(f"not within {within:.0f} s")
        await asyncio.sleep(every)
    return monotonic() - began
