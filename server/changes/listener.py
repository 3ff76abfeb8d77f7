"""PostgreSQL's LISTEN, on a connection of its own beside the pool."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import asyncpg
import structlog

from server import settings

CHANNEL = "parley_changes"
FIRST_PAUSE_SECONDS = 0.1
LONGEST_PAUSE_SECONDS = 5.0

_log = structlog.get_logger(__name__)


async def listen(on_word: Callable[[int], None], *, on_return: Callable[[], None]) -> None:
    """Calls `on_word(account id)` at each NOTIFY, for ever. A lost connection is made again, and because what was said
    meanwhile is lost, `on_return` is called each time it stands."""
    pause = FIRST_PAUSE_SECONDS
    while True:
        try:
            await _listen_until_lost(on_word, on_return)
            pause = FIRST_PAUSE_SECONDS
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            _log.warning("changes.listen_failed", error=repr(error), again_in_seconds=pause)
            pause = min(2 * pause, LONGEST_PAUSE_SECONDS)
        await asyncio.sleep(pause)


async def _listen_until_lost(on_word: Callable[[int], None], on_return: Callable[[], None]) -> None:
    connection = await asyncpg.connect(settings.current().database_url, timeout=10)
    lost = asyncio.Event()
    try:
        connection.add_termination_listener(lambda _connection: lost.set())
        await connection.add_listener(CHANNEL, lambda _c, _pid, _channel, payload: on_word(int(payload)))
        on_return()
        await lost.wait()
    finally:
        connection.terminate()
