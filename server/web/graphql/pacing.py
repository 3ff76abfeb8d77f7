"""A stream of answers with a beat in its pauses, which ends when the client is gone or the server goes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from typing import TypeVar

from starlette.types import Receive

T = TypeVar("T")


async def paced(
    answers: AsyncIterator[T], *, seconds: float, until: asyncio.Task[None]
) -> AsyncGenerator[T | None, None]:
    """The answers, and None whenever `seconds` passed without one; ends with them or with `until`."""
    step: asyncio.Task[T] = asyncio.ensure_future(anext(answers))
    try:
        while True:
            await asyncio.wait({step, until}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
            if until.done():
                return
            if not step.done():
                yield None
                continue
            try:
                answer = step.result()
            except StopAsyncIteration:
                return
            yield answer
            step = asyncio.ensure_future(anext(answers))
    finally:
        step.cancel()
        await asyncio.gather(step, return_exceptions=True)


async def departure(receive: Receive, going_away: asyncio.Event) -> None:
    """Returns when the client has closed the connection or the server is about to stop."""
    leaving = asyncio.create_task(going_away.wait())
    gone = asyncio.create_task(_disconnected(receive))
    try:
        await asyncio.wait({leaving, gone}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        leaving.cancel()
        gone.cancel()


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
