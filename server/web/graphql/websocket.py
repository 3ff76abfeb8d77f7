"""The ASGI app behind `/graphql` for websockets: which sockets there are, and that they end with the server."""

from __future__ import annotations

import asyncio

from starlette.datastructures import Headers
from starlette.types import Receive, Scope, Send

from server.web.graphql.cross_site import is_allowed_origin
from server.web.graphql.operations import Operations
from server.web.graphql.socket import Socket
from server.web.graphql.subprotocols import SocketClosed, spoken


class WebsocketDoor:
    """Lets sockets in. One task watches for the end of the server, however many there are."""

    def __init__(self, operations: Operations) -> None:
        self._operations = operations
        self._sockets: set[Socket] = set()
        self._watching: asyncio.Task[None] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one socket to its end; a page of a foreign origin is refused before there is one."""
        await receive()
        origin = Headers(scope=scope).get("origin")
        if origin is not None and not is_allowed_origin(origin, self._operations.settings):
            await send({"type": "websocket.close", "code": 4403})
            return
        dialect = spoken(scope.get("subprotocols", ()))
        await send({"type": "websocket.accept", "subprotocol": dialect.name if dialect else None})
        if dialect is None:
            await send({"type": "websocket.close", "code": 4406, "reason": "Subprotocol not acceptable"})
            return
        await self._serve(Socket(self._operations, dialect, scope, receive, send))

    async def _serve(self, socket: Socket) -> None:
        self._sockets.add(socket)
        if self._watching is None or self._watching.done():
            self._watching = asyncio.create_task(self._leave_with_server(), name="websockets: going away")
        try:
            await socket.serve()
        finally:
            self._sockets.discard(socket)
            if not self._sockets:
                self._watching.cancel()

    async def _leave_with_server(self) -> None:
        await self._operations.going_away.wait()
        for socket in list(self._sockets):
            socket.close(SocketClosed(1001, "Going away"))
