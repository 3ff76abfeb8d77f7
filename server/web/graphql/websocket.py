"""One websocket: who is at its other end, and the operations that run over it."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from contextlib import aclosing, suppress
from typing import Any

import structlog
from starlette.datastructures import Headers
from starlette.types import Message, Receive, Scope, Send

from server import clock
from server.web.graphql.asking import asked_of
from server.web.graphql.caller import Caller
from server.web.graphql.cross_site import is_allowed_origin
from server.web.graphql.errors import as_graphql_error, error_list, is_passing, masked
from server.web.graphql.executor import StreamEnded
from server.web.graphql.operations import Operations, Prepared, too_many
from server.web.graphql.refusals import RequestRefused
from server.web.graphql.subprotocols import LEGACY_WS, Heard, SocketClosed, Subprotocol, spoken

INIT_SECONDS = 10.0
HEARTBEAT_SECONDS = 25.0
PATIENCE_SECONDS = 10.0
MOST_OPERATIONS = 100

_log = structlog.get_logger("parley.graphql")


class WebsocketDoor:
    """The ASGI app behind `/graphql` for websockets."""

    def __init__(self, operations: Operations) -> None:
        self._operations = operations

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
        await Socket(self._operations, dialect, scope, receive, send).serve()


class Socket:
    """A connection from its first message to its close code."""

    def __init__(
        self, operations: Operations, dialect: Subprotocol, scope: Scope, receive: Receive, send: Send
    ) -> None:
        self._operations = operations
        self._dialect = dialect
        self._scope = scope
        self._receive = receive
        self._send = send
        self._caller: Caller | None = None
        self._authorization: str | None = None
        self._is_greeted = asyncio.Event()
        self._running: dict[str, asyncio.Task[None]] = {}
        self._end: asyncio.Future[SocketClosed | None] = asyncio.get_running_loop().create_future()

    async def serve(self) -> None:
        """Read, answer and beat until either side ends it; nothing of it is left running then."""
        lives = (self._read(), self._keep_alive(), self._leave_with_server())
        tasks = [asyncio.create_task(self._guarded(life)) for life in lives]
        try:
            closed = await self._end
        finally:
            await _ended(*tasks, *self._running.values())
        if closed is not None:
            await self._say_goodbye(closed)

    async def _guarded(self, life: Coroutine[Any, Any, None]) -> None:
        """Whatever ends `life` ends the socket with the right code."""
        try:
            await life
        except SocketClosed as closed:
            self._close(closed)
        except Exception as error:  # noqa: BLE001  # the peer is told a code and the log the rest, not a bare 1006
            masked(error)
            passing = is_passing(error)
            self._close(SocketClosed(1013, "Try again later") if passing else SocketClosed(1011, "Internal error"))

    async def _leave_with_server(self) -> None:
        await self._operations.going_away.wait()
        raise SocketClosed(1001, "Going away")

    async def _read(self) -> None:
        while (message := await self._receive())["type"] != "websocket.disconnect":
            await self._hear(self._dialect.read(message.get("text")))
        self._close(None)

    async def _hear(self, heard: Heard) -> None:
        if heard.kind == "connection_init":
            await self._greet(heard)
        elif heard.kind == "ping":
            await self._say('{"type":"pong"}')
        elif heard.kind == "subscribe":
            await self._start(heard)
        elif heard.kind == "complete":
            await self._stop(heard.id)
        elif heard.kind == "terminate":
            raise SocketClosed(1000, "Terminated")

    async def _greet(self, heard: Heard) -> None:
        if self._caller is not None:
            raise SocketClosed(4429, "Too many initialisation requests")
        given = heard.payload.get("authorization") or heard.payload.get("Authorization")
        if given is not None and not isinstance(given, str):
            raise SocketClosed(4400, "authorization must be a string")
        self._authorization = given
        self._caller = await self._proven()
        await self._say('{"type":"connection_ack"}')
        if self._dialect is LEGACY_WS:
            await self._say(self._dialect.heartbeat)
        self._is_greeted.set()

    async def _proven(self) -> Caller:
        """The caller as of now; a token that is wrong or has ended closes the socket with 4403."""
        try:
            return await self._operations.caller(self._scope, self._authorization)
        except RequestRefused as refusal:
            if self._dialect is LEGACY_WS and self._caller is None:
                await self._say('{"type":"connection_error","payload":{"message":"Forbidden"}}')
            raise SocketClosed(4403, "Forbidden") from refusal

    async def _start(self, heard: Heard) -> None:
        if self._caller is None:
            raise SocketClosed(4401, "Unauthorized")
        if heard.id in self._running:
            raise SocketClosed(4409, f"Subscriber for {heard.id[:80]} already exists")
        caller = self._caller = await self._proven()
        try:
            prepared = self._allowed(heard, caller)
        except RequestRefused as refusal:
            await self._say(self._dialect.error_message(heard.id, refusal.errors()))
            return
        task = asyncio.create_task(self._run(heard.id, prepared, caller))
        self._running[heard.id] = task
        task.add_done_callback(lambda done: self._forget(heard.id, done))

    def _allowed(self, heard: Heard, caller: Caller) -> Prepared:
        allowance = self._operations.rates.take(*caller.limit)
        if allowance.is_exceeded:
            raise too_many("Too many requests.", allowance.headers())
        if len(self._running) >= MOST_OPERATIONS:
            raise RequestRefused(f"One socket carries at most {MOST_OPERATIONS} operations.", code="RATE_LIMITED")
        return self._operations.prepared(asked_of(heard.payload), caller)

    async def _run(self, id: str, prepared: Prepared, caller: Caller) -> None:
        dialect = self._dialect
        _log.info("graphql.started", operation=prepared.operation.name, kind=prepared.operation.kind)
        try:
            if prepared.operation.kind == "subscription":
                async with aclosing(self._operations.follow(prepared, caller)) as answers:
                    async for answer in answers:
                        await self._say(dialect.next_message(id, answer.body))
            else:
                answer = await self._operations.answer(prepared, caller)
                await self._say(dialect.next_message(id, answer.body))
        except StreamEnded as ended:
            await self._say(dialect.error_message(id, ended.errors))
        except Exception as error:  # noqa: BLE001  # one bad operation must not take the others down
            await self._say(dialect.error_message(id, error_list([as_graphql_error(error)])))
        else:
            await self._say(dialect.complete_message(id))

    async def _stop(self, id: str) -> None:
        task = self._running.get(id)
        if task is not None:
            await _ended(task)
            if self._dialect is LEGACY_WS:
                await self._say(self._dialect.complete_message(id))

    def _forget(self, id: str, task: asyncio.Task[None]) -> None:
        if self._running.get(id) is task:
            del self._running[id]

    async def _keep_alive(self) -> None:
        """Close a socket that never says who it is, or whose token ends; beat for the proxies between."""
        try:
            async with asyncio.timeout(INIT_SECONDS):
                await self._is_greeted.wait()
        except TimeoutError:
            raise SocketClosed(4408, "Connection initialisation timeout") from None
        while True:
            await asyncio.sleep(self._until_next_beat())
            self._caller = await self._proven()
            await self._say(self._dialect.heartbeat)

    def _until_next_beat(self) -> float:
        viewer = self._caller.viewer if self._caller else None
        if viewer is None or viewer.expires_at is None:
            return HEARTBEAT_SECONDS
        left = (viewer.expires_at - clock.now()).total_seconds()
        return min(HEARTBEAT_SECONDS, max(left, 0.0) + 0.5)

    async def _say(self, text: str) -> None:
        """The message is with the network; a client that does not read for ten seconds is closed with 1013.

        It may come back and resume by its cursor. The server's own send buffer is the bound on what waits for it.
        """
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                await self._send({"type": "websocket.send", "text": text})
        except TimeoutError:
            self._close(SocketClosed(1013, "Too slow"))
        except OSError:
            # The client is gone; the reader hears of it too and ends the socket.
            return

    def _close(self, closed: SocketClosed | None) -> None:
        if not self._end.done():
            self._end.set_result(closed)

    async def _say_goodbye(self, closed: SocketClosed) -> None:
        message: Message = {"type": "websocket.close", "code": closed.code, "reason": closed.reason}
        with suppress(TimeoutError, OSError, RuntimeError):
            async with asyncio.timeout(PATIENCE_SECONDS):
                await self._send(message)
        _log.info("graphql.socket_closed", code=closed.code, reason=closed.reason)


async def _ended(*tasks: asyncio.Task[None]) -> None:
    """The tasks are cancelled and have come to their end."""
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
