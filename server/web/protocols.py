"""What uvicorn's own protocol lacks: a time limit for headers, an end for streams and for deaf peers."""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from server.settings import Settings

BODY_IS_HERE = "body_is_here"
HEADER_SECONDS = 10.0
DEAF_SECONDS = 60.0
MOST_HEAD_BYTES = 64 * 1024
GRACE_SECONDS = 8
PING_SECONDS = 20.0


def uvicorn_options(settings: Settings) -> dict[str, Any]:
    """How uvicorn is to be run: `uvicorn.Config(app, host=..., port=..., **uvicorn_options(settings))`.

    Frames are small, so permessage-deflate would only double their cost and the memory of idle sockets.
    """
    return {
        "http": "server.web.protocols:HttpProtocol",
        "ws": "server.web.socket_protocol:SocketProtocol",
        "ws_max_size": settings.limit_body_bytes,
        "ws_ping_interval": PING_SECONDS,
        "ws_ping_timeout": PING_SECONDS,
        "ws_per_message_deflate": False,
        "forwarded_allow_ips": list(settings.trusted_proxies),
        "timeout_keep_alive": 30,
        "timeout_graceful_shutdown": GRACE_SECONDS,
        "lifespan": "on",
        "access_log": False,
        "server_header": False,
        "log_config": None,
    }


def announce(app_state: dict[str, Any]) -> None:
    """Whoever streams is told that the server is about to stop."""
    going_away = app_state.get("going_away")
    if isinstance(going_away, asyncio.Event):
        going_away.set()


class HttpProtocol(HttpToolsProtocol):
    """HTTP/1.1 whose headers arrive within ten seconds and 64 kB (slow loris), and whose streams end at shutdown."""

    _patience: asyncio.TimerHandle | None = None
    _deaf: asyncio.TimerHandle | None = None
    _head_bytes = 0

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self._patience is not None:
            self._head_bytes += len(data)
            if self._head_bytes > MOST_HEAD_BYTES:
                self.transport.abort()

    def pause_writing(self) -> None:
        super().pause_writing()
        self._deaf = self.loop.call_later(DEAF_SECONDS, self.transport.abort)

    def resume_writing(self) -> None:
        super().resume_writing()
        if self._deaf is not None:
            self._deaf.cancel()

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        super().connection_made(transport)
        self._wait_for_headers()

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._wait_for_headers()

    def on_headers_complete(self) -> None:
        self._stop_waiting()
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        # Nearly every request comes in one piece. Then its body is here before the app is asked, and nobody need watch
        # how long it takes.
        self.scope[BODY_IS_HERE] = True  # type: ignore[literal-required]  # of ours, beside what ASGI knows
        super().on_message_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()
        if self._deaf is not None:
            self._deaf.cancel()
        super().connection_lost(exc)

    def shutdown(self) -> None:
        announce(self.app_state)
        super().shutdown()

    def _wait_for_headers(self) -> None:
        if self._patience is None:
            self._patience = self.loop.call_later(HEADER_SECONDS, self.transport.abort)

    def _stop_waiting(self) -> None:
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None
        self._head_bytes = 0
