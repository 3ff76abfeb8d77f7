"""Words between the processes of an installation by NATS JetStream, where one database's own NOTIFY is not wanted.

Of each subject the stream keeps the last word only, in memory: whoever comes back hears at once which logs have grown
meanwhile. It is a convenience throughout; the truth is the log in the database."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress

import nats
import structlog
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import Error
from nats.js.api import ConsumerConfig, DeliverPolicy, DiscardPolicy, StorageType, StreamConfig

STREAM = "PARLEY_CHANGES"
SUBJECT = "parley.changes"
FIRST_PAUSE_SECONDS = 0.1
LONGEST_PAUSE_SECONDS = 5.0
_CONNECTING_SECONDS = 5

_log = structlog.get_logger(__name__)


class Line:
    """One process's line to the other processes. A word that cannot be said is let go."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._client: Client | None = None

    async def say(self, account_id: int) -> None:
        """The others hear that the log of this account has grown, if there is a connection just now."""
        if self._client is None:
            return
        try:
            await self._client.publish(f"{SUBJECT}.{account_id}")
        except Error as error:
            _log.warning("jetstream.not_said", error=repr(error))

    async def listen(self, on_word: Callable[[int], None], *, on_return: Callable[[], None]) -> None:
        """Calls `on_word(account id)` for each word, for ever. A lost connection is made again, and `on_return` is
        called each time it stands."""
        pause = FIRST_PAUSE_SECONDS
        while True:
            try:
                await self._listen_until_lost(on_word, on_return)
                pause = FIRST_PAUSE_SECONDS
            except (OSError, TimeoutError, Error) as error:
                _log.warning("jetstream.listen_failed", error=repr(error), again_in_seconds=pause)
                pause = min(2 * pause, LONGEST_PAUSE_SECONDS)
            await asyncio.sleep(pause)

    async def _listen_until_lost(self, on_word: Callable[[int], None], on_return: Callable[[], None]) -> None:
        lost = asyncio.Event()

        async def note_loss() -> None:
            lost.set()

        async def pass_on(word: Msg) -> None:
            on_word(int(word.subject.rpartition(".")[2]))

        # A server that starts again has forgotten the stream, so everything is made anew rather than reconnected.
        client = await nats.connect(
            self._url,
            allow_reconnect=False,
            connect_timeout=_CONNECTING_SECONDS,
            disconnected_cb=note_loss,
            closed_cb=note_loss,
            error_cb=_note,
        )
        try:
            stream = client.jetstream()
            await stream.add_stream(
                StreamConfig(
                    STREAM,
                    subjects=[f"{SUBJECT}.*"],
                    max_msgs_per_subject=1,
                    storage=StorageType.MEMORY,
                    discard=DiscardPolicy.OLD,
                )
            )
            last = ConsumerConfig(deliver_policy=DeliverPolicy.LAST_PER_SUBJECT)
            await stream.subscribe(f"{SUBJECT}.*", cb=pass_on, ordered_consumer=True, config=last)
            self._client = client
            on_return()
            await lost.wait()
        finally:
            self._client = None
            with suppress(OSError, TimeoutError, Error):
                await client.close()


async def _note(error: Exception) -> None:
    _log.warning("jetstream.failed", error=repr(error))
