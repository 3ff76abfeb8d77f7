"""The product as a process of its own, with what stands around it: a mail server that receives, a GraphQL client, a
websocket client. Nothing here imports the server's rooms."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import sys
import threading
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol, Self

import httpx
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from websockets.asyncio.client import ClientConnection, connect

PARLEY = str(Path(sys.executable).with_name("parley"))
SECRET = "journeys-run-with-this-key-and-nothing-else-does"
# For a crowd that shares a client. A pool that closes what is idle may have lent it to the next request already
# (encode/httpcore#1110), which then breaks off although the server is well.
KEPT_OPEN = httpx.Limits(keepalive_expiry=None)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class MailReceiver:
    """A real SMTP server on loopback that keeps what it is given."""

    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []
        self._kept = threading.Condition()
        self.port = free_port()
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # aiosmtpd's name
        message = message_from_bytes(envelope.original_content or b"", policy=policy.SMTP)
        assert isinstance(message, EmailMessage)
        message["X-Envelope-To"] = ", ".join(envelope.rcpt_tos)
        with self._kept:
            self.messages.append(message)
            self._kept.notify_all()
        return "250 kept"

    def __enter__(self) -> Self:
        self._controller.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._controller.stop()

    async def receive(self, count: int, *, within: float = 20) -> list[EmailMessage]:
        """The messages, once there are `count` of them."""
        return await asyncio.to_thread(self._receive, count, within)

    def _receive(self, count: int, within: float) -> list[EmailMessage]:
        with self._kept:
            arrived = self._kept.wait_for(lambda: len(self.messages) >= count, timeout=within)
        assert arrived, f"{len(self.messages)} mails of {count} came within {within} s"
        return self.messages


class Running(Protocol):
    """A process, as far as it is looked at here."""

    @property
    def pid(self) -> int: ...

    @property
    def returncode(self) -> int | None: ...

    def send_signal(self, number: int, /) -> None: ...

    def terminate(self) -> None: ...

    async def wait(self) -> int: ...


class Parley:
    """`parley <words>` as a process with settings of its own."""

    def __init__(
        self, *words: str, database_url: str, port: int | None = None, smtp_port: int | None = None, **settings: str
    ) -> None:
        self.words = words
        self.port = port or free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("PARLEY_")},
            "PARLEY_DATABASE_URL": database_url,
            "PARLEY_PUBLIC_URL": self.url,
            "PARLEY_SECRET_KEY": SECRET,
            "PARLEY_SMTP_URL": f"smtp://127.0.0.1:{smtp_port}" if smtp_port else "",
            **{f"PARLEY_{name.upper()}": value for name, value in settings.items()},
        }
        self.process: Running | None = None

    async def start(self) -> None:
        """The process runs; a server has answered /health/ready."""
        words = [*self.words]
        if words[0] == "serve":
            words += ["--host", "127.0.0.1", "--port", str(self.port)]
        self.process = await self.begin(words)
        if words[0] == "serve":
            await self._answer()

    async def begin(self, words: Sequence[str]) -> Running:
        """The program has been started with these words."""
        quiet = asyncio.subprocess.DEVNULL
        return await asyncio.create_subprocess_exec(PARLEY, *words, env=self.environment, stdout=quiet, stderr=quiet)

    async def kill(self) -> None:
        """The process is gone at once, as after `kill -9`."""
        assert self.process is not None
        if self.process.returncode is None:
            self.process.send_signal(signal.SIGKILL)
        await self.process.wait()

    async def stop(self) -> int:
        """The process was asked to end and did, within ten seconds; its exit status."""
        assert self.process is not None
        if self.process.returncode is None:
            self.process.terminate()
        try:
            async with asyncio.timeout(10):
                return await self.process.wait()
        except TimeoutError:
            await self.kill()
            raise

    async def _answer(self) -> None:
        assert self.process is not None
        async with asyncio.timeout(40), httpx.AsyncClient() as client:
            while True:
                if self.process.returncode is not None:
                    raise AssertionError(f"parley {' '.join(self.words)} ended with {self.process.returncode}")
                try:
                    if (await client.get(f"{self.url}/health/ready")).status_code == 200:
                        return
                except httpx.HTTPError:
                    pass
                await asyncio.sleep(0.1)

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, kind: type[BaseException] | None, _: object, trace: TracebackType | None) -> None:
        if self.process is not None and self.process.returncode is None:
            await (self.kill() if kind else self.stop())


class GraphQL:
    """A client that speaks GraphQL over HTTP, as a phone does."""

    def __init__(self, url: str, token: str = "") -> None:
        self.url = url
        self.headers = {"Accept": "application/graphql-response+json"} | (
            {"Authorization": f"Bearer {token}"} if token else {}
        )

    async def send(self, query: str, **variables: Any) -> httpx.Response:
        body = {"query": query, "variables": variables}
        async with httpx.AsyncClient(timeout=30) as client:
            return await client.post(f"{self.url}/graphql", json=body, headers=self.headers)

    async def ask(self, query: str, **variables: Any) -> dict[str, Any]:
        """The data of an answer without errors."""
        answer = (await self.send(query, **variables)).json()
        assert "errors" not in answer, answer
        return dict(answer["data"])


class Subscriber:
    """One operation over graphql-transport-ws."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket

    async def next(self, *, within: float = 15) -> dict[str, Any]:
        """The next payload's data; pings are answered on the way."""
        async with asyncio.timeout(within):
            while True:
                message = json.loads(await self.socket.recv())
                if message["type"] == "ping":
                    await self.socket.send('{"type":"pong"}')
                elif message["type"] == "next":
                    assert "errors" not in message["payload"], message
                    return dict(message["payload"]["data"])
                elif message["type"] in ("error", "complete"):
                    raise AssertionError(message)

    async def silent(self, seconds: float) -> bool:
        """Whether nothing came for that long."""
        try:
            await self.next(within=seconds)
        except TimeoutError:
            return True
        return False


@asynccontextmanager
async def subscription(url: str, token: str, query: str, **variables: Any) -> AsyncIterator[Subscriber]:
    """A subscriber whose operation has been sent, signed in by `connection_init`."""
    address = url.replace("http://", "ws://") + "/graphql"
    async with connect(address, subprotocols=["graphql-transport-ws"]) as socket:  # type: ignore[list-item]  # a NewType over str
        await socket.send(json.dumps({"type": "connection_init", "payload": {"authorization": f"Bearer {token}"}}))
        assert json.loads(await socket.recv())["type"] == "connection_ack"
        payload = {"query": query, "variables": variables}
        await socket.send(json.dumps({"id": "1", "type": "subscribe", "payload": payload}))
        yield Subscriber(socket)


async def parley(*words: str, database_url: str) -> dict[str, Any]:
    """What a command of the program printed as JSON."""
    environment = Parley("doctor", database_url=database_url).environment
    process = await asyncio.create_subprocess_exec(
        PARLEY, *words, "--json", env=environment, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    out, complaints = await process.communicate()
    assert process.returncode == 0, complaints.decode()
    return dict(json.loads(out))
