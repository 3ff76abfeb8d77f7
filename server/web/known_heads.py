"""Requests that begin as one that came before: their head was read then, and only the body is new.

A client says the same of each of its requests, who it is and what it takes; only their lengths differ."""

from __future__ import annotations

import asyncio
import re
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

HEAD = "head"
"""Where in the scope a `Head` stands, of a request that came by itself and in one piece."""
_MOST_HEADS = 4_000
_MOST_BYTES = 2 * 1024
_KNOWN = "known_heads"
_OWN_TO_EACH = frozenset({"client", "headers", "scheme", "server", "state"})
# As clients write it. Whatever is written otherwise is read the long way, and never known.
_LENGTH = re.compile(rb"\r\n[Cc]ontent-[Ll]ength: (\d{1,9})\r\n")


class Head:
    """What the head of a request says, its length left open. `meaning` is what the app made of it: the same for all
    requests that begin so."""

    __slots__ = ("headers", "length_at", "meaning", "scope")

    def __init__(self, scope: dict[str, Any], headers: list[tuple[bytes, bytes]], length_at: int) -> None:
        self.scope = {name: value for name, value in scope.items() if name not in _OWN_TO_EACH}
        self.scope[HEAD] = self
        self.headers, self.length_at = headers, length_at
        self.meaning: Any = None


class KnownHeads(HttpToolsProtocol):
    """Begins whole requests whose head is known without the parser, which stands between two requests then."""

    def begin_as_known(self, data: bytes) -> bool:
        """Whether the request was begun so. `data` is all that came, on a connection with nothing under way."""
        known, length, end = _opened(data)
        head = self._heads().get(known) if known else None
        if head is None:
            return False
        self._unset_keepalive_if_required()
        self.headers = head.headers.copy()
        self.headers[head.length_at] = (b"content-length", length)
        own = {
            "client": self.client,
            "headers": self.headers,
            "scheme": self.scheme,
            "server": self.server,
            "state": self.app_state.copy(),
        }
        scope: Any = head.scope | own
        self.scope, self.expect_100_continue = scope, False
        self.cycle = RequestResponseCycle(
            scope=scope,
            transport=self.transport,
            flow=self.flow,
            logger=self.logger,
            access_logger=self.access_logger,
            access_log=self.access_log,
            default_headers=self.server_state.default_headers,
            message_event=asyncio.Event(),
            expect_100_continue=False,
            keep_alive=True,
            on_response=self.on_response_complete,
        )
        self.cycle.body += data[end:]
        self.cycle.more_body = False
        self.cycle.message_event.set()
        self._start_asgi_task(self.cycle, self.app)
        return True

    def learn(self, data: bytes) -> None:
        """From here on a request that begins as this one is known. This one has been read, came in one piece, and says
        nothing about its connection."""
        known, _, _ = _opened(data)
        names = [name for name, _ in self.headers]
        if not known or names.count(b"content-length") != 1 or not {b"transfer-encoding", b"upgrade"}.isdisjoint(names):
            return
        heads = self._heads()
        if len(heads) >= _MOST_HEADS:
            # Whoever came first goes first: strangers can bring any number.
            del heads[next(iter(heads))]
        scope: Any = self.scope
        scope[HEAD] = heads[known] = Head(scope, self.headers.copy(), names.index(b"content-length"))

    def _heads(self) -> dict[bytes, Head]:
        heads: dict[bytes, Head] = self.app_state.setdefault(_KNOWN, {})
        return heads


def _opened(data: bytes) -> tuple[bytes, bytes, int]:
    """The head without the figures of its length, these, and where the body begins; an empty head where the length is
    not that of the body."""
    end = data.find(b"\r\n\r\n") + 4
    found = _LENGTH.search(data, 0, min(end, _MOST_BYTES))
    if found is None or end > _MOST_BYTES or found[1] != b"%d" % (len(data) - end):
        return b"", b"", end
    return data[: found.start(1)] + data[found.end(1) : end], found[1], end
