"""What uvicorn's own protocol lacks: a time limit for headers, an end for streams and for deaf peers, and responses
that leave in one write."""

from __future__ import annotations

import asyncio
import re
from typing import Any

from starlette.types import Message, Send
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, RequestResponseCycle

from server.settings import Settings
from server.web.headers import Headers, head_of
from server.web.repeated import RepeatedRequests

BODY_IS_HERE = "body_is_here"
HEADER_SECONDS = 10.0
DEAF_SECONDS = 60.0
MOST_HEAD_BYTES = 64 * 1024
GRACE_SECONDS = 8
PING_SECONDS = 20.0
# As uvicorn has it, but for the ends of lines, which are counted.
_UNSOUND = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


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


def in_one_piece(send: Send) -> Send:
    """Sends as `send` does. Where that is uvicorn's own, a response of known length is written at once, and its headers
    are looked at together."""
    cycle: Any = getattr(send, "__self__", None)
    if cycle.__class__ is not RequestResponseCycle:
        return send
    begun: Message | None = None

    async def joined(message: Message) -> None:
        nonlocal begun
        if message["type"] == "http.response.start" and any(
            name == b"content-length" for name, _ in message["headers"]
        ):
            begun = message
            return
        start, begun = begun, None
        if start is not None and not message.get("more_body") and _is_plain(cycle):
            head, body = head_of(start["headers"]), message["body"]
            if _is_sound(head, start["headers"], body):
                _write(cycle, start["status"], head, body)
                return
        if start is not None:
            await send(start)
        await send(message)

    return joined


async def send_again(send: Send, status: int, known: Headers, head: bytes, own: Headers, body: bytes) -> None:
    """A response that was sent before leaves once more. `head` is what its `known` headers are over the wire, so that
    nobody need look at each of them again; `own` headers are of this request only, and well formed."""
    cycle: Any = getattr(send, "__self__", None)
    if cycle.__class__ is RequestResponseCycle and _is_plain(cycle):
        _write(cycle, status, head + head_of(own), body)
        return
    await send({"type": "http.response.start", "status": status, "headers": [*known, *own]})
    await send({"type": "http.response.body", "body": body})


def _is_plain(cycle: Any) -> bool:
    """Whether the response may be written at once and says nothing about its connection."""
    is_open = cycle.keep_alive and not cycle.disconnected and not cycle.flow.write_paused
    return bool(is_open and not cycle.response_started and cycle.scope["method"] != "HEAD")


def _is_sound(head: bytes, headers: Headers, body: bytes) -> bool:
    """Whether the headers are what they seem, and uvicorn would have nothing to say; their names are ours."""
    said, lines = dict(headers), len(headers)
    is_whole = said[b"content-length"] == b"%d" % len(body) and b"connection" not in said
    return is_whole and head.count(b"\r") == head.count(b"\n") == lines and _UNSOUND.search(head) is None


def _write(cycle: Any, status: int, head: bytes, body: bytes) -> None:
    parts = (STATUS_LINE[status], head_of(cycle.default_headers), head, b"\r\n", body)
    cycle.transport.write(b"".join(parts))
    cycle.response_started = cycle.response_complete = True
    cycle.waiting_for_100_continue = False
    cycle.message_event.set()
    cycle.on_response()


class HttpProtocol(RepeatedRequests):
    """HTTP/1.1 whose headers arrive within ten seconds and 64 kB (slow loris), and whose streams end at shutdown."""

    _patience: asyncio.TimerHandle | None = None
    _deaf: asyncio.TimerHandle | None = None
    _is_in_head = False
    _head_bytes = 0

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self._is_in_head:
            self._wait_for_headers()
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
        # Nearly all headers are here when this piece of data ends; only then is it known whether to wait for more.
        self._is_in_head = True

    def on_headers_complete(self) -> None:
        self._is_in_head = False
        self.stop_waiting()
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        # Nearly every request comes in one piece. Then its body is here before the app is asked, and nobody need watch
        # how long it takes.
        self.scope[BODY_IS_HERE] = True  # type: ignore[literal-required]  # of ours, beside what ASGI knows
        super().on_message_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        self.stop_waiting()
        if self._deaf is not None:
            self._deaf.cancel()
        super().connection_lost(exc)

    def shutdown(self) -> None:
        announce(self.app_state)
        super().shutdown()

    def _wait_for_headers(self) -> None:
        if self._patience is None:
            self._patience = self.loop.call_later(HEADER_SECONDS, self.transport.abort)

    def stop_waiting(self) -> None:
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None
        self._head_bytes = 0
