"""One websocket: who is at its other end, and the operations that run over it."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from contextlib import aclosing, suppress
from typing import Any

import structlog
from starlette.types import Message, Receive, Scope, Send

from server import clock
from server.web.fan_out.group import Group
from server.web.graphql.asking import asked_of
from server.web.graphql.caller import Caller
from server.web.graphql.errors import as_graphql_error, error_list, is_passing, masked
from server.web.graphql.executor import Followed, StreamEnded
from server.web.graphql.line import PATIENCE_SECONDS, Line
from server.web.graphql.operations import Operations, Prepared, too_many
from server.web.graphql.refusals import RequestRefused
from server.web.graphql.subprotocols import LEGACY_WS, Heard, SocketClosed, Subprotocol
from server.web.graphql.subscriber import Subscriber

INIT_SECONDS = 10.0
HEARTBEAT_SECONDS = 25.0
MOST_OPERATIONS = 100

_LATER = SocketClosed(1013, "Try again later")
_log = structlog.get_logger("parley.graphql")


class Socket:
    """A connection from its first message to its close code.

    While nothing happens it is one task that waits for the client, and a timer."""

    __slots__ = (
        "_authorization",
        "_beat",
        "_beating",
        "_caller",
        "_closed",
        "_dialect",
        "_line",
        "_operations",
        "_patience",
        "_receive",
        "_running",
        "_scope",
        "_send",
        "_subscribers",
    )

    def __init__(
        self, operations: Operations, dialect: Subprotocol, scope: Scope, receive: Receive, send: Send
    ) -> None:
        self._operations, self._dialect = operations, dialect
        self._scope, self._receive, self._send = scope, receive, send
        self._line = Line(scope, send, lambda: self.close(SocketClosed(1013, "Too slow")))
        self._caller: Caller | None = None
        self._authorization: str | None = None
        self._closed: SocketClosed | None = None
        self._patience: asyncio.Timeout | None = None
        self._beat: asyncio.TimerHandle | None = None
        self._beating: asyncio.Task[None] | None = None
        self._running: dict[str, asyncio.Task[None]] = {}
        self._subscribers: dict[str, tuple[Group, Subscriber]] = {}

    async def serve(self) -> None:
        """Read, answer and beat until either side ends it; nothing of it is left running then."""
        try:
            await self._guarded(self._listen())
        finally:
            await self._tidy_up()
        if self._closed is not None:
            await self._say_goodbye(self._closed)

    def close(self, closed: SocketClosed) -> None:
        """The socket ends with this code, unless it has ended already."""
        if self._closed is None:
            self._closed = closed
            if self._patience is not None and not self._patience.expired():
                self._patience.reschedule(0.0)

    async def _listen(self) -> None:
        """Hears the client until it leaves or the socket is closed; one that never says who it is is closed."""
        patience = self._patience = asyncio.timeout(0 if self._closed else INIT_SECONDS)
        try:
            async with patience:
                while await self._hear_next():
                    pass
        except TimeoutError:
            if not patience.expired():
                raise
            self.close(SocketClosed(4408, "Connection initialisation timeout"))
        finally:
            self._patience = None

    async def _guarded(self, life: Coroutine[Any, Any, None]) -> None:
        """Whatever ends `life` ends the socket with the right code."""
        try:
            await life
        except SocketClosed as closed:
            self.close(closed)
        except Exception as error:  # noqa: BLE001  # the peer is told a code and the log the rest, not a bare 1006
            masked(error)
            passing = is_passing(error)
            self.close(_LATER if passing else SocketClosed(1011, "Internal error"))

    async def _hear_next(self) -> bool:
        """False when the client has left. A call for each message, so that none is held in memory until the next."""
        message = await self._receive()
        if message["type"] == "websocket.disconnect":
            return False
        await self._hear(self._dialect.read(message.get("text")))
        return True

    async def _hear(self, heard: Heard) -> None:
        if heard.kind == "connection_init":
            await self._greet(heard)
        elif heard.kind == "ping":
            await self._line.say('{"type":"pong"}')
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
        await self._line.say('{"type":"connection_ack"}')
        if self._dialect is LEGACY_WS:
            await self._line.say(self._dialect.heartbeat)
        if self._patience is not None and self._closed is None:
            self._patience.reschedule(None)
        self._await_beat()

    async def _proven(self) -> Caller:
        """The caller as of now; a token that is wrong or has ended closes the socket with 4403."""
        try:
            return await self._operations.caller(self._scope, self._authorization)
        except RequestRefused as refusal:
            if self._dialect is LEGACY_WS and self._caller is None:
                await self._line.say('{"type":"connection_error","payload":{"message":"Forbidden"}}')
            raise SocketClosed(4403, "Forbidden") from refusal

    async def _start(self, heard: Heard) -> None:
        if self._caller is None:
            raise SocketClosed(4401, "Unauthorized")
        if heard.id in self._running or heard.id in self._subscribers:
            raise SocketClosed(4409, f"Subscriber for {heard.id[:80]} already exists")
        caller = self._caller = await self._proven()
        try:
            prepared = self._allowed(heard, caller)
        except RequestRefused as refusal:
            await self._line.say(self._dialect.error_message(heard.id, refusal.errors()))
            return
        _log.info("graphql.started", operation=prepared.operation.name, kind=prepared.operation.kind)
        followed = self._operations.followed(prepared, caller)
        if followed is None:
            self._begin(heard.id, self._run(heard.id, prepared, caller))
        else:
            self._begin(heard.id, self._catch_up(heard.id, *self._joined(heard.id, followed, caller)))

    def _allowed(self, heard: Heard, caller: Caller) -> Prepared:
        allowance = self._operations.rates.take(*caller.limit)
        if allowance.is_exceeded:
            raise too_many("Too many requests.", allowance.headers())
        if len(self._running.keys() | self._subscribers.keys()) >= MOST_OPERATIONS:
            raise RequestRefused(f"One socket carries at most {MOST_OPERATIONS} operations.", code="RATE_LIMITED")
        return self._operations.prepared(asked_of(heard.payload), caller)

    def _begin(self, id: str, run: Coroutine[Any, Any, None]) -> None:
        task = self._running[id] = asyncio.create_task(run)
        task.add_done_callback(lambda done: self._forget(id, done))

    def _joined(self, id: str, followed: Followed, caller: Caller) -> tuple[Group, Subscriber]:
        head = self._dialect.next_head(id)
        member = Subscriber(
            caller.viewer,
            followed.after,
            head,
            self._line,
            lose_standing=lambda: self.close(SocketClosed(4403, "Forbidden")),
            fail=lambda error: self._fail(id, error),
        )
        joined = self._subscribers[id] = self._operations.groups.enter(followed, member), member
        return joined

    async def _catch_up(self, id: str, group: Group, member: Subscriber) -> None:
        """The subscriber has been told what it missed, and hears from here on what happens."""
        try:
            async with aclosing(group.missed(member)) as missed:
                async for told in missed:
                    if not member.hear(told):
                        return
                    await self._line.cleared()
        except Exception as error:  # noqa: BLE001  # one bad operation must not take the others down
            self._fail(id, error)

    def _fail(self, id: str, error: Exception) -> None:
        if is_passing(error):
            # To a client an error is the end of its operation; from a closed socket it comes back by itself.
            self.close(_LATER)
        elif self._left(id):
            self._line.put_text(self._dialect.error_message(id, error_list([as_graphql_error(error)])))

    def _left(self, id: str) -> bool:
        group, member = self._subscribers.pop(id, (None, None))
        if group is None or member is None:
            return False
        self._operations.groups.leave(group, member)
        return True

    async def _run(self, id: str, prepared: Prepared, caller: Caller) -> None:
        dialect = self._dialect
        try:
            if prepared.operation.kind == "subscription":
                async with aclosing(self._operations.follow(prepared, caller)) as answers:
                    async for answer in answers:
                        await self._line.say(dialect.next_message(id, answer.body))
            else:
                answer = await self._operations.answer(prepared, caller)
                await self._line.say(dialect.next_message(id, answer.body))
        except StreamEnded as ended:
            if all(error.get("extensions", {}).get("isRetryable") for error in ended.errors):
                self.close(_LATER)
            else:
                await self._line.say(dialect.error_message(id, ended.errors))
        except Exception as error:  # noqa: BLE001  # one bad operation must not take the others down
            await self._line.say(dialect.error_message(id, error_list([as_graphql_error(error)])))
        else:
            await self._line.say(dialect.complete_message(id))

    async def _stop(self, id: str) -> None:
        task = self._running.get(id)
        was_there = self._left(id) or task is not None
        if task is not None:
            await _ended(task)
        if was_there and self._dialect is LEGACY_WS:
            await self._line.say(self._dialect.complete_message(id))

    def _forget(self, id: str, task: asyncio.Task[None]) -> None:
        if self._running.get(id) is task:
            del self._running[id]

    def _await_beat(self) -> None:
        loop = asyncio.get_running_loop()
        self._beat = loop.call_later(self._until_next_beat(), self._begin_beat)

    def _begin_beat(self) -> None:
        self._beating = asyncio.create_task(self._go_on_beating())

    async def _go_on_beating(self) -> None:
        # Made in here: a task that is cancelled before its first step would leave it behind, never awaited.
        await self._guarded(self._prove_again())

    async def _prove_again(self) -> None:
        """The caller still is who they said they are; the proxies between see that the socket lives."""
        self._caller = await self._proven()
        await self._line.say(self._dialect.heartbeat)
        self._beating = None
        self._await_beat()

    def _until_next_beat(self) -> float:
        viewer = self._caller.viewer if self._caller else None
        if viewer is None or viewer.expires_at is None:
            return HEARTBEAT_SECONDS
        left = (viewer.expires_at - clock.now()).total_seconds()
        return min(HEARTBEAT_SECONDS, max(left, 0.0) + 0.5)

    async def _tidy_up(self) -> None:
        for id in list(self._subscribers):
            self._left(id)
        if self._beat is not None:
            self._beat.cancel()
        self._line.close()
        await _ended(*self._running.values(), *([self._beating] if self._beating else []))

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
