"""Mails of one worker leave one after another, unless one takes long.

A worker that is killed sends again what was accepted and not yet noted. This way that is one mail at most (R3), and a
mail server that is slow to answer still holds up nobody else."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from weakref import WeakKeyDictionary

PATIENCE_SECONDS = 1.0

_turns: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Lock] = WeakKeyDictionary()


@asynccontextmanager
async def mail_turn() -> AsyncIterator[None]:
    """The mail before has been sent and noted, or has had its time."""
    turn = _turns.setdefault(asyncio.get_running_loop(), asyncio.Lock())
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            await turn.acquire()
    except TimeoutError:
        yield
        return
    try:
        yield
    finally:
        turn.release()
