"""Requests that are, byte for byte, one that came before: they need not be read to be answered once more."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any, NamedTuple, Protocol

from uvicorn.protocols.http.httptools_impl import STATUS_LINE

from server.web.headers import head_of
from server.web.known_heads import KnownHeads

IN_ONE_PIECE = "in_one_piece"
"""Where in the scope the whole of a request stands, if it came by itself and in one piece."""
MOST_BYTES = 8 * 1024
_KNOWN_BY = "repeats"

Write = Callable[[int, bytes, bytes], None]
"""Sends status, the lines of the headers, and body."""


class Repeats(Protocol):
    """Knows requests by their bytes, and what was answered."""

    def given(self, request: bytes) -> Any:
        """What was answered to just these bytes; None if they are new, or not to be answered so."""

    async def again(self, given: Any, write: Write) -> None:
        """It is written, if it is still the answer."""


class Piece(NamedTuple):
    """The bytes of a request, and what its server keeps for all of its connections."""

    request: bytes
    app_state: dict[str, Any]

    def is_known_by(self, repeats: Repeats) -> None:
        """From here on `repeats` is asked before a request is read."""
        self.app_state[_KNOWN_BY] = repeats


class RepeatedRequests(KnownHeads):
    """Asks first whether a request is known. What comes while the answer is looked for waits for its turn, as do the
    end of the connection and that of the server."""

    _begun = 0
    _is_between = True
    _is_asking = False
    _is_written = False
    _is_to_end = False

    def __init__(self, *given: Any, **options: Any) -> None:
        super().__init__(*given, **options)
        self._held: list[bytes] = []

    def data_received(self, data: bytes) -> None:
        if self._is_asking:
            self._held.append(data)
            self.flow.pause_reading()
            return
        may_be_whole = len(data) <= MOST_BYTES and self._is_at_rest()
        repeats: Repeats | None = self.app_state.get(_KNOWN_BY) if may_be_whole else None
        given = repeats.given(data) if repeats is not None else None
        if repeats is None or given is None:
            self._read(data, may_be_whole)
            return
        self._unset_keepalive_if_required()
        self.stop_waiting()
        self._is_asking, self._is_written = True, False
        task = self.loop.create_task(self._answer_again(repeats, given, data))
        task.add_done_callback(self.tasks.discard)
        self.tasks.add(task)

    def on_message_begin(self) -> None:
        self._begun += 1
        self._is_between = False
        super().on_message_begin()

    def on_message_complete(self) -> None:
        self._is_between = True
        super().on_message_complete()

    def shutdown(self) -> None:
        if self._is_asking:
            self._is_to_end = True
        else:
            super().shutdown()

    def stop_waiting(self) -> None:
        """Nobody waits for headers any more: they are here."""

    def _is_at_rest(self) -> bool:
        is_answered = self.cycle is None or self.cycle.response_complete
        is_open = not self.flow.write_paused and not self.transport.is_closing()
        return self._is_between and is_answered and is_open

    def _read(self, data: bytes, may_be_whole: bool) -> None:
        if may_be_whole and self.begin_as_known(data):
            self.stop_waiting()
        else:
            self._begun = 0
            super().data_received(data)
            if not (may_be_whole and self._begun == 1 and self._is_between and self._is_plain()):
                return
            self.learn(data)
        self.scope[IN_ONE_PIECE] = Piece(data, self.app_state)  # type: ignore[literal-required]  # of ours

    def _is_plain(self) -> bool:
        """Whether the request that was read says nothing about its connection, and has a body in its answer."""
        cycle = self.cycle
        is_ours = cycle is not None and cycle.scope is self.scope and cycle.keep_alive
        return is_ours and not self.expect_100_continue and self.scope["method"] != "HEAD"

    async def _answer_again(self, repeats: Repeats, given: Any, request: bytes) -> None:
        with suppress(Exception):
            # Whatever it was, the long way meets it too, and tells it.
            await repeats.again(given, self._write_again)
        self._is_asking = False
        if self.transport.is_closing():
            return
        if self._is_written:
            self.on_response_complete()
        else:
            self._read(request, may_be_whole=True)
        self._go_on()

    def _go_on(self) -> None:
        if self._is_to_end:
            super().shutdown()
            return
        held, self._held = self._held, []
        for data in held:
            self.data_received(data)

    def _write_again(self, status: int, head: bytes, body: bytes) -> None:
        self._is_written = True
        if not self.transport.is_closing():
            last = b"connection: close\r\n" if self._is_to_end else b""
            parts = (STATUS_LINE[status], head_of(self.server_state.default_headers), head, last, b"\r\n", body)
            self.transport.write(b"".join(parts))
