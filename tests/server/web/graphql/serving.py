"""A real uvicorn on loopback, inside the test's own loop, so that a test may look at both ends."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import uvicorn
from starlette.types import ASGIApp
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from server.settings import Settings
from server.web.protocols import uvicorn_options


@asynccontextmanager
async def serving(app: ASGIApp, settings: Settings, **options: Any) -> AsyncIterator[tuple[str, uvicorn.Server]]:
    """The app answers at the address until the block ends."""
    given = {**uvicorn_options(settings), "lifespan": "off", **options}
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, **given))
    task = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110  # uvicorn offers a flag and no event
        await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"127.0.0.1:{port}", server
    finally:
        server.should_exit = True
        await task


def socket_to(place: str, *, subprotocol: str = "graphql-transport-ws", **options: Any) -> connect:
    """A websocket client for `place`, not yet connected."""
    return connect(f"ws://{place}/graphql", subprotocols=[subprotocol], proxy=None, **options)  # type: ignore[list-item]  # a NewType over str


async def close_code_of(socket: ClientConnection, *, within: float = 5) -> int | None:
    """How the server closed the socket, once it has; whatever it said before is read and forgotten."""
    async with asyncio.timeout(within):
        with suppress(ConnectionClosed):
            async for _ in socket:
                pass
        await socket.wait_closed()
    return socket.close_code
