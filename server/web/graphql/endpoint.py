"""`/graphql` as one ASGI app: a socket, a stream or a plain answer, as the client asks."""

from __future__ import annotations

from starlette.types import Receive, Scope, Send

from server.web.graphql.http import HttpDoor
from server.web.graphql.operations import Operations
from server.web.graphql.single_connection import SingleConnectionDoor
from server.web.graphql.websocket import WebsocketDoor

PATH = "/graphql"
STREAM_PATH = "/graphql/stream"


class GraphqlEndpoint:
    """Every transport over the same operations."""

    def __init__(self, operations: Operations) -> None:
        self.operations = operations
        self._http = HttpDoor(operations)
        self._single = SingleConnectionDoor(operations, self._http)
        self._websocket = WebsocketDoor(operations)

    def serves(self, scope: Scope) -> bool:
        """Whether the request is for this endpoint."""
        return scope["type"] in ("http", "websocket") and scope["path"] in (PATH, STREAM_PATH)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request or serve one socket."""
        if scope["type"] == "websocket":
            await self._websocket(scope, receive, send)
        elif scope["path"] == STREAM_PATH:
            await self._single(scope, receive, send)
        else:
            await self._http(scope, receive, send)
