"""The two dialects of GraphQL over a websocket: graphql-transport-ws, and graphql-ws as Apollo Kotlin speaks it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson


class SocketClosed(Exception):
    """The connection is to be closed with this code; the reason is for whoever reads the client's log."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Heard:
    """One message of the client: what it wants in the words of graphql-transport-ws, for which operation, with what."""

    kind: str
    id: str = ""
    payload: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Subprotocol:
    """How one dialect names its messages. `heard` maps its words to those of graphql-transport-ws."""

    name: str
    heard: Mapping[str, str]
    next: str
    heartbeat: str
    errors_are_a_list: bool

    def read(self, text: str | None) -> Heard:
        """The message in a frame; a frame that holds none closes the connection with 4400."""
        if text is None:
            raise SocketClosed(4400, "Messages must be text")
        try:
            given = orjson.loads(text)
        except orjson.JSONDecodeError:
            raise SocketClosed(4400, "Messages must be JSON") from None
        if not isinstance(given, dict):
            raise SocketClosed(4400, "Messages must be JSON objects")
        return self._understood(given)

    def next_message(self, id: str, body: bytes) -> str:
        """One response of an operation that may have more."""
        return f"{self.next_head(id).decode()}{body.decode()}}}"

    def next_head(self, id: str) -> bytes:
        """How each such message of an operation begins: the response follows, and a closing brace."""
        return f'{{"id":{_json(id)},"type":"{self.next}","payload":'.encode()

    def error_message(self, id: str, errors: Sequence[Mapping[str, Any]]) -> str:
        """The end of an operation that failed; it takes no other operation with it."""
        payload = orjson.dumps(errors if self.errors_are_a_list else errors[0]).decode()
        return f'{{"id":{_json(id)},"type":"error","payload":{payload}}}'

    def complete_message(self, id: str) -> str:
        """The end of an operation."""
        return f'{{"id":{_json(id)},"type":"complete"}}'

    def _understood(self, given: Mapping[str, Any]) -> Heard:
        said = given.get("type")
        kind = self.heard.get(said) if isinstance(said, str) else None
        if kind is None:
            raise SocketClosed(4400, "Unknown message type")
        id = given.get("id", "")
        if kind in ("subscribe", "complete") and (not isinstance(id, str) or not 1 <= len(id) <= 255):
            raise SocketClosed(4400, "The id must be a string of 1 to 255 characters")
        return Heard(kind, id if isinstance(id, str) else "", _payload(kind, given.get("payload")))


def _payload(kind: str, given: Any) -> Mapping[str, Any]:
    if given is None and kind != "subscribe":
        return {}
    if not isinstance(given, dict):
        raise SocketClosed(4400, "The payload must be a JSON object")
    return given


def _json(text: str) -> str:
    return orjson.dumps(text).decode()


_TRANSPORT = ("connection_init", "ping", "pong", "subscribe", "complete")

TRANSPORT_WS = Subprotocol(
    "graphql-transport-ws", {word: word for word in _TRANSPORT}, "next", '{"type":"ping"}', errors_are_a_list=True
)
LEGACY_WS = Subprotocol(
    "graphql-ws",
    {
        "connection_init": "connection_init",
        "start": "subscribe",
        "stop": "complete",
        "connection_terminate": "terminate",
    },
    "data",
    '{"type":"ka"}',
    errors_are_a_list=False,
)


def spoken(offered: Sequence[str]) -> Subprotocol | None:
    """The dialect to speak with a client that offers these, the current one first."""
    return next((one for one in (TRANSPORT_WS, LEGACY_WS) if one.name in offered), None)
